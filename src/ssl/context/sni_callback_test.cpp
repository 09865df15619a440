// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include "crypto/openssl_ptr.hpp"
#include "support/bio_pair.hpp"

namespace peercert::ssl {
namespace {

class SniCallbackTest : public testing::TestWithParam<TLSVersion> {
 protected:
  SniCallbackTest() {
    client_context_.set_maximum_version(GetParam());
    client_context_.set_check_hostname(false);
  }

  BioPair handshaken(const std::string& name) {
    BioPair pair(client_context_, server_context_, {.server_hostname = name});
    pair.handshake();
    return pair;
  }

  SSLContext client_context_ = pki().client_context();
  SSLContext server_context_ = pki().server_context();
};

INSTANTIATE_TEST_SUITE_P(Versions, SniCallbackTest,
                         testing::Values(TLSVersion::tls1_2, TLSVersion::tls1_3));

// As Python's test_sni_callback.
TEST_P(SniCallbackTest, ChoosesTheCertificate) {
  const Credential other = pki().root.issue({.subject_alt_name = {"DNS:other.example"}});
  const SSLContext other_context = pki().server_context(other);
  std::vector<std::optional<std::string>> names;
  server_context_.set_sni_callback(
      [&](SSLConnection& connection, std::optional<std::string_view> name) {
        names.emplace_back(name);
        EXPECT_TRUE(connection.server_side());
        EXPECT_EQ(connection.context().native_handle(), server_context_.native_handle());
        if (name == "other.example") connection.set_context(other_context);
        return std::nullopt;
      });
  const auto served = [&](const std::string& name) {
    BioPair pair = handshaken(name);
    EXPECT_FALSE(pair.client_error || pair.server_error);
    return pair.client.getpeercert(binary_form);
  };
  EXPECT_EQ(served("localhost"), pki().server.certificate_der());
  EXPECT_EQ(served("other.example"), other.certificate_der());
  EXPECT_EQ(served(""), pki().server.certificate_der());
  EXPECT_EQ(names, (std::vector<std::optional<std::string>>{"localhost", "other.example", {}}));

  server_context_.set_sni_callback({});
  EXPECT_EQ(served("other.example"), pki().server.certificate_der());
  EXPECT_EQ(names.size(), 3U);
}

// As Python's test_sni_callback_alert.
TEST_P(SniCallbackTest, EndsTheHandshakeWithAnAlert) {
  server_context_.set_sni_callback(
      [](SSLConnection&, auto) { return AlertDescription::access_denied; });
  BioPair pair = handshaken("localhost");
  EXPECT_EQ(caught<SSLError>(pair.client_error).reason(), "TLSV1_ALERT_ACCESS_DENIED");
  EXPECT_EQ(caught<SSLError>(pair.server_error).reason(), "CALLBACK_FAILED");
}

// As Python's test_sni_callback_raising; but what was thrown is not lost.
TEST_P(SniCallbackTest, MayThrow) {
  server_context_.set_sni_callback([](SSLConnection&, auto) -> std::optional<AlertDescription> {
    throw std::domain_error("no such host");
  });
  BioPair pair = handshaken("localhost");
  EXPECT_EQ(caught<SSLError>(pair.client_error).reason(), "SSLV3_ALERT_HANDSHAKE_FAILURE");
  EXPECT_STREQ(caught<std::domain_error>(pair.server_error).what(), "no such host");
  EXPECT_EQ(ERR_peek_error(), 0U);
}

TEST_P(SniCallbackTest, MayDropTheContextThatItIsOf) {
  std::optional<SSLObject> server;
  MemoryBIO to_client, to_server;
  {
    SSLContext context = pki().server_context();
    const std::string data(100, 'x');  // on the heap, in the callback
    context.set_sni_callback([data, this](SSLConnection& connection, auto) {
      connection.set_context(server_context_);
      EXPECT_EQ(data, std::string(100, 'x'));
      return std::nullopt;
    });
    server = context.wrap_bio(to_server, to_client, {.server_side = true});
  }
  SSLObject client =
      client_context_.wrap_bio(to_client, to_server, {.server_hostname = "localhost"});
  EXPECT_THROW(client.do_handshake(), SSLWantReadError);
  EXPECT_THROW(server->do_handshake(), SSLWantReadError);
  EXPECT_EQ(server->context().native_handle(), server_context_.native_handle());
}

// Python cannot decode it and says internal_error.
TEST_P(SniCallbackTest, IsNotToldNamesThatAreNotAscii) {
  bool called = false;
  server_context_.set_sni_callback([&](SSLConnection&, auto) {
    called = true;
    return std::nullopt;
  });
  BioPair pair(client_context_, server_context_, {.server_hostname = "localhost"});
  SSL_set_tlsext_host_name(pair.client.native_handle(), "caf\xc3\xa9.example");
  pair.handshake();
  EXPECT_EQ(caught<SSLError>(pair.client_error).reason(), "TLSV1_ALERT_INTERNAL_ERROR");
  EXPECT_FALSE(called);
}

// One byte of the extension is another: its type or one of its lengths is wrong, or the name has a
// NUL.
TEST_P(SniCallbackTest, IsNotToldNamesThatAreMalformed) {
  bool called = false;
  server_context_.set_sni_callback([&](SSLConnection&, auto) {
    called = true;
    return std::nullopt;
  });
  constexpr std::string_view kName = "localhost";
  struct Place {
    int from_name, change;
  };
  // ServerNameList: length, type, length, name.
  for (const auto& [from_name, change] :
       {Place{-4, 1}, {-4, 3}, {-3, 1}, {-1, 1}, {-1, 2}, {0, 'l'}}) {
    BioPair pair(client_context_, server_context_, {.server_hostname = std::string(kName)});
    EXPECT_THROW(pair.client.do_handshake(), SSLWantReadError);
    std::vector<std::uint8_t> hello = pair.to_server.read();
    const auto name = std::search(hello.begin(), hello.end(), kName.begin(), kName.end());
    ASSERT_NE(name, hello.end());
    name[from_name] = static_cast<std::uint8_t>(name[from_name] ^ change);
    pair.to_server.write(hello);
    EXPECT_THROW(pair.server.do_handshake(), SSLError);
    EXPECT_FALSE(called) << from_name << ' ' << change;
    EXPECT_EQ(ERR_peek_error(), 0U);
  }
}

TEST_P(SniCallbackTest, DoesNotConcernConnectionsThatOthersMade) {
  server_context_.set_sni_callback(
      [](SSLConnection&, auto) { return AlertDescription::access_denied; });
  const SslPtr foreign(SSL_new(server_context_.native_handle()));
  MemoryBIO to_client, to_server;
  BIO_up_ref(to_client.native_handle());
  BIO_up_ref(to_server.native_handle());
  SSL_set_bio(foreign.get(), to_server.native_handle(), to_client.native_handle());
  SSLObject client =
      client_context_.wrap_bio(to_client, to_server, {.server_hostname = "localhost"});
  EXPECT_THROW(client.do_handshake(), SSLWantReadError);
  EXPECT_EQ(SSL_accept(foreign.get()), -1);
  EXPECT_EQ(SSL_get_error(foreign.get(), -1), SSL_ERROR_WANT_READ);
}

TEST_P(SniCallbackTest, IsAServersAffair) {
  EXPECT_STREQ(caught<ValueError>([&] { client_context_.set_sni_callback({}); }).what(),
               "sni_callback cannot be set on TLS_CLIENT context");
}

/// Has the server give each connection `other`.
void switch_to(SSLContext& server, const SSLContext& other) {
  server.set_sni_callback([&other](SSLConnection& connection, auto) {
    connection.set_context(other);
    return std::nullopt;
  });
}

// Python keeps the mode of the context that the connection was made with.
TEST_P(SniCallbackTest, AnotherContextsVerifyModeIsObeyed) {
  SSLContext strict = pki().server_context();
  strict.set_verify_mode(VerifyMode::required);
  switch_to(server_context_, strict);
  const BioPair refused = handshaken("localhost");
  EXPECT_EQ(caught<SSLError>(refused.server_error).reason(), "PEER_DID_NOT_RETURN_A_CERTIFICATE");

  TestPki::load(client_context_, pki().client);
  const BioPair accepted = handshaken("localhost");
  EXPECT_FALSE(accepted.client_error || accepted.server_error);
  EXPECT_EQ(accepted.server.peer_identity().verdict(), Verdict::verified);
  EXPECT_FALSE(accepted.server.getpeercert()->empty());

  const SSLContext lax = pki().server_context();
  switch_to(strict, lax);
  BioPair unasked(client_context_, strict);
  unasked.connect();
  EXPECT_EQ(unasked.server.getpeercert(), std::nullopt);
}

TEST_P(SniCallbackTest, AnotherContextsChecksAreObeyed) {
  TestPki::load(client_context_, pki().client);
  const auto refused_by = [&](auto configure) {
    SSLContext strict = pki().server_context();
    strict.set_verify_mode(VerifyMode::required);
    configure(strict);
    server_context_ = pki().server_context();
    server_context_.set_verify_mode(VerifyMode::required);
    switch_to(server_context_, strict);
    return handshaken("localhost").server_error != nullptr;
  };
  EXPECT_FALSE(refused_by([](SSLContext&) {}));
  EXPECT_TRUE(refused_by([](SSLContext& strict) {
    strict.set_verify_flags(strict.verify_flags() | VerifyFlags::crl_check_leaf);
  }));
  EXPECT_TRUE(refused_by([](SSLContext& strict) {
    X509_VERIFY_PARAM_set_depth(SSL_CTX_get0_param(strict.native_handle()), 0);
  }));
  EXPECT_TRUE(refused_by([](SSLContext& strict) {
    X509_VERIFY_PARAM_set1_email(SSL_CTX_get0_param(strict.native_handle()), "a@b.example", 0);
  }));
  EXPECT_TRUE(refused_by([](SSLContext& strict) {
    SSL_CTX_set_cert_store(strict.native_handle(), X509_STORE_new());
  }));
  EXPECT_TRUE(refused_by([](SSLContext& strict) {
    const bool is_tls13 = GetParam() == TLSVersion::tls1_3;
    strict.set_minimum_version(is_tls13 ? TLSVersion::tls1_2 : TLSVersion::tls1_3);
    strict.set_maximum_version(is_tls13 ? TLSVersion::tls1_2 : TLSVersion::tls1_3);
    // A client of TLS 1.3 speaks 1.2 as well, unless told not to.
    if (is_tls13) strict.set_ciphers("PSK");
  }));
}

/// What the first context asks does not hold for the other.
TEST_P(SniCallbackTest, AnotherContextsChecksAreAllThereAre) {
  TestPki::load(client_context_, pki().client);
  server_context_.set_verify_mode(VerifyMode::required);
  server_context_.set_verify_flags(VerifyFlags::crl_check_leaf);
  X509_VERIFY_PARAM* param = SSL_CTX_get0_param(server_context_.native_handle());
  X509_VERIFY_PARAM_set_depth(param, 0);
  X509_VERIFY_PARAM_set1_email(param, "a@b.example", 0);
  SSLContext other = pki().server_context();
  other.set_verify_mode(VerifyMode::required);
  switch_to(server_context_, other);
  const BioPair pair = handshaken("localhost");
  EXPECT_FALSE(pair.client_error || pair.server_error);
}

TEST_P(SniCallbackTest, AnotherContextComesTooLateAfterTheHandshakeHasBegun) {
  BioPair pair(client_context_, server_context_);
  SSLContext other = pki().server_context();
  other.set_options(other.options() | SSL_OP_NO_RENEGOTIATION);
  other.set_num_tickets(1);
  pair.server.set_context(other);
  EXPECT_EQ(SSL_get_options(pair.server.native_handle()), other.options());
  EXPECT_EQ(SSL_get_num_tickets(pair.server.native_handle()), 1U);
  EXPECT_EQ(pair.server.context().native_handle(), other.native_handle());
  EXPECT_THROW(pair.client.do_handshake(), SSLWantReadError);
  EXPECT_THROW(pair.server.do_handshake(), SSLWantReadError);
  EXPECT_THROW(pair.server.set_context(server_context_), ValueError);
  pair.handshake();
  EXPECT_FALSE(pair.client_error || pair.server_error);
  EXPECT_THROW(pair.server.set_context(server_context_), ValueError);
  EXPECT_THROW(pair.client.set_context(client_context_), ValueError);
  EXPECT_EQ(pair.server.context().native_handle(), other.native_handle());
}

TEST_P(SniCallbackTest, AnotherContextHasToBeOfTheSameSide) {
  switch_to(server_context_, client_context_);
  const BioPair pair = handshaken("localhost");
  EXPECT_THROW(std::rethrow_exception(pair.server_error), SSLError);
}

/// A client's other context: the name is compared if that one says so, and no session is resumed.
TEST_P(SniCallbackTest, AClientsOtherContextIsObeyed) {
  BioPair first(client_context_, server_context_, {.server_hostname = "other.example"});
  EXPECT_FALSE(first.handshake().client_error);
  const std::vector<std::uint8_t> octet(1);
  first.server.write(octet);
  std::vector<std::uint8_t> taken(1);
  first.client.read(taken);  // and the tickets
  const auto session = first.client.session();
  const auto second = [&](const SSLContext* other) {
    BioPair pair(client_context_, server_context_,
                 {.server_hostname = "other.example", .session = session});
    if (other != nullptr) pair.client.set_context(*other);
    pair.handshake();
    EXPECT_EQ(pair.client.session_reused(), other == nullptr);
    return pair.client_error;
  };
  EXPECT_FALSE(second(nullptr));
  const SSLContext strict = pki().client_context();
  EXPECT_THROW(std::rethrow_exception(second(&strict)), SSLCertVerificationError);
  BioPair unnamed(client_context_, server_context_, {});
  EXPECT_THROW(unnamed.client.set_context(strict), ValueError);
}

TEST_P(SniCallbackTest, AClientsOtherContextBringsItsKeys) {
  const std::vector<std::uint8_t> key(16, 7);
  SSLContext server(Protocol::tls_server), other(Protocol::tls_client);
  server.set_psk_server_callback([&](auto) { return key; });
  other.set_psk_client_callback([&](auto) { return ClientPsk{"me", key}; });
  for (SSLContext* context : {&client_context_, &server, &other}) context->set_ciphers("PSK");
  BioPair pair(client_context_, server);
  pair.client.set_context(other);
  pair.connect();
  EXPECT_EQ(pair.client.getpeercert(binary_form), std::nullopt);
}

/// Whose key is unknown to the other context has to show a certificate there.
TEST_P(SniCallbackTest, AnotherContextsKeysAreAsked) {
  const std::vector<std::uint8_t> key(16, 7);
  client_context_.set_psk_client_callback([&](auto) { return ClientPsk{"me", key}; });
  server_context_.set_psk_server_callback([&](auto) { return key; });
  client_context_.set_ciphers("PSK:ECDHE");
  server_context_.set_ciphers("PSK");
  const BioPair trusted = handshaken("localhost");
  EXPECT_FALSE(trusted.client_error || trusted.server_error);
  // TLS 1.3 chooses a cipher of another hash than such a key has.
  const bool is_tls13 = GetParam() == TLSVersion::tls1_3;
  EXPECT_EQ(trusted.client.getpeercert(binary_form).has_value(), is_tls13);
  SSLContext other = pki().server_context();
  other.set_ciphers("PSK:ECDHE");
  switch_to(server_context_, other);
  const BioPair pair = handshaken("localhost");
  EXPECT_FALSE(pair.client_error || pair.server_error);
  EXPECT_EQ(pair.client.getpeercert(binary_form), pki().server.certificate_der());
}

/// The key share of no group that the server has: it asks for another ClientHello.
TEST_P(SniCallbackTest, IsToldOnce) {
  int calls = 0;
  server_context_.set_sni_callback([&](SSLConnection&, auto) {
    ++calls;
    return std::nullopt;
  });
  server_context_.set_ecdh_curve("secp521r1");
  const BioPair pair = handshaken("localhost");
  EXPECT_FALSE(pair.client_error || pair.server_error);
  EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace peercert::ssl
