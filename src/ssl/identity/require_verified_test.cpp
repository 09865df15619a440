// SPDX-License-Identifier: Apache-2.0
// Every way that a handshake is known to end without a verified server. HandshakeWatch with
// require_verified closes each: the handshake fails, and in any case no data gets through.
#include <array>
#include <cstring>
#include <functional>
#include <ostream>

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <peercert/ssl/context.hpp>
#include <peercert/ssl/watch_handshakes.hpp>

#include "support/credential.hpp"
#include "support/foreign_pair.hpp"
#include "support/tls_pair.hpp"

namespace peercert::ssl {
namespace {

constexpr const char* kAnonymousCiphers = "ADH:AECDH:@SECLEVEL=0";
constexpr std::string_view kPskKey = "0123456789abcdef0123456789abcdef";

/// The contexts and the connection, before the handshake.
struct Setting {
  SSL_CTX* client_context;
  SSL_CTX* server_context;
  int version;
  ForeignPair* pair = nullptr;
};

struct Way {
  const char* name;
  /// What a library does to the contexts; before they are watched, and after.
  std::function<void(const Setting&)> before_watch{};
  std::function<void(const Setting&)> after_watch{};
  /// What it does to a connection.
  std::function<void(const Setting&)> to_connection{};
  int version = 0;          // 0: both
  bool is_trusted = false;  // whether the server's certificate is good

  friend std::ostream& operator<<(std::ostream& out, const Way& way) { return out << way.name; }
};

int accept_anything(X509_STORE_CTX* context, void*) {
  X509_STORE_CTX_set_error(context, X509_V_OK);
  return 1;
}
int override_errors(int, X509_STORE_CTX*) { return 1; }
void own_info(const SSL*, int, int) {}
int own_security(const SSL*, const SSL_CTX*, int, int, int, void*, void*) { return 1; }

unsigned int psk_client(SSL*, const char*, char* identity, unsigned int max_identity,
                        unsigned char* psk, unsigned int max_psk) {
  EXPECT_GE(max_psk, kPskKey.size());
  std::strncpy(identity, "me", max_identity);
  std::memcpy(psk, kPskKey.data(), kPskKey.size());
  return static_cast<unsigned int>(kPskKey.size());
}
unsigned int psk_server(SSL*, const char*, unsigned char* psk, unsigned int) {
  std::memcpy(psk, kPskKey.data(), kPskKey.size());
  return static_cast<unsigned int>(kPskKey.size());
}
SSL_SESSION* psk_session(SSL* ssl) {
  constexpr std::array<unsigned char, 2> kAes128GcmSha256 = {0x13, 0x01};
  SSL_SESSION* session = SSL_SESSION_new();
  SSL_SESSION_set1_master_key(session, reinterpret_cast<const unsigned char*>(kPskKey.data()),
                              kPskKey.size());
  SSL_SESSION_set_cipher(session, SSL_CIPHER_find(ssl, kAes128GcmSha256.data()));
  SSL_SESSION_set_protocol_version(session, TLS1_3_VERSION);
  return session;
}
int psk_use_session(SSL* ssl, const EVP_MD*, const unsigned char** id, size_t* len,
                    SSL_SESSION** session) {
  *id = reinterpret_cast<const unsigned char*>("me");
  *len = 2;
  *session = psk_session(ssl);
  return 1;
}
int psk_find_session(SSL* ssl, const unsigned char*, size_t, SSL_SESSION** session) {
  *session = psk_session(ssl);
  return 1;
}

int session_secret(SSL* ssl, void* secret, int* secret_len, STACK_OF(SSL_CIPHER) * offered,
                   const SSL_CIPHER** chosen, void*) {
  if (SSL_is_server(ssl) == 1) *chosen = sk_SSL_CIPHER_value(offered, 0);
  std::memset(secret, 1, 48);
  *secret_len = 48;
  return 1;
}

void set_no_mode_for_each_message(SSL* ssl) {
  SSL_set_msg_callback(ssl, [](int, int, int, const void*, size_t, SSL* of, void*) {
    SSL_set_verify(of, SSL_VERIFY_NONE, nullptr);
  });
}

/// The hash of the pre-shared keys of TLS 1.3 above.
constexpr const char* kSha256Suite = "TLS_AES_128_GCM_SHA256";

void offer_pre_shared_keys(const Setting& setting) {
  SSL_CTX_set_ciphersuites(setting.client_context, kSha256Suite);
  SSL_CTX_set_cipher_list(setting.client_context, "PSK");
  SSL_CTX_set_cipher_list(setting.server_context, "PSK");
  SSL_CTX_set_psk_client_callback(setting.client_context, psk_client);
  SSL_CTX_set_psk_server_callback(setting.server_context, psk_server);
}

/// Has the connection offer a session that some other one has made of the same server.
void resume(const Setting& setting, const std::function<void(SSL*)>& prepare) {
  const SslCtxPtr other(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_min_proto_version(other.get(), setting.version);
  SSL_CTX_set_max_proto_version(other.get(), setting.version);
  SSL_CTX_set1_cert_store(other.get(), SSL_CTX_get_cert_store(setting.client_context));
  capture_verification(other.get());
  ForeignPair first(other.get(), setting.server_context);
  prepare(first.client.get());
  first.handshake();
  ASSERT_EQ(first.client_result, 1);
  char octet = 0;
  SSL_write(first.server.get(), &octet, 1);
  SSL_read(first.client.get(), &octet, 1);  // the tickets
  const SslSessionPtr session(SSL_get1_session(first.client.get()));
  SSL_set_shutdown(first.client.get(), SSL_SENT_SHUTDOWN);  // else the session is thrown away
  ASSERT_EQ(SSL_SESSION_is_resumable(session.get()), 1);
  ASSERT_EQ(SSL_set_session(setting.pair->client.get(), session.get()), 1);
}

std::vector<Way> ways() {
  const auto on_client = [](auto set) {
    return [set](const Setting& setting) { set(setting.pair->client.get()); };
  };
  const auto on_context = [](auto set) {
    return [set](const Setting& setting) { set(setting.client_context); };
  };
  const auto set_info = on_client([](SSL* ssl) { SSL_set_info_callback(ssl, own_info); });
  return {
      {.name = "untrusted"},
      {.name = "verify_none",
       .to_connection = on_client([](SSL* ssl) { SSL_set_verify(ssl, SSL_VERIFY_NONE, nullptr); })},
      {.name = "info_callback_of_the_connection", .to_connection = set_info},
      {.name = "info_callback_of_the_context",
       .after_watch = on_context([](SSL_CTX* ctx) { SSL_CTX_set_info_callback(ctx, own_info); })},
      {.name = "mode_set_during_the_handshake",
       .to_connection = on_client(set_no_mode_for_each_message)},
      {.name = "overriding_callback_of_the_connection",
       .to_connection =
           on_client([](SSL* ssl) { SSL_set_verify(ssl, SSL_VERIFY_PEER, override_errors); })},
      {.name = "overriding_callback_of_the_context", .before_watch = on_context([](SSL_CTX* ctx) {
                                                       SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER,
                                                                          override_errors);
                                                     })},
      {.name = "overriding_callback_of_the_store",
       .after_watch = on_context([](SSL_CTX* ctx) {
         X509_STORE_set_verify_cb(SSL_CTX_get_cert_store(ctx), override_errors);
       })},
      {.name = "verification_replaced_before", .before_watch = on_context([](SSL_CTX* ctx) {
                                                 SSL_CTX_set_cert_verify_callback(
                                                     ctx, accept_anything, nullptr);
                                               })},
      {.name = "verification_replaced_after", .after_watch = on_context([](SSL_CTX* ctx) {
                                                SSL_CTX_set_cert_verify_callback(
                                                    ctx, accept_anything, nullptr);
                                              })},
      {.name = "verification_replaced_for_rsa_key_exchange",
       .after_watch =
           [](const Setting& setting) {
             SSL_CTX_set_cert_verify_callback(setting.client_context, accept_anything, nullptr);
             SSL_CTX_set_cipher_list(setting.client_context, "kRSA");
           },
       .version = TLS1_2_VERSION},
      {.name = "overriding_callback_for_rsa_key_exchange",
       .after_watch = on_context([](SSL_CTX* ctx) { SSL_CTX_set_cipher_list(ctx, "kRSA"); }),
       .to_connection =
           on_client([](SSL* ssl) { SSL_set_verify(ssl, SSL_VERIFY_PEER, override_errors); }),
       .version = TLS1_2_VERSION},
      {.name = "mode_set_during_the_handshake_for_rsa_key_exchange",
       .after_watch = on_context([](SSL_CTX* ctx) { SSL_CTX_set_cipher_list(ctx, "kRSA"); }),
       .to_connection = on_client(set_no_mode_for_each_message),
       .version = TLS1_2_VERSION},
      {.name = "anonymous",
       .before_watch =
           [](const Setting& setting) {
             SSL_CTX_set_cipher_list(setting.client_context, kAnonymousCiphers);
             SSL_CTX_set_cipher_list(setting.server_context, kAnonymousCiphers);
           },
       .version = TLS1_2_VERSION},
      {.name = "anonymous_with_callbacks_of_the_library",
       .before_watch =
           [](const Setting& setting) {
             SSL_CTX_set_cipher_list(setting.client_context, kAnonymousCiphers);
             SSL_CTX_set_cipher_list(setting.server_context, kAnonymousCiphers);
           },
       .to_connection = on_client([](SSL* ssl) {
         SSL_set_info_callback(ssl, own_info);
         SSL_set_security_callback(ssl, own_security);
       }),
       .version = TLS1_2_VERSION},
      {.name = "pre_shared_key", .before_watch = offer_pre_shared_keys, .version = TLS1_2_VERSION},
      {.name = "pre_shared_key_with_an_info_callback",
       .before_watch = offer_pre_shared_keys,
       .to_connection = set_info,
       .version = TLS1_2_VERSION},
      {.name = "pre_shared_key_of_tls12_form",
       .before_watch = offer_pre_shared_keys,
       .version = TLS1_3_VERSION},
      {.name = "pre_shared_session",
       .after_watch =
           [](const Setting& setting) {
             SSL_CTX_set_ciphersuites(setting.client_context, kSha256Suite);
             SSL_CTX_set_psk_use_session_callback(setting.client_context, psk_use_session);
             SSL_CTX_set_psk_find_session_callback(setting.server_context, psk_find_session);
           },
       .to_connection = set_info,
       .version = TLS1_3_VERSION},
      {.name = "session_secret",
       .to_connection =
           [](const Setting& setting) {
             SSL_set_session_secret_cb(setting.pair->client.get(), session_secret, nullptr);
             SSL_set_session_secret_cb(setting.pair->server.get(), session_secret, nullptr);
             SSL_set_options(setting.pair->server.get(),
                             SSL_OP_NO_TICKET | SSL_OP_NO_EXTENDED_MASTER_SECRET);
             unsigned char ticket = 7;
             SSL_set_session_ticket_ext(setting.pair->client.get(), &ticket, 1);
           },
       .version = TLS1_2_VERSION},
      {.name = "session_of_an_unverified_server",
       .to_connection = [](const Setting& setting) { resume(setting, [](SSL*) {}); }},
      {.name = "session_of_an_unverified_server_with_an_info_callback",
       .to_connection =
           [](const Setting& setting) {
             resume(setting, [](SSL*) {});
             SSL_set_info_callback(setting.pair->client.get(), own_info);
           }},
      {.name = "session_verified_for_another_name",
       .to_connection =
           [](const Setting& setting) {
             resume(setting, [](SSL* ssl) {
               SSL_set_verify(ssl, SSL_VERIFY_PEER, nullptr);
               SSL_set1_host(ssl, "localhost");
             });
             SSL_set_tlsext_host_name(setting.pair->client.get(), "other.example");
           },
       .is_trusted = true},
      {.name = "a_name_of_no_server",
       .to_connection = on_client([](SSL* ssl) { SSL_set_tlsext_host_name(ssl, "other.example"); }),
       .is_trusted = true},
      {.name = "a_name_that_is_none",
       .to_connection = on_client([](SSL* ssl) { SSL_set_tlsext_host_name(ssl, "local..host"); }),
       .is_trusted = true},
      {.name = "dane_without_names",
       .before_watch = on_context([](SSL_CTX* ctx) {
         SSL_CTX_dane_enable(ctx);
         SSL_CTX_dane_set_flags(ctx, DANE_FLAG_NO_DANE_EE_NAMECHECKS);
       }),
       .to_connection = on_client([](SSL* ssl) {
         SSL_dane_enable(ssl, "other.example");
         const Der der = pki().server.certificate_der();
         SSL_dane_tlsa_add(ssl, 3, 0, 0, der.data(), der.size());
         SSL_set_tlsext_host_name(ssl, "other.example");
       })},
  };
}

class RequireVerified : public testing::TestWithParam<std::tuple<Way, int>> {
 protected:
  static SslCtxPtr client(int version, bool is_trusted) {
    SslCtxPtr ctx(SSL_CTX_new(TLS_client_method()));
    SSL_CTX_set_min_proto_version(ctx.get(), version);
    SSL_CTX_set_max_proto_version(ctx.get(), version);
    const Credential ca = is_trusted ? pki().root : Credential::root_ca("Another");
    X509_STORE_add_cert(SSL_CTX_get_cert_store(ctx.get()), certificate_of(ca).get());
    return ctx;
  }

  /// Whether a byte of the client's arrives.
  static bool gets_data_through(const ForeignPair& pair) {
    char octet = 'x';
    const bool sent = SSL_write(pair.client.get(), &octet, 1) == 1;
    const bool arrived = SSL_read(pair.server.get(), &octet, 1) == 1;
    ERR_clear_error();
    return sent && arrived;
  }
};

TEST_P(RequireVerified, LetsNobodyElseThrough) {
  const auto& [way, version] = GetParam();
  if (way.version != 0 && way.version != version) GTEST_SKIP();
  static const Credential rsa = pki().intermediate.issue(
      {.key_type = KeyType::rsa2048, .subject_alt_name = {"DNS:localhost"}});
  // Without the requirement it is a way in, or the test says nothing.
  for (const bool required : {false, true}) {
    const SslCtxPtr client_context = client(version, way.is_trusted);
    const SSLContext server = pki().server_context(
        std::string_view(way.name).ends_with("rsa_key_exchange") ? rsa : pki().server);
    SSL_CTX_set_cipher_list(server.native_handle(), "ALL");
    Setting setting{client_context.get(), server.native_handle(), version};
    if (way.before_watch) way.before_watch(setting);
    std::optional<PeerIdentity> identity;
    if (required) {
      watch_handshakes(setting.client_context,
                       {.ended = [&](const PeerIdentity& seen) { identity = seen; }});
    }
    if (way.after_watch) way.after_watch(setting);
    ForeignPair pair(setting.client_context, setting.server_context);
    setting.pair = &pair;
    if (way.to_connection) way.to_connection(setting);
    pair.handshake();
    EXPECT_EQ(pair.client_result == 1, !required);
    const bool came_through = gets_data_through(pair);
    const bool offers_session = std::string_view(way.name).starts_with("session_");
    const bool is_pre_shared = std::string_view(way.name).starts_with("pre_shared_");
    const bool resumes = offers_session || (is_pre_shared && version == TLS1_3_VERSION);
    EXPECT_EQ(SSL_session_reused(pair.client.get()) == 1, resumes && !required);
    EXPECT_EQ(came_through, !required) << ERR_reason_error_string(ERR_peek_error());
    EXPECT_FALSE(identity && identity->verdict() == Verdict::verified);
  }
}

INSTANTIATE_TEST_SUITE_P(Ways, RequireVerified,
                         testing::Combine(testing::ValuesIn(ways()),
                                          testing::Values(TLS1_2_VERSION, TLS1_3_VERSION)),
                         [](const auto& param) {
                           return std::string(std::get<0>(param.param).name) +
                                  (std::get<1>(param.param) == TLS1_2_VERSION ? "_1_2" : "_1_3");
                         });

/// A verified server is none of these, with callbacks of the library's own, and on resumption.
TEST(RequireVerifiedTest, LetsAVerifiedServerThrough) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const SslCtxPtr ctx(SSL_CTX_new(TLS_client_method()));
    SSL_CTX_set_min_proto_version(ctx.get(), version);
    SSL_CTX_set_max_proto_version(ctx.get(), version);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(ctx.get()), certificate_of(pki().root).get());
    std::vector<PeerIdentity> seen;
    watch_handshakes(ctx.get(),
                     {.ended = [&](const PeerIdentity& identity) { seen.push_back(identity); }});
    const SSLContext server = pki().server_context();
    SslSessionPtr session;
    for (const bool resumes : {false, true}) {
      static int own_calls = 0;
      own_calls = 0;
      ForeignPair pair(ctx.get(), server.native_handle());
      SSL_set_tlsext_host_name(pair.client.get(), "localhost");
      if (!resumes)
        SSL_set_info_callback(pair.client.get(), [](const SSL*, int, int) { ++own_calls; });
      if (session) SSL_set_session(pair.client.get(), session.get());
      pair.handshake();
      EXPECT_EQ(pair.client_result, 1);
      EXPECT_EQ(SSL_session_reused(pair.client.get()), resumes ? 1 : 0);
      ASSERT_EQ(seen.size(), 1U);
      EXPECT_EQ(seen[0].verdict(), Verdict::verified) << seen[0].to_string();
      EXPECT_EQ(own_calls > 0, !resumes);
      char octet = 0;
      EXPECT_EQ(SSL_write(pair.server.get(), &octet, 1), 1);
      EXPECT_EQ(SSL_read(pair.client.get(), &octet, 1), 1);
      session.reset(SSL_get1_session(pair.client.get()));
      SSL_set_shutdown(pair.client.get(), SSL_SENT_SHUTDOWN);  // else it is thrown away
      seen.clear();
    }
  }
}

SslCtxPtr rsa_key_exchange_client() {
  SslCtxPtr ctx(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_max_proto_version(ctx.get(), TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(ctx.get(), "kRSA");
  X509_STORE_add_cert(SSL_CTX_get_cert_store(ctx.get()), certificate_of(pki().root).get());
  return ctx;
}

SSLContext rsa_key_exchange_server() {
  SSLContext server = pki().server_context(pki().intermediate.issue(
      {.key_type = KeyType::rsa2048, .subject_alt_name = {"DNS:localhost"}}));
  SSL_CTX_set_cipher_list(server.native_handle(), "kRSA");
  return server;
}

TEST(RequireVerifiedTest, LetsAVerifiedServerThroughByRsaKeyExchange) {
  const SslCtxPtr ctx = rsa_key_exchange_client();
  watch_handshakes(ctx.get(), {});
  const SSLContext server = rsa_key_exchange_server();
  ForeignPair pair(ctx.get(), server.native_handle());
  SSL_set_tlsext_host_name(pair.client.get(), "localhost");
  pair.handshake();
  EXPECT_EQ(pair.client_result, 1);
  EXPECT_EQ(peer_identity(pair.client.get()).verdict(), Verdict::verified);
  char octet = 0;
  EXPECT_EQ(SSL_write(pair.client.get(), &octet, 1), 1);
  EXPECT_EQ(SSL_read(pair.server.get(), &octet, 1), 1);
}

/// Each call that follows says so, whoever waits in between.
TEST(RequireVerifiedTest, SaysWhyRsaKeyExchangeIsRefused) {
  const SslCtxPtr ctx = rsa_key_exchange_client();
  std::size_t num_told = 0;
  watch_handshakes(ctx.get(), {.ended = [&](const PeerIdentity& identity) {
                     EXPECT_NE(identity.verdict(), Verdict::verified);
                     ++num_told;
                   }});
  SSL_CTX_set_cert_verify_callback(ctx.get(), accept_anything, nullptr);
  const SSLContext server = rsa_key_exchange_server();
  ForeignPair pair(ctx.get(), server.native_handle());
  pair.handshake();
  EXPECT_GE(num_told, 1U);
  for (int call = 0; call < 2; ++call) {
    pair.step_client();
    EXPECT_LE(pair.client_result, 0);
    EXPECT_EQ(SSL_get_error(pair.client.get(), pair.client_result), SSL_ERROR_SSL);
    EXPECT_EQ(ERR_GET_REASON(ERR_peek_error()), SSL_R_CERTIFICATE_VERIFY_FAILED);
    ERR_clear_error();
  }
}

/// A session that proves nothing costs a resumption, and no connection.
TEST(RequireVerifiedTest, DropsASessionThatIsNotOfAVerifiedServer) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const SslCtxPtr ctx(SSL_CTX_new(TLS_client_method()));
    X509_STORE_add_cert(SSL_CTX_get_cert_store(ctx.get()), certificate_of(pki().root).get());
    watch_handshakes(ctx.get(), {});
    const SSLContext server = pki().server_context();
    ForeignPair pair(ctx.get(), server.native_handle());
    Setting setting{ctx.get(), server.native_handle(), version, &pair};
    resume(setting, [](SSL*) {});
    pair.handshake();
    EXPECT_EQ(pair.client_result, 1);
    EXPECT_EQ(SSL_session_reused(pair.client.get()), 0);
    EXPECT_EQ(peer_identity(pair.client.get()).verdict(), Verdict::verified);
  }
}

}  // namespace
}  // namespace peercert::ssl
