// SPDX-License-Identifier: Apache-2.0
// getpeercert() in every situation: on connections that OpenSSL's own API made between two memory
// buffers, step by step.
#include <chrono>
#include <functional>

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <peercert/ssl/context.hpp>
#include <peercert/ssl/error.hpp>
#include <peercert/ssl/getpeercert.hpp>
#include <peercert/x509/extensions/subject_alt_name.hpp>

#include "crypto/openssl_ptr.hpp"
#include "support/foreign_pair.hpp"
#include "support/tls_pair.hpp"

namespace peercert::ssl {
namespace {

/// The situations of one protocol version.
class GetPeerCert : public testing::TestWithParam<int> {
 protected:
  GetPeerCert() {
    for (SSLContext* context : {&client_context_, &server_context_}) {
      context->set_minimum_version(static_cast<TLSVersion>(GetParam()));
      context->set_maximum_version(static_cast<TLSVersion>(GetParam()));
    }
    client_context_.set_check_hostname(false);
  }
  // Whatever the test did, our calls have left nothing.
  ~GetPeerCert() override { EXPECT_EQ(ERR_peek_error(), 0U); }

  ForeignPair make_pair() const {
    return {client_context_.native_handle(), server_context_.native_handle()};
  }
  ForeignPair connect() const {
    ForeignPair pair = make_pair();
    pair.handshake();
    return pair;
  }
  static void expect_not_done(const SslPtr& ssl) {
    for (const auto& call : std::initializer_list<std::function<void()>>{
             [&] { static_cast<void>(getpeercert(ssl.get())); },
             [&] { static_cast<void>(getpeercert(ssl.get(), binary_form)); }}) {
      EXPECT_STREQ(caught<ValueError>(call).what(), "handshake not done yet");
    }
  }
  static std::string common_name(const std::optional<PeerCert>& cert) {
    if (!cert || cert->empty()) return "";
    return std::get<std::string>(cert->subject.back().front().value);
  }

  SSLContext client_context_ = pki().client_context();
  SSLContext server_context_ = pki().server_context();
};

INSTANTIATE_TEST_SUITE_P(Tls, GetPeerCert, testing::Values(TLS1_2_VERSION, TLS1_3_VERSION),
                         [](const auto& version) {
                           return version.param == TLS1_2_VERSION ? "1_2" : "1_3";
                         });

TEST_P(GetPeerCert, BeforeAndDuringTheHandshakeIsAnError) {
  ForeignPair pair = make_pair();
  expect_not_done(pair.client);
  expect_not_done(pair.server);
  EXPECT_TRUE(get_verified_chain(pair.client.get()).empty());
  EXPECT_TRUE(get_unverified_chain(pair.client.get()).empty());
  pair.step_client();
  pair.step_server();
  expect_not_done(pair.client);
  expect_not_done(pair.server);
}

// In TLS 1.3 the client is done first, in TLS 1.2 the server.
TEST_P(GetPeerCert, IsThereForTheSideThatIsDone) {
  ForeignPair pair = make_pair();
  pair.step_client();
  pair.step_server();
  pair.step_client();
  const bool client_first = GetParam() == TLS1_3_VERSION;
  if (!client_first) pair.step_server();
  EXPECT_EQ(client_first ? pair.client_result : pair.server_result, 1);
  const SslPtr& done = client_first ? pair.client : pair.server;
  EXPECT_EQ(getpeercert(done.get()).has_value(), client_first);
  expect_not_done(client_first ? pair.server : pair.client);
}

TEST_P(GetPeerCert, AClientDecodesWhatItVerifies) {
  for (const VerifyMode mode : {VerifyMode::optional, VerifyMode::required}) {
    client_context_.set_verify_mode(mode);
    const ForeignPair pair = connect();
    const std::optional<PeerCert> cert = getpeercert(pair.client.get());
    ASSERT_TRUE(cert);
    EXPECT_EQ(cert->subject,
              (DistinguishedName{{{"organizationName", "Test"}}, {{"commonName", "localhost"}}}));
    EXPECT_EQ(cert->issuer, (DistinguishedName{{{"commonName", "Test Intermediate"}}}));
    EXPECT_EQ(cert->version, 3);
    EXPECT_EQ(cert->subject_alt_name,
              (std::vector<AltName>{{"DNS", "localhost", {}},
                                    {"IP Address", "127.0.0.1", {}},
                                    {"IP Address", "0:0:0:0:0:0:0:1", {}}}));
    EXPECT_EQ(getpeercert(pair.client.get(), binary_form), pki().server.certificate_der());
  }
}

TEST_P(GetPeerCert, AClientThatDoesNotVerifyHasAnEmptyDict) {
  client_context_.set_verify_mode(VerifyMode::none);
  const ForeignPair pair = connect();
  EXPECT_TRUE(getpeercert(pair.client.get())->empty());
  EXPECT_EQ(getpeercert(pair.client.get(), binary_form), pki().server.certificate_der());
}

TEST_P(GetPeerCert, AServerThatDoesNotAskHasNone) {
  TestPki::load(client_context_, pki().client);
  const ForeignPair pair = connect();
  EXPECT_EQ(getpeercert(pair.server.get()), std::nullopt);
  EXPECT_EQ(getpeercert(pair.server.get(), binary_form), std::nullopt);
}

TEST_P(GetPeerCert, AServerThatAsksHasTheClients) {
  TestPki::load(client_context_, pki().client);
  for (const VerifyMode mode : {VerifyMode::optional, VerifyMode::required}) {
    server_context_.set_verify_mode(mode);
    const ForeignPair pair = connect();
    EXPECT_EQ(common_name(getpeercert(pair.server.get())), "a client");
    EXPECT_EQ(getpeercert(pair.server.get(), binary_form), pki().client.certificate_der());
  }
}

TEST_P(GetPeerCert, AServerThatAsksAndGetsNothingHasNone) {
  server_context_.set_verify_mode(VerifyMode::optional);
  const ForeignPair pair = connect();
  EXPECT_EQ(getpeercert(pair.server.get()), std::nullopt);
  EXPECT_EQ(getpeercert(pair.server.get(), binary_form), std::nullopt);
  EXPECT_TRUE(get_unverified_chain(pair.server.get()).empty());
  EXPECT_TRUE(get_verified_chain(pair.server.get()).empty());
}

TEST_P(GetPeerCert, AServerThatRequiresAndGetsNothingFails) {
  server_context_.set_verify_mode(VerifyMode::required);
  const ForeignPair pair = connect();
  EXPECT_LE(pair.server_result, 0);
  expect_not_done(pair.server);

  TlsPair own(client_context_, server_context_, "localhost");
  own.handshake();
  const auto error = caught<SSLError>(own.server_error);
  EXPECT_EQ(error.reason(), "PEER_DID_NOT_RETURN_A_CERTIFICATE");
}

// Python asks the context now, whatever governed the handshake.
TEST_P(GetPeerCert, FollowsAModeThatChangesAfterTheHandshake) {
  ForeignPair pair = connect();
  client_context_.set_verify_mode(VerifyMode::none);
  EXPECT_TRUE(getpeercert(pair.client.get())->empty());
  client_context_.set_verify_mode(VerifyMode::required);
  EXPECT_EQ(common_name(getpeercert(pair.client.get())), "localhost");

  SSLContext lax(Protocol::tls_client);
  lax.set_check_hostname(false);
  lax.set_verify_mode(VerifyMode::none);
  SSL_set_SSL_CTX(pair.client.get(), lax.native_handle());
  EXPECT_TRUE(getpeercert(pair.client.get())->empty());
}

TEST_P(GetPeerCert, ChainsAreTheLeafFirst) {
  TestPki::load(client_context_, pki().client);
  server_context_.set_verify_mode(VerifyMode::required);
  const ForeignPair pair = connect();
  const Der root = pki().root.certificate_der();
  const Der intermediate = pki().intermediate.certificate_der();
  const Der server = pki().server.certificate_der();
  const Der client = pki().client.certificate_der();
  EXPECT_EQ(get_unverified_chain(pair.client.get()), (std::vector{server, intermediate}));
  EXPECT_EQ(get_verified_chain(pair.client.get()), (std::vector{server, intermediate, root}));
  EXPECT_EQ(get_unverified_chain(pair.server.get()), (std::vector{client, intermediate}));
  EXPECT_EQ(get_verified_chain(pair.server.get()), (std::vector{client, intermediate, root}));
  EXPECT_EQ(get_verify_result(pair.client.get()).code, X509_V_OK);
  EXPECT_EQ(get_verify_result(pair.client.get()).message, "ok");
}

TEST_P(GetPeerCert, AFailedVerificationLeavesTheChainsToLookAt) {
  const TestPki stranger;
  const SSLContext server = stranger.server_context();
  ForeignPair pair(client_context_.native_handle(), server.native_handle());
  pair.handshake();
  expect_not_done(pair.client);
  EXPECT_EQ(get_unverified_chain(pair.client.get()).front(), stranger.server.certificate_der());
  EXPECT_EQ(get_verified_chain(pair.client.get()).front(), stranger.server.certificate_der());
  const VerifyResult result = get_verify_result(pair.client.get());
  EXPECT_EQ(result.code, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
  EXPECT_EQ(result.message, "unable to get local issuer certificate");
}

TEST_P(GetPeerCert, IsStillThereAfterCloseNotify) {
  const ForeignPair pair = connect();
  SSL_shutdown(pair.server.get());
  char octet = 0;
  SSL_read(pair.client.get(), &octet, 1);
  EXPECT_EQ(SSL_get_shutdown(pair.client.get()), SSL_RECEIVED_SHUTDOWN);
  EXPECT_EQ(common_name(getpeercert(pair.client.get())), "localhost");
  SSL_shutdown(pair.client.get());
  EXPECT_EQ(common_name(getpeercert(pair.client.get())), "localhost");
}

TEST_P(GetPeerCert, IsGoneAfterAFatalError) {
  const ForeignPair pair = connect();
  const std::string_view garbage = "this is no record of TLS";
  BIO_write(SSL_get_wbio(pair.server.get()), garbage.data(), static_cast<int>(garbage.size()));
  char octet = 0;
  EXPECT_LE(SSL_read(pair.client.get(), &octet, 1), 0);
  ERR_clear_error();
  expect_not_done(pair.client);
}

TEST_P(GetPeerCert, ANameThatIsNotUtf8IsAUnicodeDecodeError) {
  const Credential latin1 = pki().intermediate.issue({.subject_alt_name = {"DNS:k\xf6nig.de"}});
  TestPki::load(server_context_, latin1);
  const ForeignPair pair = connect();
  const auto error =
      caught<UnicodeDecodeError>([&] { static_cast<void>(getpeercert(pair.client.get())); });
  EXPECT_EQ(error.error().field, SubjectAltName::kField);
  EXPECT_EQ(getpeercert(pair.client.get(), binary_form), latin1.certificate_der());
}

TEST(GetPeerCertAnonymous, IsNoneEvenIfRequired) {
  SSLContext client(Protocol::tls_client);
  SSLContext server(Protocol::tls_server);
  for (SSLContext* context : {&client, &server}) {
    context->set_maximum_version(TLSVersion::tls1_2);  // TLS 1.3 has no anonymous suites
    context->set_ciphers("ADH-AES256-GCM-SHA384:@SECLEVEL=0");
  }
  SSL_CTX_set_dh_auto(server.native_handle(), 1);
  ForeignPair pair(client.native_handle(), server.native_handle());
  pair.handshake();
  ASSERT_EQ(pair.client_result, 1);
  EXPECT_EQ(client.verify_mode(), VerifyMode::required);
  EXPECT_EQ(getpeercert(pair.client.get()), std::nullopt);
  EXPECT_EQ(getpeercert(pair.client.get(), binary_form), std::nullopt);
  EXPECT_TRUE(get_unverified_chain(pair.client.get()).empty());
}

/// How a certificate fails, and the code that says so.
struct Failure {
  const char* name;
  std::function<CertificateOptions()> options;
  std::string host;
  int verify_code;
  std::string verify_message;
};

class VerificationFailure : public testing::TestWithParam<Failure> {};

CertificateOptions valid_for(int first_day, int last_day) {
  const auto today = CertificateOptions::today();
  return {.subject_alt_name = {"DNS:localhost", "IP:127.0.0.1"},
          .not_before = today + std::chrono::days(first_day),
          .not_after = today + std::chrono::days(last_day)};
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, VerificationFailure,
    testing::Values(Failure{"Expired", [] { return valid_for(-30, -1); }, "localhost",
                            X509_V_ERR_CERT_HAS_EXPIRED, "certificate has expired"},
                    Failure{"NotYetValid", [] { return valid_for(2, 30); }, "localhost",
                            X509_V_ERR_CERT_NOT_YET_VALID, "certificate is not yet valid"},
                    Failure{"WrongHost", [] { return valid_for(-1, 30); }, "example.org",
                            X509_V_ERR_HOSTNAME_MISMATCH,
                            "Hostname mismatch, certificate is not valid for 'example.org'."},
                    Failure{"WrongAddress", [] { return valid_for(-1, 30); }, "127.0.0.2",
                            X509_V_ERR_IP_ADDRESS_MISMATCH,
                            "IP address mismatch, certificate is not valid for '127.0.0.2'."},
                    Failure{"WrongPurpose",
                            [] {
                              CertificateOptions options = valid_for(-1, 30);
                              options.extended_key_usage = ExtendedKeyUsage::client_auth;
                              return options;
                            },
                            "localhost", X509_V_ERR_INVALID_PURPOSE,
                            "unsuitable certificate purpose"}),
    [](const auto& failure) { return failure.param.name; });

TEST_P(VerificationFailure, HasItsCodeAndMessage) {
  const Credential server = pki().intermediate.issue(GetParam().options());
  TlsPair pair(pki().client_context(), pki().server_context(server), GetParam().host);
  pair.handshake();
  const auto error = caught<SSLCertVerificationError>(pair.client_error);
  EXPECT_EQ(error.verify_code(), GetParam().verify_code);
  EXPECT_EQ(error.verify_message(), GetParam().verify_message);
  EXPECT_EQ(error.library(), "SSL");
  EXPECT_EQ(error.reason(), "CERTIFICATE_VERIFY_FAILED");
  EXPECT_TRUE(contains(error.what(), GetParam().verify_message));
}

TEST(ChainFailure, HasItsCode) {
  const auto verify_code = [](const Credential& server) {
    TlsPair pair(pki().client_context(), pki().server_context(server), "localhost");
    pair.handshake();
    return caught<SSLCertVerificationError>(pair.client_error).verify_code();
  };
  EXPECT_EQ(verify_code(Credential::self_signed(valid_for(-1, 30))),
            X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT);
  EXPECT_EQ(verify_code(TestPki().server), X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
  const Credential not_a_ca = pki().intermediate.issue({.subject = {{"CN", "not a CA"}}});
  EXPECT_EQ(verify_code(not_a_ca.issue(valid_for(-1, 30))), X509_V_ERR_INVALID_CA);
}

}  // namespace
}  // namespace peercert::ssl
