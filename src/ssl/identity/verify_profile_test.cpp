// SPDX-License-Identifier: Apache-2.0
// VerifyProfile on connections: what OpenSSL accepts and a profile does not.
#include <chrono>

#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <peercert/ssl/context.hpp>
#include <peercert/ssl/peer_identity.hpp>
#include <peercert/ssl/watch_handshakes.hpp>

#include "support/bio_pair.hpp"
#include "support/foreign_pair.hpp"
#include "support/tls_pair.hpp"

namespace peercert::ssl {
namespace {

using verify::VerifyProfile;

/// For localhost, with a CN that no name of the subjectAltName repeats.
Credential misnamed(ExtendedKeyUsage usage) {
  return pki().intermediate.issue({.subject = {{"CN", "example.org"}},
                                   .subject_alt_name = {"DNS:localhost"},
                                   .extended_key_usage = usage});
}

SSLContext client_context(VerifyProfile profile) {
  SSLContext context = pki().client_context();
  context.set_verify_profile(profile);
  return context;
}

std::string refusal(const std::exception_ptr& error) {
  return caught<SSLCertVerificationError>([&] { std::rethrow_exception(error); }).verify_message();
}

TEST(VerifyProfile, IsPythonsUnlessSet) {
  SSLContext context = pki().client_context();
  EXPECT_EQ(context.verify_profile(), VerifyProfile::openssl);
  for (const auto profile : {VerifyProfile::webpki, VerifyProfile::cabf, VerifyProfile::openssl}) {
    context.set_verify_profile(profile);
    EXPECT_EQ(context.verify_profile(), profile);
  }
}

TEST(VerifyProfile, AcceptsWhatSatisfiesAll) {
  BioPair pair(client_context(VerifyProfile::cabf), pki().server_context());
  EXPECT_FALSE(pair.handshake().client_error);
  EXPECT_EQ(pair.client.peer_identity().verdict(), Verdict::verified);
}

TEST(VerifyProfile, RefusesWhatARelyingPartyDoes) {
  const SSLContext server = pki().server_context(
      pki().intermediate.issue({.subject = {{"CN", "localhost"}},
                                .subject_alt_name = {"DNS:localhost", "DNS:a_b.example"}}));
  BioPair lax(client_context(VerifyProfile::openssl), server);
  EXPECT_FALSE(lax.handshake().client_error);
  BioPair strict(client_context(VerifyProfile::webpki), server);
  ASSERT_TRUE(strict.handshake().client_error);
  EXPECT_TRUE(contains(refusal(strict.client_error), "a_b.example"));
}

TEST(VerifyProfile, RefusesAServerWithTheRulesSentence) {
  const SSLContext server = pki().server_context(misnamed(ExtendedKeyUsage::server_auth));
  BioPair lax(client_context(VerifyProfile::webpki), server);
  EXPECT_FALSE(lax.handshake().client_error);
  BioPair strict(client_context(VerifyProfile::cabf), server);
  ASSERT_TRUE(strict.handshake().client_error);
  EXPECT_TRUE(contains(refusal(strict.client_error), "commonName"));
  const PeerIdentity identity = strict.client.peer_identity();
  EXPECT_EQ(identity.verdict(), Verdict::failed);
  ASSERT_FALSE(identity.errors().empty());
  EXPECT_EQ(identity.errors().front().code, X509_V_ERR_APPLICATION_VERIFICATION);
  EXPECT_EQ(identity.errors().front().depth, 0);
}

/// Whatever was said before, later, or to OpenSSL's SSL. RFC 9525, 2.
TEST(VerifyProfile, NeverReadsTheCommonNameAsAName) {
  const auto accepts = [](const std::vector<std::string>& names, auto configure) {
    const SSLContext server = pki().server_context(
        pki().intermediate.issue({.subject = {{"CN", "bank.example"}}, .subject_alt_name = names}));
    SSLContext client = pki().client_context();
    configure(client);
    BioPair pair(client, server, {.server_hostname = "bank.example"});
    X509_VERIFY_PARAM_set_hostflags(SSL_get0_param(pair.client.native_handle()),
                                    X509_CHECK_FLAG_ALWAYS_CHECK_SUBJECT);
    pair.handshake();
    return pair.client_error == nullptr;
  };
  const auto openssl = [](SSLContext&) {};
  const auto before = [](SSLContext& context) {
    context.set_hostname_checks_common_name(true);
    context.set_verify_profile(VerifyProfile::webpki);
    EXPECT_FALSE(context.hostname_checks_common_name());
  };
  const auto after = [](SSLContext& context) {
    context.set_verify_profile(VerifyProfile::webpki);
    context.set_hostname_checks_common_name(true);
    EXPECT_FALSE(context.hostname_checks_common_name());
  };
  for (const std::vector<std::string>& names :
       {std::vector<std::string>{"IP:10.0.0.1"}, {"email:a@example.org"}, {"URI:spiffe://a/b"}}) {
    EXPECT_TRUE(accepts(names, openssl));
    EXPECT_FALSE(accepts(names, before)) << names[0];
    EXPECT_FALSE(accepts(names, after)) << names[0];
  }
}

TEST(VerifyProfile, OfAWatchedConnectionNeverReadsTheCommonNameAsAName) {
  for (const VerifyProfile profile : {VerifyProfile::openssl, VerifyProfile::webpki}) {
    const SSLContext server = pki().server_context(pki().intermediate.issue(
        {.subject = {{"CN", "bank.example"}}, .subject_alt_name = {"IP:10.0.0.1"}}));
    const SSLContext client = client_context(profile);
    watch_handshakes(client.native_handle(), {.server_hostname = "bank.example"});
    ForeignPair pair(client.native_handle(), server.native_handle());
    pair.handshake();
    EXPECT_EQ(pair.client_result == 1, profile == VerifyProfile::openssl);
  }
}

bool has_registry(std::string_view domain) noexcept { return domain == "co.example"; }

TEST(VerifyProfile, AsksTheTestOfPublicSuffixes) {
  const SSLContext server = pki().server_context(
      pki().intermediate.issue({.subject = {{"CN", "localhost"}},
                                .subject_alt_name = {"DNS:localhost", "DNS:*.co.example"}}));
  SSLContext client = client_context(VerifyProfile::webpki);
  BioPair accepted(client, server);
  EXPECT_FALSE(accepted.handshake().client_error);
  client.set_verify_profile(VerifyProfile::webpki, has_registry);
  BioPair refused(client, server);
  ASSERT_TRUE(refused.handshake().client_error);
  EXPECT_TRUE(contains(refusal(refused.client_error), "*.co.example"));
}

TEST(VerifyProfile, HoldsAtTheTimeThatIsVerifiedAt) {
  using std::chrono::days;
  const auto today = CertificateOptions::today();
  const SSLContext server =
      pki().server_context(pki().intermediate.issue({.subject = {{"CN", "localhost"}},
                                                     .subject_alt_name = {"DNS:localhost"},
                                                     .not_before = today + days(100),
                                                     .not_after = today + days(200)}));
  const SSLContext client = client_context(VerifyProfile::webpki);
  X509_VERIFY_PARAM_set_time(SSL_CTX_get0_param(client.native_handle()),
                             std::chrono::system_clock::to_time_t(today + days(150)));
  BioPair pair(client, server);
  EXPECT_FALSE(pair.handshake().client_error);
}

// The last certificate that is sent is an intermediate CA's, which is judged as such.
TEST(VerifyProfile, JudgesThePathThatWasVerified) {
  const Credential negative =
      pki().root.issue({.subject = {{"CN", "Negative"}}, .ca = true, .serial_number = "-1"});
  const SSLContext server = pki().server_context(
      negative.issue({.subject = {{"CN", "localhost"}}, .subject_alt_name = {"DNS:localhost"}}));
  BioPair lax(client_context(VerifyProfile::openssl), server);
  EXPECT_FALSE(lax.handshake().client_error);
  BioPair strict(client_context(VerifyProfile::webpki), server);
  ASSERT_TRUE(strict.handshake().client_error);
  EXPECT_TRUE(contains(refusal(strict.client_error), "serial number"));
}

TEST(VerifyProfile, AsksAClientForAClientsCertificate) {
  SSLContext server = pki().server_context();
  server.set_verify_mode(VerifyMode::required);
  server.set_verify_profile(VerifyProfile::cabf);
  SSLContext client = pki().client_context();
  TestPki::load(client, pki().client);
  BioPair accepted(client, server);
  EXPECT_FALSE(accepted.handshake().server_error);
  TestPki::load(client, misnamed(ExtendedKeyUsage::none));
  BioPair refused(client, server);
  ASSERT_TRUE(refused.handshake().server_error);
  EXPECT_TRUE(contains(refusal(refused.server_error), "extKeyUsage"));
}

TEST(VerifyProfile, IsNotSatisfiedByAnotherProfilesSession) {
  SSLContext client = client_context(VerifyProfile::openssl);
  const SSLContext server = pki().server_context();
  client.set_maximum_version(TLSVersion::tls1_2);
  BioPair first(client, server);
  ASSERT_FALSE(first.handshake().client_error);
  const auto session = first.client.session();
  ASSERT_TRUE(session);
  client.set_verify_profile(VerifyProfile::webpki);
  BioPair second(client, server);
  second.client.set_session(*session);
  ASSERT_FALSE(second.handshake().client_error);
  const PeerIdentity identity = second.client.peer_identity();
  ASSERT_TRUE(identity.resumed());
  EXPECT_EQ(identity.verdict(), Verdict::unverified);
  EXPECT_FALSE(identity.verified());
}

}  // namespace
}  // namespace peercert::ssl
