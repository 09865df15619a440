// SPDX-License-Identifier: Apache-2.0
// Issuers that were verified before: nothing is verified because of them that would not be without.
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <peercert/ssl/conversions.hpp>

#include "scan/capture/observer.hpp"
#include "support/costly_keys.hpp"
#include "support/observer_meeting.hpp"
#include "support/signed_certificate.hpp"

namespace peercert::ssl {
namespace {

using std::chrono::days;
using test::ExtensionText;
using test::kCaExtensions;
using test::make_certificate;
using test::Signer;

/// A chain that a server presents: the peer's own first, the trust anchor last.
struct Presented {
  std::vector<Signer> signers{{"leaf"}, {"Issuer"}, {"Above"}, {"Root"}};
  std::vector<test::SignedOptions> options{4};
  std::string leaf_names = "DNS:localhost";
  std::vector<Der> made{4};

  Presented() {
    for (test::SignedOptions& each : options) {
      each.not_before = CertificateOptions::today() - days(10);
      each.not_after = CertificateOptions::today() + days(30);
    }
  }

  /// Made once: a signature of ECDSA is another each time, and issuers are known byte by byte.
  const Der& certificate(std::size_t at) {
    if (made.at(at).empty()) made[at] = make(at);
    return made[at];
  }
  Der make(std::size_t at) const {
    const Signer& issuer = signers[std::min(at + 1, signers.size() - 1)];
    test::SignedOptions chosen = options[at];
    if (at == 0) {
      const bool is_ours = chosen.extensions != kCaExtensions;
      std::vector<ExtensionText> own = {{NID_key_usage, "critical,digitalSignature"},
                                        {NID_ext_key_usage, "serverAuth"},
                                        {NID_subject_alt_name, leaf_names}};
      if (is_ours) own.insert(own.end(), chosen.extensions.begin(), chosen.extensions.end());
      chosen.extensions = own;
    }
    return make_certificate(signers[at], issuer, chosen);
  }
  ObserverContext context() {
    return observer_context(der_cert_to_pem_cert(certificate(signers.size() - 1)),
                            TLSVersion::tls1_2);
  }
  /// Its certificates but for the anchor; `leaf` instead of the first.
  SSLContext server(const Der& leaf) {
    SSLContext context(Protocol::tls_server);
    SSL_CTX* const ctx = context.native_handle();
    SSL_CTX_set_security_level(ctx, 0);
    SSL_CTX_use_certificate_ASN1(ctx, static_cast<int>(leaf.size()), leaf.data());
    EXPECT_EQ(SSL_CTX_use_PrivateKey(ctx, signers.front().key.get()), 1);
    for (std::size_t i = 1; i + 1 < signers.size(); ++i) {
      const Der& der = certificate(i);
      const std::uint8_t* at = der.data();
      SSL_CTX_add_extra_chain_cert(ctx, d2i_X509(nullptr, &at, static_cast<long>(der.size())));
    }
    return context;
  }
};

/// Of what was found, the first objection: its code and depth.
std::pair<int, int> objection(const ObserverContext& context, const SSLContext& server) {
  const Meeting meeting = meet(context, server, true);
  EXPECT_EQ(meeting.seen.verdict == Verdict::verified, meeting.seen.error.code == X509_V_OK);
  return {meeting.seen.error.code, meeting.seen.error.depth};
}

constexpr std::pair<int, int> kNone{X509_V_OK, 0};

TEST(ObserverIssuers, DoNotVouchForAForgedLeaf) {
  Presented chain;
  const ObserverContext context = chain.context();
  const Der leaf = chain.certificate(0);
  Der forged = leaf;
  forged.back() ^= 1;  // the last byte of the signature
  ASSERT_EQ(objection(context, chain.server(leaf)), kNone);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(objection(context, chain.server(forged)),
              std::pair(X509_V_ERR_CERT_SIGNATURE_FAILURE, 0));
    EXPECT_EQ(objection(context, chain.server(leaf)), kNone);
  }
}

TEST(ObserverIssuers, AreUnderTheConstraintsOfThoseAbove) {
  for (const std::size_t constrained : {1U, 2U, 3U}) {
    Presented chain;
    chain.options[constrained].extensions.emplace_back(NID_name_constraints,
                                                       "critical,permitted;DNS:localhost");
    const ObserverContext context = chain.context();
    ASSERT_EQ(objection(context, chain.server(chain.certificate(0))), kNone);
    chain.leaf_names = "DNS:localhost,DNS:elsewhere.example";
    EXPECT_EQ(objection(context, chain.server(chain.make(0))),
              std::pair(X509_V_ERR_PERMITTED_VIOLATION, 0));
  }
}

TEST(ObserverIssuers, ExpireWithThoseAbove) {
  for (const std::size_t narrow : {0U, 1U, 2U, 3U}) {
    Presented chain;
    const auto from = chain.options[narrow].not_before += days(2);
    const auto to = chain.options[narrow].not_after -= days(2);
    const ObserverContext context = chain.context();
    const SSLContext server = chain.server(chain.certificate(0));
    X509_VERIFY_PARAM* const parameters = SSL_CTX_get0_param(context.lean().native_handle());
    const auto at = [&](std::chrono::sys_seconds time) {
      X509_VERIFY_PARAM_set_time(parameters, time.time_since_epoch().count());
      return objection(context, server);
    };
    const int depth = static_cast<int>(narrow);
    for (int i = 0; i < 2; ++i) {  // the second time the leaf is known, too
      EXPECT_EQ(at(from), kNone);
      EXPECT_EQ(at(to - std::chrono::seconds(1)), kNone);
      EXPECT_EQ(at(from - days(1)), std::pair(X509_V_ERR_CERT_NOT_YET_VALID, depth));
      EXPECT_EQ(at(to), std::pair(X509_V_ERR_CERT_HAS_EXPIRED, depth));
    }
  }
}

TEST(ObserverIssuers, DoNotAnswerForPoliciesAbove) {
  Presented chain;
  chain.options[0].extensions = {{NID_certificate_policies, "1.3.6.1.4.1.55555.1"}};
  const ObserverContext context = chain.context();
  const SSLContext server = chain.server(chain.certificate(0));
  for (int i = 0; i < 2; ++i) ASSERT_EQ(objection(context, server), kNone);
  X509_VERIFY_PARAM* const parameters = SSL_CTX_get0_param(context.lean().native_handle());
  X509_VERIFY_PARAM_add0_policy(parameters, OBJ_txt2obj("1.3.6.1.4.1.55555.1", 1));
  X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_EXPLICIT_POLICY);
  EXPECT_EQ(objection(context, server).first, X509_V_ERR_NO_EXPLICIT_POLICY);
}

TEST(ObserverIssuers, AreLearntOnlyFromWhatIsVerified) {
  // For another purpose, with a path that is too long, or not a CA.
  const std::vector<std::pair<std::size_t, std::vector<ExtensionText>>> kCases = {
      {2,
       {{NID_basic_constraints, "critical,CA:TRUE"},
        {NID_key_usage, "critical,keyCertSign"},
        {NID_ext_key_usage, "clientAuth"}}},
      {2,
       {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
        {NID_key_usage, "critical,keyCertSign"}}},
      {2, {{NID_basic_constraints, "critical,CA:FALSE"}}},
      {1, {{NID_basic_constraints, "critical,CA:TRUE"}, {NID_key_usage, "critical,cRLSign"}}}};
  for (const auto& [at, extensions] : kCases) {
    Presented chain;
    chain.options[at].extensions = extensions;
    const ObserverContext context = chain.context();
    const SSLContext server = chain.server(chain.certificate(0));
    const auto first = objection(context, server);
    EXPECT_NE(first, kNone);
    for (int i = 0; i < 2; ++i) EXPECT_EQ(objection(context, server), first);
  }
}

TEST(ObserverIssuers, HaveKeysAndDigestsOfEnoughBits) {
  const auto weak_key = [] { return std::shared_ptr<EVP_PKEY>(EVP_RSA_gen(1024), EVP_PKEY_free); };
  for (const std::size_t weak : {0U, 1U, 2U}) {
    Presented chain;
    chain.signers[weak].key = weak_key();
    const int expected = weak == 0 ? X509_V_ERR_EE_KEY_TOO_SMALL : X509_V_ERR_CA_KEY_TOO_SMALL;
    const ObserverContext context = chain.context();
    const SSLContext server = chain.server(chain.certificate(0));
    for (int i = 0; i < 2; ++i) {
      EXPECT_EQ(objection(context, server), std::pair(expected, static_cast<int>(weak)));
    }
  }
  for (const std::size_t weak : {0U, 1U, 2U}) {
    for (const bool is_known : {false, true}) {  // the issuer
      if (is_known && weak == 2) continue;       // it was verified by another path
      Presented chain;
      const ObserverContext context = chain.context();
      if (is_known) {
        ASSERT_EQ(objection(context, chain.server(chain.certificate(0))), kNone);
      }
      chain.options[weak].digest = EVP_sha1();
      chain.made[weak].clear();
      EXPECT_EQ(objection(context, chain.server(chain.certificate(0))),
                std::pair(X509_V_ERR_CA_MD_TOO_WEAK, static_cast<int>(weak)));
    }
  }
}

TEST(ObserverIssuers, AreCheckedByTheRulesOfX509Strict) {
  Presented chain;  // RFC 5280, 4.2.1.3: a CA has keyUsage
  chain.options[1].extensions = {{NID_basic_constraints, "critical,CA:TRUE"}};
  const ObserverContext context = chain.context();
  const SSLContext server = chain.server(chain.certificate(0));
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(objection(context, server), std::pair(X509_V_ERR_CA_CERT_MISSING_KEY_USAGE, 1));
  }
}

}  // namespace
}  // namespace peercert::ssl
