// SPDX-License-Identifier: Apache-2.0
// Servers that would keep a scan busy, and how the handshake with them ends.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <peercert/ssl/conversions.hpp>

#include "scan/capture/observer.hpp"
#include "support/costly_keys.hpp"
#include "support/observer_meeting.hpp"
#include "support/signed_certificate.hpp"
#include "support/tls_pair.hpp"

namespace peercert::ssl {
namespace {

using std::chrono::days;
using test::make_certificate;
using test::Signer;

const std::vector<test::ExtensionText> kServerExtensions{
    {NID_key_usage, "critical,digitalSignature"},
    {NID_ext_key_usage, "serverAuth"},
    {NID_subject_alt_name, "DNS:localhost"}};

test::SignedOptions valid_now(std::vector<test::ExtensionText> extensions = test::kCaExtensions) {
  test::SignedOptions options;
  options.extensions = std::move(extensions);
  options.not_before = CertificateOptions::today() - days(1);
  options.not_after = CertificateOptions::today() + days(30);
  return options;
}

Signer with_key(std::string name, EvpPkeyPtr key) {
  return {std::move(name), std::shared_ptr<EVP_PKEY>(std::move(key))};
}

/// A trust anchor, and what servers present under it.
class ObserverCosts : public testing::Test {
 protected:
  Signer root_{"Root"};
  Der anchor_ = make_certificate(root_, root_, valid_now());

  Der leaf(const Signer& leaf, const Signer& issuer) const {
    return make_certificate(leaf, issuer, valid_now(kServerExtensions));
  }
  Der ca(const Signer& subject, const Signer& issuer) const {
    return make_certificate(subject, issuer, valid_now());
  }
  ObserverContext context(ObserverMode mode = ObserverMode::verify) const {
    return observer_context(der_cert_to_pem_cert(anchor_), TLSVersion::tls1_2, mode);
  }
  Meeting meet_chain(const std::vector<Der>& chain, bool lean = true) const {
    return meet_presenter(context(), lean, chain);
  }
};

X509Ptr decode_presented(const Der& certificate) {
  const std::uint8_t* at = certificate.data();
  return X509Ptr(d2i_X509(nullptr, &at, static_cast<long>(certificate.size())));
}

/// The subjectKeyIdentifier.
Der key_id(const Der& certificate) {
  const X509Ptr decoded = decode_presented(certificate);
  const ASN1_OCTET_STRING* const id = X509_get0_subject_key_id(decoded.get());
  const std::uint8_t* const octets = ASN1_STRING_get0_data(id);
  return {octets, octets + ASN1_STRING_length(id)};
}

void replace(Der& in, const Der& what, const Der& with) {
  const auto found = std::search(in.begin(), in.end(), what.begin(), what.end());
  ASSERT_NE(found, in.end());
  std::ranges::copy(with, found);
}

void expect_refused(const Meeting& meeting, CostKind kind, std::size_t num_sent) {
  EXPECT_EQ(meeting.excessive_cost.kind, kind) << to_string(meeting.excessive_cost);
  EXPECT_FALSE(meeting.outcome);
  EXPECT_FALSE(meeting.may_need_more);
  EXPECT_EQ(meeting.seen.verdict, Verdict::unverified);
  EXPECT_EQ(meeting.seen.num_sent, num_sent);
  EXPECT_EQ(meeting.seen.chain.size(), std::min(num_sent, tls::kMaxCertificates));
}

TEST_F(ObserverCosts, RefuseKeysThatAreTooLarge) {
  for (const bool lean : {true, false}) {
    const Der fair = leaf(with_key("leaf", test::rsa_key_of(kMaxKeyBits, 64)), root_);
    EXPECT_FALSE(meet_chain({fair}, lean).excessive_cost);
    const Der large = leaf(with_key("leaf", test::rsa_key_of(kMaxKeyBits + 1, 17)), root_);
    expect_refused(meet_chain({large}, lean), CostKind::key, 1);
    const Der odd = leaf(with_key("leaf", test::rsa_key_of(3072, 3000)), root_);
    expect_refused(meet_chain({odd}, lean), CostKind::rsa_exponent, 1);
  }
}

TEST_F(ObserverCosts, RefuseIssuersKeysOnlyWhereTheirSignaturesWouldBeVerified) {
  const Signer large = with_key("Large", test::rsa_key_of(kMaxKeyBits + 1, 17));
  const Signer other = with_key("Other", EvpPkeyPtr(EVP_RSA_gen(2048)));
  const Signer server{"leaf"};
  // Nobody has its private key: what it is said to have signed, another has.
  Der below_large = leaf(server, {"Large", other.key});
  replace(below_large, key_id(ca(other, root_)), key_id(ca(large, root_)));
  SSLContext with_its_key(Protocol::tls_server);
  SSL_CTX* const ctx = with_its_key.native_handle();
  SSL_CTX_use_certificate_ASN1(ctx, static_cast<int>(below_large.size()), below_large.data());
  ASSERT_EQ(SSL_CTX_use_PrivateKey(ctx, server.key.get()), 1);
  SSL_CTX_add_extra_chain_cert(ctx, decode_presented(ca(large, root_)).release());
  expect_refused(meet(context(), with_its_key, true), CostKind::key, 2);
  // Beside the path it costs nothing.
  const Meeting beside = meet_chain({leaf(server, other), ca(other, root_), ca(large, root_)});
  EXPECT_FALSE(beside.excessive_cost);
  EXPECT_EQ(beside.seen.error.code, 0) << beside.seen.error.message;
  EXPECT_EQ(beside.seen.verdict, Verdict::unverified);  // nobody has proven to have the key
}

TEST_F(ObserverCosts, AreBorneForTrustAnchors) {
  const Signer large = with_key("Large", test::rsa_key_of(kMaxKeyBits + 1, 17));
  const Signer other = with_key("Other", EvpPkeyPtr(EVP_RSA_gen(2048)));
  anchor_ = ca(large, other);
  Der below_large = leaf(Signer{"leaf"}, {"Large", other.key});
  replace(below_large, key_id(ca(other, root_)), key_id(anchor_));
  const Meeting meeting = meet_chain({below_large});
  EXPECT_FALSE(meeting.excessive_cost);
  EXPECT_EQ(meeting.seen.error.code, X509_V_ERR_CERT_SIGNATURE_FAILURE);
}

TEST_F(ObserverCosts, OfCurvesThatCertificatesMakeUpAreNotBorneInAnyMode) {
  const Der made_up = leaf(with_key("leaf", test::ec_key_of("P-256", "explicit")), root_);
  for (const ObserverMode mode :
       {ObserverMode::verify, ObserverMode::no_verify, ObserverMode::present_only}) {
    for (const bool lean : {true, false}) {
      expect_refused(meet_presenter(context(mode), lean, {made_up}), CostKind::explicit_curve, 1);
    }
  }
  const Der fair = leaf(with_key("leaf", test::ec_key_of("P-256", "named_curve")), root_);
  EXPECT_FALSE(meet_chain({fair}).excessive_cost);
}

TEST_F(ObserverCosts, RefuseMoreCertificatesThanAPathMayHave) {
  const Der server = leaf(Signer{"leaf"}, root_);
  EXPECT_FALSE(meet_chain(std::vector(tls::kMaxCertificates, server)).excessive_cost);
  expect_refused(meet_chain(std::vector(tls::kMaxCertificates + 1, server)), CostKind::certificates,
                 tls::kMaxCertificates + 1);
  const Meeting garbage = meet_chain(std::vector<Der>(9000, {1, 2, 3, 4}));
  expect_refused(garbage, CostKind::certificates, 9000);
  EXPECT_EQ(garbage.seen.num_unreadable, tls::kMaxCertificates);
}

// OpenSSL does not read it: it keeps nothing.
TEST_F(ObserverCosts, RefuseAMessageThatIsTooLong) {
  const Meeting within = meet_chain(std::vector<Der>(2, Der(kMaxCertificatesLen / 2 - 10, 1)));
  EXPECT_EQ(within.seen.num_sent, 2U);
  const Meeting over = meet_chain(std::vector<Der>(2, Der(kMaxCertificatesLen / 2, 1)));
  EXPECT_EQ(over.excessive_cost.kind, CostKind::message);
  EXPECT_FALSE(over.may_need_more);
  EXPECT_TRUE(over.seen.chain.empty());
}

TEST_F(ObserverCosts, RefuseThemInTls13AsWell) {
  const TestPki& pki = TestPki::shared();
  std::string chain = pki.server.certificate_pem();
  for (std::size_t i = 0; i < tls::kMaxCertificates; ++i)
    chain += pki.intermediate.certificate_pem();
  SSLContext server(Protocol::tls_server);
  server.load_cert_chain_data(chain, pki.server.private_key_pem());
  const ObserverContext context = observer_context(pki.root.certificate_pem(), TLSVersion::tls1_3);
  expect_refused(meet(context, server, true), CostKind::certificates, tls::kMaxCertificates + 1);
}

TEST_F(ObserverCosts, KeepWhatCannotBeRead) {
  const Der server = leaf(Signer{"leaf"}, root_);
  const Meeting meeting = meet_chain({server, {0x30, 0x00}, anchor_});
  EXPECT_FALSE(meeting.excessive_cost);
  EXPECT_EQ(meeting.seen.chain, (std::vector<Der>{server, {0x30, 0x00}, anchor_}));
  EXPECT_EQ(meeting.seen.num_sent, 3U);
  EXPECT_EQ(meeting.seen.num_unreadable, 1U);
}

/// A server that knows only this group: of TLS 1.2 with DHE, or of TLS 1.3.
SSLContext dhe_server(const char* group, TLSVersion version) {
  SSLContext context = TestPki::shared().server_context();
  SSL_CTX* const ctx = context.native_handle();
  context.set_maximum_version(version);
  if (version == TLSVersion::tls1_3) {
    EXPECT_EQ(SSL_CTX_set1_groups_list(ctx, group), 1);
    return context;
  }
  context.set_ciphers("DHE:@SECLEVEL=0");
  const test::PkeyContextPtr generator(EVP_PKEY_CTX_new_from_name(nullptr, "DH", nullptr));
  EVP_PKEY* parameters = nullptr;
  EVP_PKEY_paramgen_init(generator.get());
  EVP_PKEY_CTX_set_group_name(generator.get(), group);
  EVP_PKEY_generate(generator.get(), &parameters);
  EXPECT_EQ(SSL_CTX_set0_tmp_dh_pkey(ctx, parameters), 1) << group;
  return context;
}

TEST(ObserverDhe, RefusesGroupsOver4096Bits) {
  const TestPki rsa(KeyType::rsa2048);
  for (const TLSVersion version : {TLSVersion::tls1_2, TLSVersion::tls1_3}) {
    for (const auto& [group, bits] : {std::pair("ffdhe4096", 4096), std::pair("ffdhe6144", 6144),
                                      std::pair("ffdhe8192", 8192)}) {
      const ObserverContext context = observer_context(rsa.root.certificate_pem(), version);
      SSLContext server = dhe_server(group, version);
      TestPki::load(server, rsa.server);
      const Meeting meeting = meet(context, server, false);
      EXPECT_EQ(static_cast<bool>(meeting.outcome), bits <= 4096) << group;
      if (bits <= 4096 || version == TLSVersion::tls1_3) {
        EXPECT_FALSE(meeting.excessive_cost);  // in TLS 1.3 no such group is offered
        continue;
      }
      expect_refused(meeting, CostKind::dh_group, 2);
      EXPECT_EQ(meeting.excessive_cost.size, static_cast<std::size_t>(bits));
    }
  }
}

}  // namespace
}  // namespace peercert::ssl
