// SPDX-License-Identifier: Apache-2.0
// What the lean context can do, and what it leaves to the full one.
#include "scan/capture/observer.hpp"

#include <array>
#include <chrono>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <peercert/ssl/conversions.hpp>

#include "crypto/error_queue.hpp"
#include "crypto/openssl_ptr.hpp"
#include "ssl/context/lean_library_context.hpp"
#include "support/observer_meeting.hpp"
#include "support/self_signed_server.hpp"
#include "support/tls_pair.hpp"

namespace peercert::ssl {
namespace {

class ObserverOfKeys : public testing::TestWithParam<std::tuple<KeyType, TLSVersion>> {};
INSTANTIATE_TEST_SUITE_P(Keys, ObserverOfKeys,
                         testing::Combine(testing::Values(KeyType::rsa2048, KeyType::p256,
                                                          KeyType::p384, KeyType::ed25519),
                                          testing::Values(TLSVersion::tls1_2, TLSVersion::tls1_3)));

TEST_P(ObserverOfKeys, AreDecodedByTheLeanContext) {
  const auto [type, version] = GetParam();
  const TestPki pki(type);
  const ObserverContext context = observer_context(pki.root.certificate_pem(), version);
  for (const bool lean : {true, false}) {
    const Meeting meeting = meet(context, pki.server_context(), lean);
    EXPECT_TRUE(meeting.outcome) << meeting.outcome.error.text();
    EXPECT_FALSE(meeting.may_need_more);
    EXPECT_EQ(meeting.seen.verdict, Verdict::verified);
    EXPECT_EQ(meeting.seen.chain.size(), 2U);
  }
}

TEST(Observer, VerifiesAgainUpToAnIssuerThatItKnows) {
  const TestPki& pki = TestPki::shared();
  for (const TLSVersion version : {TLSVersion::tls1_2, TLSVersion::tls1_3}) {
    const ObserverContext context = observer_context(pki.root.certificate_pem(), version);
    const Meeting first = meet(context, pki.server_context(), true);
    ASSERT_EQ(first.seen.verified_chain.size(), 3U);
    EXPECT_EQ(first.seen.verified_chain[2], pki.root.certificate_der());
    // With the issuer's signatures verified before, and with all of them.
    for (int i = 0; i < 2; ++i) {
      const Meeting again = meet(context, pki.server_context(), true);
      EXPECT_EQ(again.seen.verdict, Verdict::verified);
      EXPECT_EQ(again.seen.verified_chain, first.seen.verified_chain);
    }
  }
}

TEST(Observer, KnowsAnIssuerWithOthersBelowIt) {
  const TestPki& pki = TestPki::shared();
  const ObserverContext context = observer_context(pki.root.certificate_pem(), TLSVersion::tls1_3);
  ASSERT_EQ(meet(context, pki.server_context(), true).seen.verdict, Verdict::verified);
  const Credential below = pki.intermediate.issue({.subject = {{"CN", "Below"}}, .ca = true});
  const Credential leaf = below.issue({.subject_alt_name = {"DNS:localhost"}});
  const auto server = [&](const Der& issuer) {
    SSLContext chain(Protocol::tls_server);
    chain.load_cert_chain_data(
        leaf.certificate_pem() + pki.intermediate.certificate_pem() + der_cert_to_pem_cert(issuer),
        leaf.private_key_pem());
    return chain;
  };
  const std::vector<Der> whole = {leaf.certificate_der(), below.certificate_der(),
                                  pki.intermediate.certificate_der(), pki.root.certificate_der()};
  for (int i = 0; i < 2; ++i) {
    const Meeting good = meet(context, server(below.certificate_der()), true);
    EXPECT_EQ(good.seen.verdict, Verdict::verified);
    EXPECT_EQ(good.seen.verified_chain, whole);
  }
  Der forged = below.certificate_der();
  forged.back() ^= 1;  // the signature's end
  const Meeting bad = meet(context, server(forged), true);
  EXPECT_EQ(bad.seen.verdict, Verdict::failed);
  EXPECT_EQ(bad.seen.error.code, X509_V_ERR_CERT_SIGNATURE_FAILURE) << bad.seen.error.message;
}

TEST(Observer, ObjectsToAPathThatIsTooLongForThoseAboveAnIssuerThatItKnows) {
  const Credential root = Credential::root_ca("Root");
  const Credential top =
      root.issue({.subject = {{"CN", "Top"}}, .ca = true, .path_len_constraint = 1});
  const Credential middle = top.issue({.subject = {{"CN", "Middle"}}, .ca = true});
  const Credential below = middle.issue({.subject = {{"CN", "Below"}}, .ca = true});
  const ObserverContext context = observer_context(root.certificate_pem(), TLSVersion::tls1_3);
  const CertificateOptions options{.subject_alt_name = {"DNS:localhost"}};
  const TestPki& pki = TestPki::shared();
  const Credential near = middle.issue(options);
  ASSERT_EQ(meet(context, pki.server_context(near), true).seen.verdict, Verdict::verified);
  const Credential far = below.issue(options);
  SSLContext server(Protocol::tls_server);
  server.load_cert_chain_data(far.certificate_pem() + middle.certificate_pem() +
                                  below.certificate_pem() + top.certificate_pem(),
                              far.private_key_pem());
  const Meeting meeting = meet(context, server, true);
  EXPECT_EQ(meeting.seen.verdict, Verdict::failed);
  EXPECT_EQ(meeting.seen.error.code, X509_V_ERR_PATH_LENGTH_EXCEEDED) << meeting.seen.error.message;
}

TEST(Observer, LooksAtTheTimeOfCertificatesThatItKnows) {
  const TestPki& pki = TestPki::shared();
  const ObserverContext context = observer_context(pki.root.certificate_pem(), TLSVersion::tls1_3);
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(meet(context, pki.server_context(), true).seen.verdict, Verdict::verified);
  }
  const auto not_after = CertificateOptions().not_after.time_since_epoch().count();
  X509_VERIFY_PARAM* const parameters = SSL_CTX_get0_param(context.lean().native_handle());
  X509_VERIFY_PARAM_set_time(parameters, not_after - 1);
  EXPECT_EQ(meet(context, pki.server_context(), true).seen.verdict, Verdict::verified);
  X509_VERIFY_PARAM_set_time(parameters, not_after);  // by which OpenSSL means the end
  const Meeting late = meet(context, pki.server_context(), true);
  EXPECT_EQ(late.seen.verdict, Verdict::failed);
  EXPECT_EQ(late.seen.error.code, X509_V_ERR_CERT_HAS_EXPIRED) << late.seen.error.message;
}

TEST(Observer, ObjectsToTheSameBelowAnIssuerThatItKnows) {
  const TestPki& pki = TestPki::shared();
  const ObserverContext context = observer_context(pki.root.certificate_pem(), TLSVersion::tls1_3);
  ASSERT_EQ(meet(context, pki.server_context(), true).seen.verdict, Verdict::verified);
  const auto yesterday = CertificateOptions::today() - std::chrono::days(1);
  const Credential expired =
      pki.intermediate.issue({.subject_alt_name = {"DNS:localhost"},
                              .not_before = yesterday - std::chrono::days(30),
                              .not_after = yesterday});
  const Credential elsewhere =
      pki.intermediate.issue({.subject_alt_name = {"DNS:elsewhere.example"}});
  const Credential for_clients = pki.intermediate.issue(
      {.subject_alt_name = {"DNS:localhost"}, .extended_key_usage = ExtendedKeyUsage::client_auth});
  for (const auto& [leaf, code] : {std::pair(expired, X509_V_ERR_CERT_HAS_EXPIRED),
                                   std::pair(elsewhere, X509_V_ERR_HOSTNAME_MISMATCH),
                                   std::pair(for_clients, X509_V_ERR_INVALID_PURPOSE)}) {
    const Meeting meeting = meet(context, pki.server_context(leaf), true);
    EXPECT_EQ(meeting.seen.verdict, Verdict::failed);
    EXPECT_EQ(meeting.seen.error.code, code) << meeting.seen.error.message;
    EXPECT_EQ(meeting.seen.error.depth, 0);
    EXPECT_TRUE(meeting.seen.verified_chain.empty());
  }
}

TEST(Observer, MakesAnotherKeyOnceOneWasUsedOften) {
  const TestPki& pki = TestPki::shared();
  const SSLContext server = pki.server_context();
  const ObserverContext context = observer_context(pki.root.certificate_pem(), TLSVersion::tls1_2);
  // Each takes a few keys; all of the first key's uses and some of the second's.
  for (int i = 0; i < 300; ++i) {
    const Meeting meeting = meet(context, server, true);
    ASSERT_TRUE(meeting.outcome) << i << ": " << meeting.outcome.error.text();
  }
}

TEST(Observer, DoesNotTakeAnIssuersNameForTheIssuer) {
  const TestPki& pki = TestPki::shared();
  const ObserverContext context = observer_context(pki.root.certificate_pem(), TLSVersion::tls1_3);
  ASSERT_EQ(meet(context, pki.server_context(), true).seen.verdict, Verdict::verified);
  // The same names with other keys, and the true intermediate sent with a leaf that it has not
  // signed.
  const TestPki other;
  const Meeting named_alike = meet(context, other.server_context(), true);
  EXPECT_EQ(named_alike.seen.verdict, Verdict::failed);
  SSLContext mixed(Protocol::tls_server);
  mixed.load_cert_chain_data(other.server.certificate_pem() + pki.intermediate.certificate_pem(),
                             other.server.private_key_pem());
  for (int i = 0; i < 2; ++i) {  // nor is it taken for a certificate of that issuer another time
    const Meeting signed_by_another = meet(context, mixed, true);
    EXPECT_EQ(signed_by_another.seen.verdict, Verdict::failed);
    EXPECT_TRUE(signed_by_another.seen.verified_chain.empty());
  }
}

TEST(Observer, SaysWhenTheFullContextMayDoBetter) {
  const SSLContext server = ed448_server();
  for (const TLSVersion version : {TLSVersion::tls1_2, TLSVersion::tls1_3}) {
    const ObserverContext context =
        observer_context(TestPki::shared().root.certificate_pem(), version);
    const Meeting lean = meet(context, server, true);
    EXPECT_FALSE(lean.outcome);
    EXPECT_TRUE(lean.may_need_more);
    const Meeting full = meet(context, server, false);
    EXPECT_TRUE(full.outcome) << full.outcome.error.text();
    EXPECT_EQ(full.seen.verdict, Verdict::failed);
    EXPECT_EQ(full.seen.error.message, "self-signed certificate");
    EXPECT_EQ(full.seen.chain.size(), 1U);
  }
}

TEST(Observer, DoesNotOpenForANameThatCannotBeSent) {
  const ObserverContext context =
      observer_context(pki().root.certificate_pem(), TLSVersion::tls1_3);
  const SocketPair sockets = connect_sockets();
  Observer observer;
  for (const std::string& name : {std::string(256, 'a'), std::string("a\0b", 3)}) {
    EXPECT_FALSE(observer.open(context, true, sockets.client.fileno(), name));
    EXPECT_FALSE(observer.is_open());
    EXPECT_EQ(observer.observation().verdict, Verdict::absent);
  }
  EXPECT_TRUE(observer.open(context, true, sockets.client.fileno(), "localhost"));
  EXPECT_TRUE(observer.is_open());
}

TEST(Observer, NeedsNoKeyToSeeACertificate) {
  const TestPki& pki = TestPki::shared();
  for (const TLSVersion version : {TLSVersion::tls1_2, TLSVersion::tls1_3}) {
    const ObserverContext context =
        observer_context(pki.root.certificate_pem(), version, ObserverMode::present_only);
    const Meeting meeting = meet(context, pki.server_context(), true);
    EXPECT_TRUE(meeting.outcome);
    EXPECT_FALSE(meeting.may_need_more);
    EXPECT_FALSE(meeting.seen.handshake_done);
    EXPECT_EQ(meeting.seen.verdict, Verdict::unverified);
    EXPECT_EQ(meeting.seen.chain.size(), 2U);
    caught<SSLEOFError>(meeting.server_error);  // the server has seen no alert
  }
}

TEST(Observer, LeavesTheDefaultContextAsItWas) {
  ASSERT_NE(lean_library_context(KeyDecoders::usual), nullptr);
  ASSERT_NE(lean_library_context(KeyDecoders::none), nullptr);
  const EvpPkeyPtr key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED448"));
  EXPECT_NE(key, nullptr);
  EXPECT_EQ(EVP_PKEY_Q_keygen(lean_library_context(KeyDecoders::usual), nullptr, "ED448"), nullptr);
  clear_errors();
}

}  // namespace
}  // namespace peercert::ssl
