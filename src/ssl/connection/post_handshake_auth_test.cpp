// SPDX-License-Identifier: Apache-2.0
// As Python's TestPostHandshakeAuth, test by test.
#include <gtest/gtest.h>
#include <openssl/err.h>

#include "support/bio_pair.hpp"

namespace peercert::ssl {
namespace {

class PostHandshakeAuth : public testing::Test {
 protected:
  PostHandshakeAuth() {
    client_context_.set_post_handshake_auth(true);
    server_context_.set_post_handshake_auth(true);
    server_context_.set_verify_mode(VerifyMode::required);
  }

  BioPair connected() {
    BioPair pair(client_context_, server_context_);
    pair.connect();
    EXPECT_EQ(pair.server.getpeercert(), std::nullopt);
    return pair;
  }

  /// The server asks, the client answers, the server reads the answer.
  static void converse(BioPair& pair) {
    pair.server.verify_client_post_handshake();
    EXPECT_THROW(static_cast<void>(pair.server.getpeercert()), ValueError);
    pair.server.write(bytes_of("asked"));
    EXPECT_EQ(pair.server.getpeercert(), std::nullopt);
    EXPECT_EQ(read_some(pair.client), "asked");
    pair.client.write(bytes_of("answered"));
    EXPECT_EQ(read_some(pair.server), "answered");
  }

  static std::string refusal(SSLObject& end) {
    return caught<SSLError>([&] { end.verify_client_post_handshake(); }).reason();
  }

  SSLContext client_context_ = pki().client_context();
  SSLContext server_context_ = pki().server_context();
};

TEST_F(PostHandshakeAuth, IsASettingOfBothSides) {
  for (const Protocol protocol : {Protocol::tls_client, Protocol::tls_server}) {
    SSLContext context(protocol);
    EXPECT_FALSE(context.post_handshake_auth());
    context.set_post_handshake_auth(true);
    context.set_verify_mode(VerifyMode::required);
    EXPECT_TRUE(context.post_handshake_auth());
    EXPECT_EQ(context.verify_mode(), VerifyMode::required);
    context.set_post_handshake_auth(false);
    EXPECT_FALSE(context.post_handshake_auth());
  }
}

TEST_F(PostHandshakeAuth, Required) {
  TestPki::load(client_context_, pki().client);
  BioPair pair = connected();
  converse(pair);
  EXPECT_EQ(pair.server.getpeercert(binary_form), pki().client.certificate_der());
  EXPECT_FALSE(pair.server.getpeercert()->empty());
  EXPECT_EQ(pair.server.get_verified_chain().size(), 3U);
  EXPECT_EQ(pair.server.get_unverified_chain().size(), 2U);
}

TEST_F(PostHandshakeAuth, RequiredWithoutCertificate) {
  BioPair pair = connected();
  const auto error = caught<SSLError>([&] { converse(pair); });
  EXPECT_EQ(error.reason(), "PEER_DID_NOT_RETURN_A_CERTIFICATE");
  EXPECT_THROW(static_cast<void>(pair.server.getpeercert()), ValueError);
  EXPECT_EQ(caught<SSLError>([&] { read_some(pair.client); }).reason(),
            "TLSV13_ALERT_CERTIFICATE_REQUIRED");
}

TEST_F(PostHandshakeAuth, Optional) {
  TestPki::load(client_context_, pki().client);
  server_context_.set_verify_mode(VerifyMode::optional);
  BioPair pair = connected();
  converse(pair);
  EXPECT_FALSE(pair.server.getpeercert()->empty());
}

TEST_F(PostHandshakeAuth, OptionalWithoutCertificate) {
  server_context_.set_verify_mode(VerifyMode::optional);
  BioPair pair = connected();
  converse(pair);
  EXPECT_EQ(pair.server.getpeercert(), std::nullopt);
  EXPECT_TRUE(pair.server.get_unverified_chain().empty());
}

TEST_F(PostHandshakeAuth, OfAnUnknownAuthorityIsRefused) {
  const Credential stranger =
      Credential::root_ca("Stranger").issue({.extended_key_usage = ExtendedKeyUsage::client_auth});
  TestPki::load(client_context_, stranger);
  BioPair pair = connected();
  EXPECT_THROW(converse(pair), SSLCertVerificationError);
  EXPECT_THROW(static_cast<void>(pair.server.getpeercert()), ValueError);
}

TEST_F(PostHandshakeAuth, NeedsAClientThatOffersIt) {
  client_context_.set_post_handshake_auth(false);
  BioPair pair = connected();
  EXPECT_EQ(refusal(pair.server), "EXTENSION_NOT_RECEIVED");
  EXPECT_EQ(refusal(pair.client), "NOT_SERVER");
  EXPECT_EQ(ERR_peek_error(), 0U);
}

// Then the certificate is asked for in the handshake, as if nobody had spoken of afterwards.
TEST_F(PostHandshakeAuth, NeedsAServerThatPutsItOff) {
  TestPki::load(client_context_, pki().client);
  server_context_.set_post_handshake_auth(false);
  BioPair pair(client_context_, server_context_);
  pair.connect();
  EXPECT_FALSE(pair.server.getpeercert()->empty());
}

TEST_F(PostHandshakeAuth, NeedsTls13) {
  TestPki::load(client_context_, pki().client);
  client_context_.set_maximum_version(TLSVersion::tls1_2);
  BioPair pair(client_context_, server_context_);
  pair.connect();
  EXPECT_FALSE(pair.server.getpeercert()->empty());
  EXPECT_EQ(refusal(pair.server), "WRONG_SSL_VERSION");
}

// As Python's test_bpo37428_pha_cert_none: nothing is asked, and nothing is validated by it.
TEST_F(PostHandshakeAuth, NeedsAServerThatVerifies) {
  server_context_.set_verify_mode(VerifyMode::none);
  client_context_.set_check_hostname(false);
  client_context_.set_verify_mode(VerifyMode::none);
  BioPair pair = connected();
  EXPECT_EQ(refusal(pair.server), "INVALID_CONFIG");
  EXPECT_TRUE(pair.client.getpeercert()->empty());
  EXPECT_EQ(pair.server.getpeercert(), std::nullopt);
}

TEST_F(PostHandshakeAuth, NeedsAFinishedHandshake) {
  BioPair pair(client_context_, server_context_);
  EXPECT_THROW(pair.server.verify_client_post_handshake(), SSLError);
  SSLSocket closed = client_context_.wrap_socket(
      connect_sockets().client, {.do_handshake_on_connect = false, .server_hostname = "localhost"});
  closed.close();
  EXPECT_THROW(closed.verify_client_post_handshake(), ValueError);
}

}  // namespace
}  // namespace peercert::ssl
