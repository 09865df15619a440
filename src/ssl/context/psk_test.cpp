// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include "support/bio_pair.hpp"

namespace peercert::ssl {
namespace {

using Texts = std::vector<std::optional<std::string>>;
using Octets = std::vector<std::uint8_t>;

const Octets kKey = {0xde, 0xad, 0xbe, 0xef};

class PskTest : public testing::TestWithParam<TLSVersion> {
 protected:
  PskTest() {
    for (SSLContext* context : {&client_context_, &server_context_}) {
      context->set_minimum_version(GetParam());
      context->set_maximum_version(GetParam());
      context->set_ciphers("PSK");
    }
    // Verifies, and has no trust anchor: with a certificate it would fail.
    EXPECT_EQ(client_context_.verify_mode(), VerifyMode::required);
    server_context_.set_verify_mode(VerifyMode::required);
  }

  void set_keys(ClientPsk client, Octets server, const std::string& hint = {}) {
    client_context_.set_psk_client_callback([this, client](std::optional<std::string_view> told) {
      hints_.emplace_back(told);
      return client;
    });
    server_context_.set_psk_server_callback(
        [this, server](std::optional<std::string_view> told) {
          identities_.emplace_back(told);
          return server;
        },
        hint);
  }

  BioPair handshaken() {
    BioPair pair(client_context_, server_context_);
    pair.handshake();
    EXPECT_EQ(ERR_peek_error(), 0U);
    return pair;
  }

  bool is_tls1_3() const { return GetParam() == TLSVersion::tls1_3; }

  SSLContext client_context_{Protocol::tls_client};
  SSLContext server_context_{Protocol::tls_server};
  Texts hints_, identities_;
};

INSTANTIATE_TEST_SUITE_P(Versions, PskTest,
                         testing::Values(TLSVersion::tls1_2, TLSVersion::tls1_3));

// As Python's test_psk and test_psk_tls1_3.
TEST_P(PskTest, TakesThePlaceOfCertificates) {
  set_keys({"客户身份", kKey}, kKey, "身份暗示");
  BioPair pair(client_context_, server_context_);
  pair.connect();
  EXPECT_EQ(hints_, is_tls1_3() ? Texts{std::nullopt} : Texts{"身份暗示"});
  EXPECT_EQ(identities_, Texts{"客户身份"});
  for (const SSLObject* end : {&pair.client, &pair.server}) {
    EXPECT_EQ(end->getpeercert(), std::nullopt);
    EXPECT_EQ(end->getpeercert(binary_form), std::nullopt);
    EXPECT_TRUE(end->get_verified_chain().empty());
    EXPECT_EQ(end->get_channel_binding("tls-server-end-point"), std::nullopt);
    EXPECT_EQ(end->peer_identity().verdict(), Verdict::absent);
    EXPECT_FALSE(end->peer_identity().verified());
  }
  pair.server.write(bytes_of("hello"));
  EXPECT_EQ(read_some(pair.client), "hello");
}

TEST_P(PskTest, OfAnotherValueIsRefused) {
  set_keys({"me", {0xca, 0xfe, 0xba, 0xbe}}, kKey);
  BioPair pair = handshaken();
  EXPECT_EQ(caught<SSLError>(pair.server_error).reason(),
            is_tls1_3() ? "BINDER_DOES_NOT_VERIFY" : "DECRYPTION_FAILED_OR_BAD_RECORD_MAC");
  caught<SSLError>(pair.client_error);
}

// Without a certificate to go on with, TLS 1.3 fails where it would choose a signature.
TEST_P(PskTest, ThatIsUnknownIsRefused) {
  set_keys({"me", kKey}, {});
  EXPECT_EQ(caught<SSLError>(handshaken().server_error).reason(),
            is_tls1_3() ? "NO_SUITABLE_SIGNATURE_ALGORITHM" : "PSK_IDENTITY_NOT_FOUND");
  set_keys({"me", {}}, kKey);
  BioPair none = handshaken();
  EXPECT_TRUE(none.client_error && none.server_error);
}

TEST_P(PskTest, NeedsAnIdentityInTls13Alone) {
  set_keys({.key = kKey}, kKey);
  const BioPair pair = handshaken();
  EXPECT_EQ(pair.client_error != nullptr, is_tls1_3());
  EXPECT_EQ(identities_, is_tls1_3() ? Texts{} : Texts{std::nullopt});
}

TEST_P(PskTest, MayBeAsLongAsOpenSSLAllows) {
  const Octets longest(PSK_MAX_PSK_LEN, 7);
  set_keys({std::string(255, 'i'), longest}, longest);
  BioPair(client_context_, server_context_).connect();
  EXPECT_EQ(identities_, Texts{std::string(255, 'i')});

  const Octets longer(PSK_MAX_PSK_LEN + 1, 7);
  set_keys({"me", longer}, kKey);
  caught<ValueError>(handshaken().client_error);
  set_keys({"me", kKey}, longer);
  caught<ValueError>(handshaken().server_error);
  set_keys({std::string(256, 'i'), kKey}, kKey);
  caught<ValueError>(handshaken().client_error);
  // Cut at the NUL it would be somebody else's.
  set_keys({std::string("me\0too", 6), kKey}, kKey);
  caught<ValueError>(handshaken().client_error);
  EXPECT_EQ(identities_.back(), "me");  // of the one that was too long for the server
}

// Python prints it, and answers that there is no key.
TEST_P(PskTest, CallbacksMayThrow) {
  set_keys({"me", kKey}, kKey);
  server_context_.set_psk_server_callback(
      [](auto) -> Octets { throw std::domain_error("no database"); });
  BioPair pair = handshaken();
  EXPECT_STREQ(caught<std::domain_error>(pair.server_error).what(), "no database");
  EXPECT_EQ(caught<SSLError>(pair.client_error).reason(), "TLSV1_ALERT_INTERNAL_ERROR");

  client_context_.set_psk_client_callback(
      [](auto) -> ClientPsk { throw std::domain_error("no key store"); });
  EXPECT_STREQ(caught<std::domain_error>(handshaken().client_error).what(), "no key store");
}

TEST_P(PskTest, ServersAreNotAskedAboutWhatIsNotUtf8) {
  set_keys({"\xff\xfe", kKey}, kKey);
  EXPECT_TRUE(handshaken().server_error);
  EXPECT_TRUE(identities_.empty());
}

TEST_P(PskTest, IsResumed) {
  set_keys({"me", kKey}, kKey);
  // Asked about the session, too, as far as that looks like text, it must not know the key.
  server_context_.set_psk_server_callback(
      [](auto identity) { return identity == "me" ? kKey : Octets(); });
  server_context_.set_options(server_context_.options() | SSL_OP_NO_TICKET);
  BioPair first(client_context_, server_context_);
  first.connect();
  first.server.write(bytes_of("hello"));
  EXPECT_EQ(read_some(first.client), "hello");
  BioPair second(client_context_, server_context_);
  second.client.set_session(first.client.session().value());
  second.connect();
  EXPECT_TRUE(second.client.session_reused());
  EXPECT_EQ(second.server.getpeercert(), std::nullopt);
}

TEST_P(PskTest, IsNotUsedUnlessThereAreCallbacks) {
  set_keys({"me", kKey}, kKey);
  client_context_.set_psk_client_callback({});
  EXPECT_TRUE(handshaken().client_error);
  set_keys({"me", kKey}, kKey);
  server_context_.set_psk_server_callback({});
  EXPECT_TRUE(handshaken().server_error);
  EXPECT_TRUE(identities_.empty());
}

TEST_P(PskTest, CallbacksAreOfTheirSide) {
  EXPECT_STREQ(caught<SSLError>([&] { client_context_.set_psk_server_callback({}); }).what(),
               "Cannot add PSK server callback to a PROTOCOL_TLS_CLIENT context");
  EXPECT_STREQ(caught<SSLError>([&] { server_context_.set_psk_client_callback({}); }).what(),
               "Cannot add PSK client callback to a PROTOCOL_TLS_SERVER context");
  const auto set_hint = [&](const std::string& hint) {
    return [this, hint] { server_context_.set_psk_server_callback({}, hint); };
  };
  EXPECT_EQ(caught<SSLError>(set_hint(std::string(257, 'h'))).reason(), "DATA_LENGTH_TOO_LONG");
  caught<ValueError>(set_hint(std::string("h\0h", 3)));
}

// Its certificate is what a server has for clients without a key.
TEST(Psk, GivesWayToACertificateInTls13) {
  SSLContext server_context = pki().server_context();
  server_context.set_psk_server_callback([](auto) { return Octets(); });
  SSLContext client_context = pki().client_context();
  client_context.set_psk_client_callback([](auto) { return ClientPsk{"me", kKey}; });
  BioPair pair(client_context, server_context);
  pair.connect();
  EXPECT_EQ(pair.client.getpeercert(binary_form), pki().server.certificate_der());
  EXPECT_EQ(pair.client.peer_identity().verdict(), Verdict::verified);
}

}  // namespace
}  // namespace peercert::ssl
