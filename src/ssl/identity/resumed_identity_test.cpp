// SPDX-License-Identifier: Apache-2.0
// peer_identity() of connections that resume a session: TLS 1.2 and 1.3, with tickets and with the
// server's cache, on both sides.
#include <algorithm>
#include <array>
#include <future>
#include <string>
#include <tuple>

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <peercert/ssl/context.hpp>
#include <peercert/ssl/peer_identity.hpp>

#include "ssl/identity/verify_capture.hpp"
#include "support/foreign_context.hpp"
#include "support/foreign_pair.hpp"
#include "support/tls_pair.hpp"

namespace peercert::ssl {
namespace {

class ResumedIdentity : public testing::TestWithParam<std::tuple<int, bool>> {
 protected:
  ResumedIdentity() {
    for (SSLContext* context : {&client_context_, &server_context_}) {
      context->set_minimum_version(static_cast<TLSVersion>(version()));
      context->set_maximum_version(static_cast<TLSVersion>(version()));
    }
    client_context_.set_check_hostname(false);
    TestPki::load(client_context_, pki().client);
    server_context_.set_verify_mode(VerifyMode::required);
    if (!tickets()) SSL_CTX_set_options(server_context_.native_handle(), SSL_OP_NO_TICKET);
  }
  ~ResumedIdentity() override { EXPECT_EQ(ERR_peek_error(), 0U); }

  static int version() { return std::get<0>(GetParam()); }
  static bool tickets() { return std::get<1>(GetParam()); }

  ForeignPair connect(SSL_SESSION* session = nullptr, const char* host = "localhost") const {
    ForeignPair pair(client_context_.native_handle(), server_context_.native_handle());
    if (host != nullptr) SSL_set1_host(pair.client.get(), host);
    if (session != nullptr) SSL_set_session(pair.client.get(), session);
    pair.handshake();
    EXPECT_EQ(SSL_is_init_finished(pair.client.get()), 1);
    leave_politely(pair);
    return pair;
  }
  SslSessionPtr make_session() const { return session_of(connect()); }
  PeerIdentity resume(SSL_SESSION* session, const char* host = "localhost") const {
    const PeerIdentity identity = peer_identity(connect(session, host).client.get());
    EXPECT_TRUE(identity.resumed());
    return identity;
  }
  static void expect_unverified(const PeerIdentity& identity, std::string_view reason) {
    EXPECT_EQ(identity.verdict(), Verdict::unverified);
    EXPECT_FALSE(identity.verified());
    EXPECT_NE(identity.certificate(), nullptr);
    EXPECT_TRUE(contains(identity.reason(), reason));
  }

  SSLContext client_context_ = pki().client_context();
  SSLContext server_context_ = pki().server_context();
};

INSTANTIATE_TEST_SUITE_P(Tls, ResumedIdentity,
                         testing::Combine(testing::Values(TLS1_2_VERSION, TLS1_3_VERSION),
                                          testing::Bool()),
                         [](const auto& test) {
                           const bool old = std::get<0>(test.param) == TLS1_2_VERSION;
                           return std::string(old ? "1_2" : "1_3") +
                                  (std::get<1>(test.param) ? "_ticket" : "_cache");
                         });

void put(SSL_SESSION* session, const std::vector<std::uint8_t>& octets) {
  ASSERT_EQ(SSL_SESSION_set1_ticket_appdata(session, octets.data(), octets.size()), 1);
}
void put(SSL_SESSION* session, const VerificationRecord& record) {
  put(session, to_octets(record, kMaxClientRecordLen));
}

// Through three connections: each ticket of TLS 1.3 is made of the session before.
TEST_P(ResumedIdentity, IsThatOfTheFirstConnection) {
  SslSessionPtr session = make_session();
  for (int i = 0; i < 2; ++i) {
    const ForeignPair pair = connect(session.get());
    const PeerIdentity server = peer_identity(pair.client.get());
    EXPECT_EQ(server.to_string(),
              "verified, resumed: CN=localhost, O=Test: the certificate names localhost");
    const Der leaf = pki().server.certificate_der();
    const Der intermediate = pki().intermediate.certificate_der();
    EXPECT_EQ(server.chain_sent(), (std::vector{leaf, intermediate}));
    ASSERT_TRUE(server.verified());
    EXPECT_EQ(server.verified()->chain(),
              (std::vector{leaf, intermediate, pki().root.certificate_der()}));
    const PeerIdentity client = peer_identity(pair.server.get());
    EXPECT_EQ(client.to_string(), "verified, resumed: CN=a client: no name was asked for");
    EXPECT_EQ(client.chain_sent()->size(), 2U);
    EXPECT_EQ(client.verified()->chain()->size(), 3U);
    session = session_of(pair);
  }
}

TEST_P(ResumedIdentity, SurvivesASerializedSession) {
  const SslSessionPtr session = make_session();
  unsigned char* octets = nullptr;
  const int len = i2d_SSL_SESSION(session.get(), &octets);
  ASSERT_GT(len, 0);
  const unsigned char* at = octets;
  const SslSessionPtr copy(d2i_SSL_SESSION(nullptr, &at, len));
  OPENSSL_free(octets);
  EXPECT_EQ(resume(copy.get()).verdict(), Verdict::verified);
}

TEST_P(ResumedIdentity, IsForTheSameNameAlone) {
  const SslSessionPtr session = make_session();
  expect_unverified(resume(session.get(), "other.example"),
                    "verified under another name: localhost, not other.example");
  expect_unverified(resume(session.get(), nullptr), "another name: localhost, not no name");
}

TEST_P(ResumedIdentity, IsForTheSameFlagsAlone) {
  const SslSessionPtr session = make_session();
  client_context_.set_verify_flags(client_context_.verify_flags() | VerifyFlags::crl_check_leaf);
  expect_unverified(resume(session.get()), "under other flags");
}

TEST_P(ResumedIdentity, StaysUnverifiedIfNobodyAskedWhenItWasMade) {
  client_context_.set_verify_mode(VerifyMode::none);
  const SslSessionPtr session = make_session();
  const PeerIdentity lax = resume(session.get());
  expect_unverified(lax, "verification was not required; it found no error");
  client_context_.set_verify_mode(VerifyMode::required);
  expect_unverified(resume(session.get()), "verification was not required");
}

TEST_P(ResumedIdentity, IsUnverifiedIfNobodyAsksNow) {
  const SslSessionPtr session = make_session();
  client_context_.set_verify_mode(VerifyMode::none);
  expect_unverified(resume(session.get()), "verification is not required");
}

TEST_P(ResumedIdentity, EndsWithTheCertificates) {
  const SslSessionPtr session = make_session();
  VerificationRecord record = record_in(session.get());
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  record.not_after = std::chrono::duration_cast<std::chrono::seconds>(now).count() - 1;
  put(session.get(), record);
  expect_unverified(resume(session.get()), "not valid any more");
  record.not_after = INT64_MAX;
  record.not_before = std::chrono::duration_cast<std::chrono::seconds>(now).count() + 1000;
  put(session.get(), record);
  expect_unverified(resume(session.get()), "not valid any more");
  SSL_CTX* ctx = client_context_.native_handle();
  X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(ctx), X509_V_FLAG_NO_CHECK_TIME);
  record.policy.flags |= X509_V_FLAG_NO_CHECK_TIME;
  put(session.get(), record);
  EXPECT_EQ(resume(session.get()).verdict(), Verdict::verified);
}

// Whichever certificate of the chain ends first or begins last.
TEST_P(ResumedIdentity, KnowsTheTimeOfTheWholeChain) {
  using namespace std::chrono_literals;
  const auto today = CertificateOptions::today();
  const Credential ca = pki().root.issue(
      {.subject = {{"CN", "CA"}}, .ca = true, .not_before = today - 24h, .not_after = today + 72h});
  const Credential brief = ca.issue(
      {.subject_alt_name = {"DNS:localhost"}, .not_before = today - 1h, .not_after = today + 48h});
  const Credential lasting = ca.issue(
      {.subject_alt_name = {"DNS:localhost"}, .not_before = today - 48h, .not_after = today + 96h});
  TestPki::load(server_context_, brief);
  const VerificationRecord of_leaf = record_in(make_session().get());
  EXPECT_EQ(of_leaf.not_before, (today - 1h).time_since_epoch() / 1s);
  EXPECT_EQ(of_leaf.not_after, (today + 48h).time_since_epoch() / 1s);
  TestPki::load(server_context_, lasting);
  const VerificationRecord of_ca = record_in(make_session().get());
  EXPECT_EQ(of_ca.not_before, (today - 24h).time_since_epoch() / 1s);
  EXPECT_EQ(of_ca.not_after, (today + 72h).time_since_epoch() / 1s);
}

TEST_P(ResumedIdentity, IsTakenBackWithTheVerifyResult) {
  const SslSessionPtr session = make_session();
  const ForeignPair pair = connect(session.get());
  SSL_set_verify_result(pair.client.get(), X509_V_ERR_CERT_REVOKED);
  const PeerIdentity identity = peer_identity(pair.client.get());
  EXPECT_TRUE(identity.resumed());
  expect_unverified(identity, "certificate revoked");
}

// A peer that knows a session's identifier has not proven that it has the session's secret.
TEST_P(ResumedIdentity, IsNotVerifiedBeforeTheHandshakeIsDone) {
  const SslSessionPtr session = make_session();
  ForeignPair pair(client_context_.native_handle(), server_context_.native_handle());
  SSL_set1_host(pair.client.get(), "localhost");
  SSL_set_session(pair.client.get(), session.get());
  pair.step_client();
  pair.step_server();
  const PeerIdentity of_client = peer_identity(pair.server.get());
  ASSERT_TRUE(of_client.resumed());
  expect_unverified(of_client, "the handshake is not done");
  // The client gets the first record alone: ServerHello.
  std::array<unsigned char, 5> header{};
  BIO* const wire = SSL_get_rbio(pair.client.get());
  ASSERT_EQ(BIO_read(wire, header.data(), header.size()), 5);
  std::vector<unsigned char> fragment(static_cast<std::size_t>(header[3] << 8 | header[4]));
  const int len = static_cast<int>(fragment.size());
  ASSERT_EQ(BIO_read(wire, fragment.data(), len), len);
  BIO* const first = BIO_new(BIO_s_mem());
  BIO_set_mem_eof_return(first, -1);
  BIO_write(first, header.data(), header.size());
  BIO_write(first, fragment.data(), len);
  SSL_set0_rbio(pair.client.get(), first);
  pair.step_client();
  ERR_clear_error();
  ASSERT_EQ(SSL_is_init_finished(pair.client.get()), 0);
  expect_unverified(peer_identity(pair.client.get()), "the handshake is not done");
}

TEST_P(ResumedIdentity, KeepsAnErrorThatWasOverridden) {
  SSL_CTX_set_verify(client_context_.native_handle(), SSL_VERIFY_PEER,
                     [](int, X509_STORE_CTX*) { return 1; });
  const SslSessionPtr session = session_of(connect(nullptr, "other.example"));
  // OpenSSL itself does not resume it: the session keeps the error as its verify_result.
  const ForeignPair pair = connect(session.get(), "other.example");
  const PeerIdentity identity = peer_identity(pair.client.get());
  EXPECT_EQ(identity.verdict(), Verdict::unverified);
  ASSERT_EQ(identity.errors().size(), 1U);
  EXPECT_TRUE(identity.errors().front().overridden);
}

TEST_P(ResumedIdentity, IsNotAvailableWithoutARecord) {
  for (SSLContext* context : {&client_context_, &server_context_}) {
    SSL_CTX_set_cert_verify_callback(context->native_handle(), nullptr, nullptr);
  }
  const SslSessionPtr session = make_session();
  const ForeignPair pair = connect(session.get());
  for (const SslPtr& side : {std::cref(pair.client), std::cref(pair.server)}) {
    const PeerIdentity identity = peer_identity(side.get());
    expect_unverified(identity, "no record of its verification");
    EXPECT_EQ(identity.chain_sent(), std::nullopt);
  }
}

TEST_P(ResumedIdentity, IsKeptForOneConnectionThatIsCaptured) {
  SSL_CTX_set_cert_verify_callback(client_context_.native_handle(), nullptr, nullptr);
  ForeignPair first(client_context_.native_handle(), server_context_.native_handle());
  SSL_set1_host(first.client.get(), "localhost");
  capture_verification(first.client.get());
  first.handshake();
  leave_politely(first);
  const SslSessionPtr session = session_of(first);
  EXPECT_EQ(resume(session.get()).verdict(), Verdict::verified);
}

TEST_P(ResumedIdentity, TakesAForgedRecordForNone) {
  const SslSessionPtr session = make_session();
  const VerificationRecord good = record_in(session.get());
  const std::vector<std::uint8_t> octets = to_octets(good, kMaxClientRecordLen);
  for (const std::size_t len : {std::size_t{1}, std::size_t{12}, octets.size() - 1}) {
    put(session.get(), {octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(len)});
    expect_unverified(resume(session.get()), "no record of its verification");
  }
  VerificationRecord other = good;
  other.leaf = {};  // a record of another certificate
  put(session.get(), other);
  expect_unverified(resume(session.get()), "no record of its verification");
  put(session.get(), good);
  EXPECT_EQ(resume(session.get()).verdict(), Verdict::verified);
}

TEST_P(ResumedIdentity, LeavesTheApplicationsOwnDataAlone) {
  static constexpr std::string_view kOwn = "the application's own";
  SSL_CTX_set_verify(
      client_context_.native_handle(), SSL_VERIFY_PEER, [](int ok, X509_STORE_CTX* context) {
        const auto* ssl = static_cast<SSL*>(
            X509_STORE_CTX_get_ex_data(context, SSL_get_ex_data_X509_STORE_CTX_idx()));
        SSL_SESSION_set1_ticket_appdata(SSL_get_session(ssl), kOwn.data(), kOwn.size());
        return ok;
      });
  const SslSessionPtr session = make_session();
  void* data = nullptr;
  std::size_t len = 0;
  SSL_SESSION_get0_ticket_appdata(session.get(), &data, &len);
  EXPECT_EQ(std::string_view(static_cast<char*>(data), len), kOwn);
  expect_unverified(resume(session.get()), "no record of its verification");
}

// The record of the connection before is of another handshake, though of the same certificate.
TEST_P(ResumedIdentity, OfAnSslThatIsUsedAgainIsTheSessions) {
  ForeignPair pair = connect();
  const SslSessionPtr session = session_of(pair);
  put(session.get(), std::vector<std::uint8_t>{});
  ForeignPair next(client_context_.native_handle(), server_context_.native_handle());
  ASSERT_EQ(SSL_clear(pair.client.get()), 1);
  BIO* bio = SSL_get_rbio(next.client.get());
  BIO_up_ref(bio);
  SSL_set_bio(pair.client.get(), bio, bio);
  SSL_set_session(pair.client.get(), session.get());
  next.client = std::move(pair.client);
  next.handshake();
  ASSERT_EQ(SSL_session_reused(next.client.get()), 1);
  expect_unverified(peer_identity(next.client.get()), "no record of its verification");
}

TEST_P(ResumedIdentity, SaysThatAChainWasTooLongToKeep) {
  Credential issuer = pki().root;
  for (int i = 0; i < 98; ++i) {
    issuer = issuer.issue({.subject = {{"CN", "Authority " + std::to_string(i)}}, .ca = true});
  }
  const Credential leaf = issuer.issue({.subject_alt_name = {"DNS:localhost"}});
  TestPki::load(server_context_, leaf);
  const ForeignPair pair = connect();
  const PeerIdentity first = peer_identity(pair.client.get());
  EXPECT_EQ(first.chain_sent()->size(), 99U);
  EXPECT_EQ(first.verified()->chain()->size(), 100U);
  const SslSessionPtr session = session_of(pair);
  void* data = nullptr;
  std::size_t len = 0;
  SSL_SESSION_get0_ticket_appdata(session.get(), &data, &len);
  EXPECT_LE(len, 4096U);  // the names of the issuers are there
  const PeerIdentity resumed = resume(session.get());
  ASSERT_TRUE(resumed.verified());
  EXPECT_EQ(resumed.verified()->chain(), std::nullopt);
  EXPECT_EQ(resumed.chain_sent(), std::nullopt);
}

// One context, eight threads that resume each other's session.
TEST_P(ResumedIdentity, IsTheSameInAllThreads) {
  constexpr int kNumThreads = 8;
  const SslSessionPtr session = make_session();
  std::vector<std::future<bool>> threads;
  for (int i = 0; i < kNumThreads; ++i) {
    threads.push_back(std::async(std::launch::async, [&] {
      const ForeignPair full = connect();
      const ForeignPair resumed = connect(session.get());
      return std::ranges::all_of(
          std::initializer_list<const SslPtr*>{&full.client, &full.server, &resumed.client,
                                               &resumed.server},
          [](const SslPtr* side) { return peer_identity(side->get()).verified().has_value(); });
    }));
  }
  for (auto& thread : threads) EXPECT_TRUE(thread.get());
}

/// A client that is asked for its certificate once the connection stands.
TEST(LateIdentity, IsThereOnceTheClientHasSentIt) {
  SSLContext server = pki().server_context();
  SSLContext client = pki().client_context();
  client.set_check_hostname(false);
  TestPki::load(client, pki().client);
  SSL_CTX_set_post_handshake_auth(client.native_handle(), 1);
  ForeignPair pair(client.native_handle(), server.native_handle());
  pair.handshake();
  SSL* asking = pair.server.get();
  EXPECT_EQ(peer_identity(asking).verdict(), Verdict::absent);
  SSL_set_verify(asking, SSL_VERIFY_PEER, nullptr);
  ASSERT_EQ(SSL_verify_client_post_handshake(asking), 1);
  char octet = 0;
  const auto exchange = [&](const ForeignPair& ends) {
    SSL_do_handshake(ends.server.get());
    for (const SslPtr* end : {&ends.client, &ends.server, &ends.client}) {
      SSL_read(end->get(), &octet, 1);
    }
    ERR_clear_error();
  };
  exchange(pair);
  const PeerIdentity late = peer_identity(asking);
  ASSERT_TRUE(late.verified());
  EXPECT_EQ(late.chain_sent()->size(), 2U);
  EXPECT_FALSE(late.resumed());

  // The tickets that followed know it.
  SSL_set_shutdown(pair.client.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
  ForeignPair next(client.native_handle(), server.native_handle());
  SSL_set_verify(next.server.get(), SSL_VERIFY_PEER, nullptr);
  SSL_set_session(next.client.get(), SSL_get0_session(pair.client.get()));
  next.handshake();
  EXPECT_EQ(peer_identity(next.server.get()).to_string(),
            "verified, resumed: CN=a client: no name was asked for");
}

}  // namespace
}  // namespace peercert::ssl
