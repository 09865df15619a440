// SPDX-License-Identifier: Apache-2.0
// peer_identity() after full handshakes, on connections that OpenSSL's own API made.
#include <algorithm>
#include <chrono>
#include <future>
#include <optional>
#include <string>

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <peercert/ssl/context.hpp>
#include <peercert/ssl/peer_identity.hpp>

#include "support/bio_pair.hpp"
#include "support/foreign_pair.hpp"
#include "support/tls_pair.hpp"

namespace peercert::ssl {
namespace {

/// How the verification of a connection is recorded.
enum class Hook { none, context, connection };

int accept_everything(int, X509_STORE_CTX*) { return 1; }
int accept_everything_and_say_so(int, X509_STORE_CTX* context) {
  X509_STORE_CTX_set_error(context, X509_V_OK);
  return 1;
}
int refuse_everything(int, X509_STORE_CTX*) { return 0; }
/// Makes the peer's certificate one that nothing can read: OpenSSL writes what it was told.
int spoil_and_refuse(int, X509_STORE_CTX* context) {
  X509* leaf = X509_STORE_CTX_get0_cert(context);
  const OpenSSLPtr<ASN1_STRING, ASN1_STRING_free> no_time(
      ASN1_STRING_type_new(V_ASN1_OCTET_STRING));
  X509_set1_notBefore(leaf, no_time.get());
  i2d_re_X509_tbs(leaf, nullptr);  // it is not written as it came
  return 0;
}

class Identity : public testing::TestWithParam<int> {
 protected:
  Identity() {
    for (SSLContext* context : {&client_context_, &server_context_}) limit(*context);
    client_context_.set_check_hostname(false);
    TestPki::load(client_context_, pki().client);
  }
  ~Identity() override { EXPECT_EQ(ERR_peek_error(), 0U); }

  static void limit(SSLContext& context) {
    context.set_minimum_version(static_cast<TLSVersion>(GetParam()));
    context.set_maximum_version(static_cast<TLSVersion>(GetParam()));
  }
  /// Makes the client's context one that we have not made.
  void make_foreign() {
    SSL_CTX_set_cert_verify_callback(client_context_.native_handle(), nullptr, nullptr);
  }
  ForeignPair connect(Hook hook = Hook::context, const char* host = "localhost",
                      SSL_verify_cb callback = nullptr) {
    if (hook != Hook::context) make_foreign();
    ForeignPair pair(client_context_.native_handle(), server_context_.native_handle());
    SSL* client = pair.client.get();
    if (host != nullptr) SSL_set1_host(client, host);
    if (callback != nullptr) SSL_set_verify(client, SSL_get_verify_mode(client), callback);
    if (hook == Hook::connection) capture_verification(client);
    pair.handshake();
    return pair;
  }
  PeerIdentity identity_of_server(const CertificateOptions& options) {
    server_context_ = pki().server_context(pki().intermediate.issue(options));
    limit(server_context_);
    return peer_identity(connect().client.get());
  }

  SSLContext client_context_ = pki().client_context();
  SSLContext server_context_ = pki().server_context();
};

INSTANTIATE_TEST_SUITE_P(Tls, Identity, testing::Values(TLS1_2_VERSION, TLS1_3_VERSION),
                         [](const auto& version) {
                           return version.param == TLS1_2_VERSION ? "1_2" : "1_3";
                         });

void expect_failed(const PeerIdentity& identity, int code, const Der& leaf) {
  EXPECT_EQ(identity.verdict(), Verdict::failed);
  EXPECT_FALSE(identity.verified());
  ASSERT_EQ(identity.errors().size(), 1U);
  EXPECT_EQ(identity.errors().front().code, code);
  EXPECT_FALSE(identity.errors().front().overridden);
  EXPECT_EQ(identity.chain_sent().value().front(), leaf);
  ASSERT_NE(identity.certificate(), nullptr);
  EXPECT_TRUE(std::ranges::equal(identity.certificate()->der(), leaf));
}

TEST_P(Identity, OfAVerifiedServer) {
  for (const Hook hook : {Hook::context, Hook::connection, Hook::none}) {
    const PeerIdentity identity = peer_identity(connect(hook).client.get());
    EXPECT_EQ(identity.verdict(), Verdict::verified);
    EXPECT_FALSE(identity.resumed());
    EXPECT_TRUE(identity.errors().empty());
    const std::vector sent{pki().server.certificate_der(), pki().intermediate.certificate_der()};
    EXPECT_EQ(identity.chain_sent(), sent);
    const std::optional<VerifiedPeer> peer = identity.verified();
    ASSERT_TRUE(peer);
    const Certificate certificate = peer->certificate();
    EXPECT_TRUE(std::ranges::equal(certificate.der(), sent[0]));
    EXPECT_EQ(peer->chain(), (std::vector{sent[0], sent[1], pki().root.certificate_der()}));
    EXPECT_EQ(peer->name(), "localhost");
    EXPECT_EQ(peer->spiffe_id().defect, SpiffeDefect::no_uri);
  }
}

TEST_P(Identity, NamesTheAddressThatWasAskedFor) {
  ForeignPair pair(client_context_.native_handle(), server_context_.native_handle());
  X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(pair.client.get()), "127.0.0.1");
  pair.handshake();
  const PeerIdentity identity = peer_identity(pair.client.get());
  ASSERT_TRUE(identity.verified());
  EXPECT_EQ(identity.verified()->name(), "127.0.0.1");
  EXPECT_EQ(identity.to_string(),
            "verified: CN=localhost, O=Test: the certificate names 127.0.0.1");
}

TEST_P(Identity, OfAClient) {
  EXPECT_EQ(peer_identity(connect().server.get()).to_string(), "absent: the peer sent none");
  server_context_.set_verify_mode(VerifyMode::required);
  const PeerIdentity identity = peer_identity(connect().server.get());
  ASSERT_TRUE(identity.verified());
  EXPECT_EQ(identity.verified()->name(), std::nullopt);
  EXPECT_EQ(identity.to_string(), "verified: CN=a client: no name was asked for");
  EXPECT_EQ(identity.chain_sent(),
            (std::vector{pki().client.certificate_der(), pki().intermediate.certificate_der()}));
  EXPECT_EQ(identity.verified()->chain()->back(), pki().root.certificate_der());
}

TEST_P(Identity, OfAServerThatFails) {
  using namespace std::chrono_literals;
  const auto today = CertificateOptions::today();
  const PeerIdentity expired = identity_of_server(
      {.subject = {{"CN", "old"}}, .subject_alt_name = {"DNS:localhost"}, .not_after = today - 1h});
  EXPECT_EQ(expired.to_string(), "failed: CN=old: certificate has expired (10) at depth 0, CN=old");
  EXPECT_EQ(expired.errors().front().message, "certificate has expired");
  const Credential self = Credential::self_signed({.subject_alt_name = {"DNS:localhost"}});
  server_context_ = pki().server_context(self);
  limit(server_context_);
  for (const Hook hook : {Hook::context, Hook::connection, Hook::none}) {
    expect_failed(peer_identity(connect(hook).client.get()), X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
                  self.certificate_der());
  }
}

TEST_P(Identity, OfAServerWithAnotherName) {
  for (const Hook hook : {Hook::context, Hook::connection}) {
    const PeerIdentity identity = peer_identity(connect(hook, "other.example").client.get());
    expect_failed(identity, X509_V_ERR_HOSTNAME_MISMATCH, pki().server.certificate_der());
    EXPECT_EQ(identity.errors().front().subject, "CN=localhost, O=Test");
  }
}

// OpenSSL itself keeps nothing of it on a server.
TEST_P(Identity, OfAClientThatFails) {
  const TestPki stranger;
  server_context_.set_verify_mode(VerifyMode::required);
  TestPki::load(client_context_, stranger.client);
  for (const bool one_connection : {false, true}) {
    SSL_CTX* server = server_context_.native_handle();
    if (one_connection) SSL_CTX_set_cert_verify_callback(server, nullptr, nullptr);
    ForeignPair pair(client_context_.native_handle(), server);
    if (one_connection) capture_verification(pair.server.get());
    pair.handshake();
    expect_failed(peer_identity(pair.server.get()), X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
                  stranger.client.certificate_der());
  }
}

TEST_P(Identity, IsRequiredOfBothSides) {
  for (SSLContext* context : {&client_context_, &server_context_}) {
    context->set_verify_mode(VerifyMode::none);
    SSL_CTX_set_cert_verify_callback(context->native_handle(), nullptr, nullptr);
    require_verified_peers(context->native_handle());
  }
  const ForeignPair good = connect();
  EXPECT_EQ(peer_identity(good.client.get()).verdict(), Verdict::verified);
  EXPECT_EQ(peer_identity(good.server.get()).verdict(), Verdict::verified);
  expect_failed(peer_identity(connect(Hook::context, "other.example").client.get()),
                X509_V_ERR_HOSTNAME_MISMATCH, pki().server.certificate_der());
  SSLContext nobody = pki().client_context();
  limit(nobody);
  ForeignPair pair(nobody.native_handle(), server_context_.native_handle());
  pair.handshake();
  EXPECT_FALSE(SSL_is_init_finished(pair.server.get()));
  EXPECT_EQ(peer_identity(pair.server.get()).verdict(), Verdict::absent);
}

TEST_P(Identity, IsUnverifiedIfNobodyAsked) {
  client_context_.set_verify_mode(VerifyMode::none);
  for (const Hook hook : {Hook::context, Hook::connection, Hook::none}) {
    const PeerIdentity good = peer_identity(connect(hook).client.get());
    EXPECT_EQ(good.verdict(), Verdict::unverified);
    EXPECT_EQ(good.reason(), "verification was not required; it found no error");
    const PeerIdentity bad = peer_identity(connect(hook, "other.example").client.get());
    EXPECT_EQ(bad.verdict(), Verdict::unverified);
    EXPECT_FALSE(bad.verified());
    ASSERT_EQ(bad.errors().size(), 1U);
    EXPECT_EQ(bad.errors().front().code, X509_V_ERR_HOSTNAME_MISMATCH);
  }
}

TEST_P(Identity, IsUnverifiedIfAnErrorWasOverridden) {
  for (const Hook hook : {Hook::context, Hook::connection}) {
    for (SSL_verify_cb callback : {accept_everything, accept_everything_and_say_so}) {
      const ForeignPair pair = connect(hook, "other.example", callback);
      ASSERT_TRUE(SSL_is_init_finished(pair.client.get()));
      const PeerIdentity identity = peer_identity(pair.client.get());
      EXPECT_EQ(identity.verdict(), Verdict::unverified);
      ASSERT_EQ(identity.errors().size(), 1U);
      EXPECT_EQ(identity.errors().front().code, X509_V_ERR_HOSTNAME_MISMATCH);
      EXPECT_TRUE(identity.errors().front().overridden);
    }
    const ForeignPair good = connect(hook, "localhost", accept_everything);
    EXPECT_EQ(peer_identity(good.client.get()).verdict(), Verdict::verified);
  }
}

TEST_P(Identity, IsNotProvenByAnSslWithACallback) {
  const ForeignPair pair = connect(Hook::none, "other.example", accept_everything_and_say_so);
  EXPECT_EQ(SSL_get_verify_result(pair.client.get()), X509_V_OK);
  const PeerIdentity identity = peer_identity(pair.client.get());
  EXPECT_EQ(identity.verdict(), Verdict::unverified);
  EXPECT_TRUE(contains(identity.reason(), "callback may have overridden errors"));
}

TEST_P(Identity, FailsIfTheApplicationRefuses) {
  for (const Hook hook : {Hook::context, Hook::connection}) {
    const ForeignPair pair = connect(hook, "localhost", refuse_everything);
    expect_failed(peer_identity(pair.client.get()), X509_V_ERR_APPLICATION_VERIFICATION,
                  pki().server.certificate_der());
  }
}

TEST_P(Identity, StaysFailedIfTheCertificateCannotBeDecoded) {
  const ForeignPair pair = connect(Hook::context, "localhost", spoil_and_refuse);
  const PeerIdentity identity = peer_identity(pair.client.get());
  EXPECT_EQ(identity.certificate(), nullptr);
  EXPECT_EQ(identity.verdict(), Verdict::failed);
  EXPECT_TRUE(contains(identity.reason(), "application verification failure"));
}

TEST_P(Identity, IsTakenBackWithTheVerifyResult) {
  const ForeignPair pair = connect();
  SSL_set_verify_result(pair.client.get(), X509_V_ERR_CERT_REVOKED);
  const PeerIdentity identity = peer_identity(pair.client.get());
  EXPECT_EQ(identity.verdict(), Verdict::unverified);
  EXPECT_EQ(identity.reason(), "certificate revoked");
}

TEST_P(Identity, IsNotVerifiedBeforeTheHandshakeIsDone) {
  for (const Hook hook : {Hook::context, Hook::none}) {
    if (hook == Hook::none) make_foreign();
    ForeignPair pair(client_context_.native_handle(), server_context_.native_handle());
    EXPECT_EQ(peer_identity(pair.client.get()).to_string(), "absent: the handshake is not done");
    pair.step_client();
    pair.step_server();
    pair.step_client();
    // In TLS 1.2 the certificate is there, and the server has still to prove that it has the key.
    const PeerIdentity identity = peer_identity(pair.client.get());
    const bool done = GetParam() == TLS1_3_VERSION;
    EXPECT_EQ(identity.verdict(), done ? Verdict::verified : Verdict::unverified);
    EXPECT_NE(identity.certificate(), nullptr);
  }
}

TEST_P(Identity, StaysTrueWhenTheConnectionBreaks) {
  ForeignPair pair = connect();
  constexpr char kGarbage[] = "\x17\x03\x03\x00\x05hello";
  BIO_write(SSL_get_wbio(pair.server.get()), kGarbage, sizeof kGarbage - 1);
  char octet = 0;
  EXPECT_LE(SSL_read(pair.client.get(), &octet, 1), 0);
  ERR_clear_error();
  EXPECT_FALSE(SSL_is_init_finished(pair.client.get()));
  EXPECT_EQ(peer_identity(pair.client.get()).verdict(), Verdict::verified);
}

TEST_P(Identity, OutlivesTheConnection) {
  std::optional<ForeignPair> pair(connect());
  const PeerIdentity identity = peer_identity(pair->client.get());
  const VerifiedPeer peer = *identity.verified();
  pair.reset();
  EXPECT_EQ(peer.name(), "localhost");
  EXPECT_EQ(peer.chain()->size(), 3U);
  const Certificate certificate = peer.certificate();
  EXPECT_TRUE(std::ranges::equal(identity.certificate()->der(), certificate.der()));
}

// An SSL that is used again tells nothing of the peer before.
TEST_P(Identity, ForgetsTheConnectionBefore) {
  ForeignPair pair = connect();
  ASSERT_TRUE(peer_identity(pair.client.get()).verified());
  SSL_set_shutdown(pair.client.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
  ASSERT_EQ(SSL_clear(pair.client.get()), 1);
  EXPECT_FALSE(peer_identity(pair.client.get()).verified());
}

// SSL_dup() copies the callback, which has to go on asking the application's.
TEST_P(Identity, ACopyOfTheConnectionIsAskedToo) {
  make_foreign();
  ForeignPair pair(client_context_.native_handle(), server_context_.native_handle());
  SSL_set_verify(pair.client.get(), SSL_VERIFY_PEER, refuse_everything);
  capture_verification(pair.client.get());
  capture_verification(pair.client.get());  // once more changes nothing
  // Before its handshake SSL_dup() gives a new SSL only to those who have none of its state.
  SslPtr copy(SSL_dup(pair.client.get()));
  ASSERT_NE(copy.get(), pair.client.get());
  BIO* bio = SSL_get_rbio(pair.client.get());
  BIO_up_ref(bio);
  SSL_set_bio(copy.get(), bio, bio);
  pair.client = std::move(copy);
  pair.handshake();
  EXPECT_EQ(peer_identity(pair.client.get()).verdict(), Verdict::failed);
}

TEST_P(Identity, BoundsWhatAnIndulgentCallbackMakesItRecord) {
  Credential issuer = Credential::root_ca("Nobody");
  for (int i = 0; i < 20; ++i) {
    issuer = issuer.issue({.subject = {{"CN", std::string(60, 'x')}, {"O", std::to_string(i)}},
                           .ca = true,
                           .not_after = CertificateOptions::today() - std::chrono::days(1)});
  }
  server_context_ = pki().server_context(
      issuer.issue({.subject_alt_name = {"DNS:a"}, .not_after = CertificateOptions::today()}));
  limit(server_context_);
  const ForeignPair pair = connect(Hook::context, "localhost", accept_everything);
  ASSERT_TRUE(SSL_is_init_finished(pair.client.get()));
  const PeerIdentity identity = peer_identity(pair.client.get());
  EXPECT_EQ(identity.verdict(), Verdict::unverified);
  EXPECT_GT(identity.errors().size(), 20U);
  EXPECT_LE(identity.errors().size(), 32U);
  EXPECT_EQ(identity.chain_sent()->size(), 21U);
}

TEST(SocketIdentity, IsThereAfterSuccessAndFailure) {
  TlsPair good(pki().client_context(), pki().server_context(), "localhost");
  const PeerIdentity identity = good.handshake().client.peer_identity();
  ASSERT_TRUE(identity.verified());
  EXPECT_EQ(identity.verified()->name(), "localhost");

  SocketPair sockets = connect_sockets();
  TlsPair bad(create_default_context(), pki().server_context(), "localhost", std::move(sockets));
  auto server_side = std::async(std::launch::async, [&] { return TlsPair::attempt(bad.server); });
  EXPECT_TRUE(TlsPair::attempt(bad.client));
  EXPECT_EQ(bad.client.peer_identity().verdict(), Verdict::failed);
  bad.client.close();
  EXPECT_TRUE(server_side.get());
  EXPECT_THROW(static_cast<void>(bad.client.peer_identity()), ValueError);
}

/// Each offset of the cut within characters of two, three and four bytes.
TEST(PeerIdentityText, CutsSubjectsBetweenCharacters) {
  for (const std::string_view character : {"\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x94\x92"}) {
    for (std::size_t offset = 1; offset <= character.size(); ++offset) {
      std::string value;
      for (int i = 0; i < 30; ++i) value += character;
      const SSLContext server = pki().server_context(Credential::self_signed(
          {.subject = {{"O", value}, {"OU", value}, {"CN", std::string(offset, 'x') + value}}}));
      BioPair pair(pki().client_context(), server);
      pair.handshake();
      const PeerIdentity identity = pair.client.peer_identity();
      ASSERT_EQ(identity.verdict(), Verdict::failed);
      for (const std::string& text : {identity.to_string(), identity.errors().at(0).subject}) {
        const Bytes octets(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
        EXPECT_EQ(der::utf8_error(octets), octets.size()) << text;
      }
      EXPECT_LE(identity.errors()[0].subject.size(), 256U);
    }
  }
}

}  // namespace
}  // namespace peercert::ssl
