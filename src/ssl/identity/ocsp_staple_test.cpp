// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gtest/gtest.h>
#include <openssl/err.h>

#include <peercert/ssl/context.hpp>
#include <peercert/ssl/ocsp_staple.hpp>

#include "ssl/connection/handshake_cost.hpp"
#include "support/costly_keys.hpp"
#include "support/foreign_pair.hpp"
#include "support/ocsp_response.hpp"
#include "support/tls_pair.hpp"

namespace peercert::ssl {
namespace {

using Octets = std::vector<std::uint8_t>;

/// A certificate of the intermediate's for somebody who may sign responses.
X509Ptr make_responder(const Credential& credential) {
  X509Ptr responder = certificate_of(credential);
  const int usage = X509_get_ext_by_NID(responder.get(), NID_ext_key_usage, -1);
  const X509ExtensionPtr removed(X509_delete_ext(responder.get(), usage));
  const X509ExtensionPtr added(
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_ext_key_usage, "OCSPSigning"));
  X509_add_ext(responder.get(), added.get(), -1);
  X509_sign(responder.get(), key_of(pki().intermediate).get(), EVP_sha256());
  return responder;
}

class Staple : public testing::TestWithParam<int> {
 protected:
  Staple() {
    for (SSLContext* context : {&client_context_, &server_context_}) {
      context->set_minimum_version(static_cast<TLSVersion>(GetParam()));
      context->set_maximum_version(static_cast<TLSVersion>(GetParam()));
    }
    client_context_.set_check_hostname(false);
    request_ocsp_staple(client_context_.native_handle());
  }
  ~Staple() override { EXPECT_EQ(ERR_peek_error(), 0U); }

  OcspStaple receive(const Octets& response) {
    set_ocsp_staple(server_context_.native_handle(), response);
    ForeignPair pair(client_context_.native_handle(), server_context_.native_handle());
    pair.handshake();
    EXPECT_EQ(SSL_is_init_finished(pair.client.get()), 1);
    return ocsp_staple(pair.client.get());
  }
  OcspStaple receive(const OcspAnswer& answer) { return receive(make_ocsp_response(answer)); }
  void expect_unusable(const OcspStaple& staple, std::string_view problem) {
    EXPECT_EQ(staple.verdict, OcspVerdict::unusable);
    EXPECT_TRUE(contains(staple.problem, problem));
  }

  SSLContext client_context_ = pki().client_context();
  SSLContext server_context_ = pki().server_context();
};

INSTANTIATE_TEST_SUITE_P(Tls, Staple, testing::Values(TLS1_2_VERSION, TLS1_3_VERSION),
                         [](const auto& version) {
                           return version.param == TLS1_2_VERSION ? "1_2" : "1_3";
                         });

TEST_P(Staple, ThatIsGood) {
  const auto now = std::chrono::system_clock::now();
  const OcspStaple staple = receive(OcspAnswer{});
  EXPECT_EQ(staple.verdict, OcspVerdict::good) << staple.problem;
  EXPECT_EQ(staple.octets.front(), 0x30);
  EXPECT_EQ(staple.responder, "CN=Test Intermediate");
  EXPECT_EQ(staple.status, OcspStatus::good);
  EXPECT_LE(*staple.this_update, now - std::chrono::minutes(59));
  EXPECT_EQ(*staple.next_update - *staple.this_update, std::chrono::hours(25));
  EXPECT_GE(*staple.produced_at, *staple.this_update);
  EXPECT_EQ(staple.revocation_time, std::nullopt);
  EXPECT_EQ(staple.revocation_reason, std::nullopt);
}

TEST_P(Staple, ThatIsRevokedOrUnknown) {
  OcspAnswer answer;
  answer.status = V_OCSP_CERTSTATUS_REVOKED;
  answer.reason = OCSP_REVOKED_STATUS_KEYCOMPROMISE;
  answer.cert_id_hash = EVP_sha256();
  answer.flags = OCSP_RESPID_KEY;
  const OcspStaple revoked = receive(answer);
  EXPECT_EQ(revoked.verdict, OcspVerdict::revoked) << revoked.problem;
  EXPECT_EQ(revoked.revocation_reason, 1);
  EXPECT_LT(*revoked.revocation_time, *revoked.this_update);
  EXPECT_TRUE(contains(revoked.responder, "key "));
  EXPECT_EQ(revoked.responder.size(), 4U + 40U);
  answer.status = V_OCSP_CERTSTATUS_UNKNOWN;
  EXPECT_EQ(receive(answer).verdict, OcspVerdict::unknown);
}

TEST_P(Staple, OfAResponderWhomTheIssuerHasEntitled) {
  OcspAnswer answer;
  answer.signer = make_responder(pki().client);
  answer.key = key_of(pki().client);
  const OcspStaple staple = receive(answer);
  EXPECT_EQ(staple.verdict, OcspVerdict::good) << staple.problem;
  EXPECT_EQ(staple.responder, "CN=a client");
}

TEST_P(Staple, OfSomebodyElseIsUnusable) {
  OcspAnswer answer;
  answer.signer = certificate_of(pki().client);  // the issuer's, but not for this
  answer.key = key_of(pki().client);
  const OcspStaple staple = receive(answer);
  expect_unusable(staple, "entitled");
  EXPECT_EQ(staple.status, OcspStatus::good);  // which it claims
  const TestPki stranger;
  answer.signer = certificate_of(stranger.intermediate);
  answer.key = key_of(stranger.intermediate);
  expect_unusable(receive(answer), "entitled");
}

TEST_P(Staple, OfAnotherCertificateIsUnusable) {
  OcspAnswer answer;
  answer.of = &pki().client;
  const OcspStaple staple = receive(answer);
  expect_unusable(staple, "not of this certificate");
  EXPECT_EQ(staple.status, std::nullopt);
}

TEST_P(Staple, OfAnotherTimeIsUnusable) {
  for (const auto& [this_update, next_update] :
       {std::pair{-7200L, -3600L}, std::pair{3600L, 7200L}, std::pair{-30L * 86400, 0L}}) {
    OcspAnswer answer;
    answer.this_update = this_update;
    answer.next_update = next_update;
    expect_unusable(receive(answer), "not of this time");
  }
  OcspAnswer without_end;
  without_end.next_update = 0;
  EXPECT_EQ(receive(without_end).verdict, OcspVerdict::good);
}

/// The signer's certificate with another key in it.
X509Ptr with_key(const EvpPkeyPtr& key) {
  X509Ptr certificate = certificate_of(pki().intermediate);
  X509_set_pubkey(certificate.get(), key.get());
  X509_sign(certificate.get(), key_of(pki().intermediate).get(), EVP_sha256());
  return certificate;
}

TEST_P(Staple, ThatIsTooCostlyIsUnusable) {
  for (const auto& make : {+[] { return test::rsa_key_of(kMaxKeyBits + 1, 17); },
                           +[] { return test::rsa_key_of(3072, 3000); },
                           +[] { return test::ec_key_of("P-256", "explicit"); }}) {
    OcspAnswer answer;
    answer.certificates.push_back(with_key(make()));
    const OcspStaple staple = receive(answer);
    expect_unusable(staple, "too costly");
    EXPECT_EQ(staple.status, std::nullopt);
  }
  OcspAnswer fair;
  fair.certificates.push_back(with_key(test::rsa_key_of(kMaxKeyBits, kMaxRsaExponentBits)));
  EXPECT_EQ(receive(fair).verdict, OcspVerdict::good);
  if (GetParam() == TLS1_2_VERSION) return;  // CertificateStatus has no room for more
  OcspAnswer many;
  for (std::size_t i = 0; i < tls::kMaxCertificates; ++i) {
    many.certificates.push_back(certificate_of(pki().client));
  }
  expect_unusable(receive(many), "too costly");  // the signer's is one, too
  many.flags = OCSP_NOCERTS;
  EXPECT_EQ(receive(many).verdict, OcspVerdict::good);
}

TEST_P(Staple, ThatIsForgedIsUnusable) {
  OcspAnswer answer;
  answer.flags = OCSP_NOCERTS;  // those that come along are not signed
  const Octets good = make_ocsp_response(answer);
  EXPECT_EQ(receive(good).verdict, OcspVerdict::good);
  for (std::size_t i = 3; i < good.size(); i += 13) {
    Octets changed = good;
    changed[i] ^= 1;
    EXPECT_EQ(receive(changed).verdict, OcspVerdict::unusable) << i;
  }
  Octets shorter = good;
  shorter.pop_back();
  expect_unusable(receive(shorter), "malformed");
  Octets longer = good;
  longer.push_back(0);
  expect_unusable(receive(longer), "malformed");
  expect_unusable(receive(Octets{0x30, 0x03, 0x0A, 0x01, 0x03}), "the responder says: trylater");
  expect_unusable(receive(Octets{0x30, 0x03, 0x0A, 0x01, 0x00}), "no BasicOCSPResponse");
}

TEST_P(Staple, IsAbsentIfThereIsNone) {
  EXPECT_EQ(receive(Octets{}).verdict, OcspVerdict::absent);
  request_ocsp_staple(client_context_.native_handle(), false);
  const OcspStaple staple = receive(OcspAnswer{});
  EXPECT_EQ(staple.verdict, OcspVerdict::absent);
  EXPECT_TRUE(staple.octets.empty());
}

}  // namespace
}  // namespace peercert::ssl
