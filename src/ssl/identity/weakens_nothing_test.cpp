// SPDX-License-Identifier: Apache-2.0
// Adding the library to a program never removes a check: whatever setting of the application has
// a peer refused, on its SSL, SSL_CTX or X509_STORE, does so with every entry of ours as well.
#include <array>
#include <functional>
#include <ostream>

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <peercert/adapters/asio.hpp>
#include <peercert/adapters/httplib.hpp>
#include <peercert/ssl/context.hpp>
#include <peercert/ssl/watch_handshakes.hpp>

#include "support/credential.hpp"
#include "support/foreign_pair.hpp"
#include "support/tls_pair.hpp"

namespace peercert::ssl {
namespace {

enum class Place { ssl, context, store };

struct Refusal {
  const char* name;
  std::function<void(X509_VERIFY_PARAM*)> set{};
  /// Or, where it is no parameter.
  std::function<void(SSL_CTX*)> set_on_context{};
  std::function<void(SSL*)> set_on_connection{};
  std::function<void(X509_STORE*)> set_on_store{};
  /// Whether it refuses there by itself: for connections OpenSSL takes the level of the SSL.
  bool counts_in_store = true;
};

int refuse(int, X509_STORE_CTX* context) {
  X509_STORE_CTX_set_error(context, X509_V_ERR_CERT_REJECTED);
  return 0;
}

/// More bits of strength than the keys of this test have: 192.
constexpr int kSecurityLevel = 4;

/// Each refuses the peers of this test.
const std::vector<Refusal>& refusals() {
  static const std::vector<Refusal> all = {
      {"host", [](auto* param) { X509_VERIFY_PARAM_set1_host(param, "backend.example", 0); }},
      {"trust", [](auto* param) { X509_VERIFY_PARAM_set_trust(param, X509_TRUST_EMAIL); }},
      {.name = "auth_level",
       .set = [](auto* param) { X509_VERIFY_PARAM_set_auth_level(param, kSecurityLevel); },
       .counts_in_store = false},
      {.name = "security_level",
       .set_on_context = [](auto* ctx) { SSL_CTX_set_security_level(ctx, kSecurityLevel); },
       .set_on_connection = [](auto* ssl) { SSL_set_security_level(ssl, kSecurityLevel); },
       .counts_in_store = false},
      {"ip", [](auto* param) { X509_VERIFY_PARAM_set1_ip_asc(param, "127.0.0.9"); }},
      {"email", [](auto* param) { X509_VERIFY_PARAM_set1_email(param, "a@b.example", 0); }},
      {"host_flags",
       [](auto* param) {
         X509_VERIFY_PARAM_set1_host(param, "wild.example.com", 0);
         X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_WILDCARDS);
       }},
      {"flags", [](auto* param) { X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_CRL_CHECK); }},
      {"purpose",
       [](auto* param) { X509_VERIFY_PARAM_set_purpose(param, X509_PURPOSE_TIMESTAMP_SIGN); }},
      {"depth", [](auto* param) { X509_VERIFY_PARAM_set_depth(param, 0); }},
      {"time", [](auto* param) { X509_VERIFY_PARAM_set_time(param, 1); }},
      {.name = "callback",
       .set_on_context =
           [](auto* ctx) { SSL_CTX_set_verify(ctx, SSL_CTX_get_verify_mode(ctx), refuse); },
       .set_on_connection =
           [](auto* ssl) { SSL_set_verify(ssl, SSL_get_verify_mode(ssl), refuse); },
       .set_on_store = [](auto* store) { X509_STORE_set_verify_cb(store, refuse); }},
  };
  return all;
}

/// What the application has set up.
struct Application {
  SslCtxPtr context{};
  const Refusal* refusal = nullptr;
  Place place = Place::ssl;

  void set_on_context() const {
    X509_STORE* store = SSL_CTX_get_cert_store(context.get());
    if (place == Place::context && refusal->set) {
      refusal->set(SSL_CTX_get0_param(context.get()));
    } else if (place == Place::context) {
      refusal->set_on_context(context.get());
    } else if (place == Place::store && refusal->set) {
      refusal->set(X509_STORE_get0_param(store));
    } else if (place == Place::store) {
      refusal->set_on_store(store);
    }
  }
  void set_on_connection(SSL* ssl) const {
    if (place != Place::ssl) return;
    if (refusal->set) return refusal->set(SSL_get0_param(ssl));
    refusal->set_on_connection(ssl);
  }
};

struct NativeContext {
  SSL_CTX* handle;
  SSL_CTX* native_handle() const { return handle; }
  SSL_CTX* ssl_context() const { return handle; }
};

/// An entry of the library's: before the connection is made, and with it.
struct Entry {
  const char* name;
  std::function<void(SSL_CTX*)> to_context{};
  std::function<void(SSL*)> to_connection{};

  friend std::ostream& operator<<(std::ostream& out, const Entry& entry) {
    return out << entry.name;
  }
};

std::vector<Entry> entries() {
  return {
      {.name = "watch_handshakes", .to_context = [](SSL_CTX* ctx) { watch_handshakes(ctx, {}); }},
      {.name = "watch_handshakes_alone",
       .to_context =
           [](SSL_CTX* ctx) {
             watch_handshakes(
                 ctx, {.ended = {}, .require_verified = false, .server_hostname = "localhost"});
           }},
      {.name = "watch_handshakes_for_an_address",
       .to_context =
           [](SSL_CTX* ctx) {
             watch_handshakes(
                 ctx, {.ended = {}, .require_verified = false, .server_hostname = "127.0.0.1"});
           }},
      {.name = "capture_verification_of_a_context",
       .to_context = [](SSL_CTX* ctx) { capture_verification(ctx); }},
      {.name = "capture_verification_of_a_connection",
       .to_connection = [](SSL* ssl) { capture_verification(ssl); }},
      {.name = "both_captures",
       .to_context = [](SSL_CTX* ctx) { capture_verification(ctx); },
       .to_connection = [](SSL* ssl) { capture_verification(ssl); }},
      {.name = "require_verified_peers",
       .to_context = [](SSL_CTX* ctx) { require_verified_peers(ctx); }},
      {.name = "asio_capture_verification",
       .to_context =
           [](SSL_CTX* ctx) {
             NativeContext context{ctx};
             capture_verification(context);
           }},
      {.name = "asio_require_verified_peers",
       .to_context =
           [](SSL_CTX* ctx) {
             NativeContext context{ctx};
             require_verified_peers(context);
           }},
      {.name = "httplib",
       .to_context = [](SSL_CTX* ctx) { const HttplibPeer peer(NativeContext{ctx}); }},
  };
}

class WeakensNothingAlone : public testing::Test {
 protected:
  static Application make_application(bool server, const Refusal& refusal, Place place) {
    static const Credential credential = pki().intermediate.issue(
        {.subject = {{"CN", "localhost"}},
         .subject_alt_name = {"DNS:localhost", "DNS:*.example.com", "IP:127.0.0.1"},
         .extended_key_usage = ExtendedKeyUsage::both});
    SslCtxPtr context(SSL_CTX_new(server ? TLS_server_method() : TLS_client_method()));
    const X509Ptr root = certificate_of(pki().root);
    X509_add1_reject_object(root.get(), OBJ_nid2obj(NID_email_protect));
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context.get()), root.get());
    SSL_CTX_use_certificate(context.get(), certificate_of(credential).get());
    SSL_CTX_use_PrivateKey(context.get(), key_of(credential).get());
    SSL_CTX_add0_chain_cert(context.get(), certificate_of(pki().intermediate).release());
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    return {std::move(context), &refusal, place};
  }

  /// Whether the side that has the setting, and the entry if there is one, accepts the other.
  static bool accepts(bool server, const Refusal& refusal, Place place, const Entry* entry,
                      int version, bool is_set = true) {
    const Application own = make_application(server, refusal, place);
    const Application peer = make_application(!server, refusal, place);
    SSL_CTX_set_min_proto_version(own.context.get(), version);
    SSL_CTX_set_max_proto_version(own.context.get(), version);
    if (is_set) own.set_on_context();
    if (entry != nullptr && entry->to_context) entry->to_context(own.context.get());
    ForeignPair pair(server ? peer.context.get() : own.context.get(),
                     server ? own.context.get() : peer.context.get());
    SSL* ssl = server ? pair.server.get() : pair.client.get();
    if (!server) SSL_set_tlsext_host_name(ssl, "localhost");
    if (is_set) own.set_on_connection(ssl);
    if (entry != nullptr && entry->to_connection) entry->to_connection(ssl);
    pair.handshake();
    return (server ? pair.server_result : pair.client_result) == 1;
  }
};

class WeakensNothing : public WeakensNothingAlone,
                       public testing::WithParamInterface<std::tuple<Entry, Place, int>> {};

TEST_P(WeakensNothing, ThatTheApplicationHasSet) {
  const auto& [entry, place, version] = GetParam();
  for (const bool server : {false, true}) {
    for (const Refusal& refusal : refusals()) {
      SCOPED_TRACE(std::string(server ? "server, " : "client, ") + refusal.name);
      if (place == Place::store && !refusal.counts_in_store) continue;
      EXPECT_FALSE(accepts(server, refusal, place, &entry, version));
    }
    EXPECT_TRUE(accepts(server, refusals()[0], place, &entry, version, false));
  }
}

/// Or the rows above would say nothing.
TEST_F(WeakensNothingAlone, WhatRefusesByItself) {
  for (const Place place : {Place::ssl, Place::context, Place::store}) {
    for (const bool server : {false, true}) {
      for (const Refusal& refusal : refusals()) {
        SCOPED_TRACE(refusal.name);
        if (place == Place::store && !refusal.counts_in_store) continue;
        EXPECT_FALSE(accepts(server, refusal, place, nullptr, TLS1_3_VERSION));
      }
    }
  }
}

TEST_F(WeakensNothingAlone, WhatAVerifyModeSaysBesides) {
  const SslCtxPtr ctx(SSL_CTX_new(TLS_server_method()));
  SSL_CTX_set_verify(ctx.get(), SSL_VERIFY_PEER | SSL_VERIFY_CLIENT_ONCE, nullptr);
  require_verified_peers(ctx.get());
  EXPECT_EQ(SSL_CTX_get_verify_mode(ctx.get()),
            SSL_VERIFY_PEER | SSL_VERIFY_CLIENT_ONCE | SSL_VERIFY_FAIL_IF_NO_PEER_CERT);
}

std::string row_name(const testing::TestParamInfo<std::tuple<Entry, Place, int>>& row) {
  constexpr std::array kPlaces = {"ssl", "context", "store"};
  const auto& [entry, place, version] = row.param;
  return std::string(entry.name) + "_" + kPlaces[static_cast<std::size_t>(place)] +
         (version == TLS1_2_VERSION ? "_1_2" : "_1_3");
}

INSTANTIATE_TEST_SUITE_P(Entries, WeakensNothing,
                         testing::Combine(testing::ValuesIn(entries()),
                                          testing::Values(Place::ssl, Place::context, Place::store),
                                          testing::Values(TLS1_2_VERSION, TLS1_3_VERSION)),
                         row_name);

}  // namespace
}  // namespace peercert::ssl
