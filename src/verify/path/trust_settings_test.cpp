// SPDX-License-Identifier: Apache-2.0
// How trust anchors are read: with the trust settings of BEGIN TRUSTED CERTIFICATE, as OpenSSL
// does.
#include <algorithm>

#include <gtest/gtest.h>
#include <openssl/err.h>

#include <peercert/verify/verifier.hpp>

#include "support/signed_certificate.hpp"
#include "verify/path/openssl_path.hpp"
#include "verify/path/pem_or_der.hpp"

namespace peercert::verify {
namespace {

using namespace peercert::test;

/// What an anchor may be trusted for, and what not: OpenSSL's X509_CERT_AUX.
struct TrustSettings {
  std::vector<int> trusted{}, rejected{};
};

std::shared_ptr<X509> decode_x509(const Der& der) {
  const std::uint8_t* at = der.data();
  return own(d2i_X509(nullptr, &at, static_cast<long>(der.size())), X509_free);
}

Der with_settings(const Der& der, const TrustSettings& settings) {
  const auto x509 = decode_x509(der);
  for (const int nid : settings.trusted) X509_add1_trust_object(x509.get(), OBJ_nid2obj(nid));
  for (const int nid : settings.rejected) X509_add1_reject_object(x509.get(), OBJ_nid2obj(nid));
  return to_der<X509, i2d_X509_AUX>(x509.get());
}

std::string pem(const Der& der, const std::string& label) {
  std::string text(der.size() * 2, '\0');
  text.resize(static_cast<std::size_t>(EVP_EncodeBlock(
      reinterpret_cast<unsigned char*>(text.data()), der.data(), static_cast<int>(der.size()))));
  return "-----BEGIN " + label + "-----\n" + text + "\n-----END " + label + "-----\n";
}

Bytes octets_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// A leaf for servers and clients under a root.
struct TwoCertificates {
  Signer root{"root"}, leaf{"host.example"};
  Der root_der = make_certificate(root, root, {});
  Der leaf_der = make_certificate(leaf, root,
                                  {.extensions = {{NID_key_usage, "critical,digitalSignature"},
                                                  {NID_ext_key_usage, "serverAuth,clientAuth"},
                                                  {NID_subject_alt_name, "DNS:host.example"}}});

  std::string verdict(const Verifier& verifier, const VerifyOptions& options) const {
    const VerifyResult result = verifier.verify(leaf_der, {}, options);
    EXPECT_EQ(ERR_peek_error(), 0U);
    std::string codes;
    for (const Problem& problem : result.problems) {
      codes.append(problem.code).append(std::to_string(problem.depth)) += ' ';
    }
    return result.is_valid() ? "valid" : codes;
  }

  /// Whether OpenSSL says the same: the living oracle.
  bool openssl_accepts(const Der& anchor, Purpose purpose) const {
    const X509Ptr root_x509 = decode_anchor(anchor);
    const auto leaf_x509 = decode_x509(leaf_der);
    const auto store = own(X509_STORE_new(), X509_STORE_free);
    X509_STORE_add_cert(store.get(), root_x509.get());
    const auto ctx = own(X509_STORE_CTX_new(), X509_STORE_CTX_free);
    X509_STORE_CTX_init(ctx.get(), store.get(), leaf_x509.get(), nullptr);
    X509_VERIFY_PARAM* const param = X509_STORE_CTX_get0_param(ctx.get());
    X509_VERIFY_PARAM_set_time(param, kNow.time_since_epoch().count());
    X509_STORE_CTX_set_default(ctx.get(),
                               purpose == Purpose::server_auth ? "ssl_server" : "ssl_client");
    const bool is_accepted = X509_verify_cert(ctx.get()) == 1;
    const int error = X509_STORE_CTX_get_error(ctx.get());
    EXPECT_EQ(error, is_accepted ? X509_V_OK : X509_V_ERR_CERT_REJECTED);
    ERR_clear_error();
    return is_accepted;
  }
};

TEST(TrustSettings, CountAsOpensslHasThem) {
  const TwoCertificates world;
  const std::vector<int> purposes{NID_server_auth, NID_client_auth, NID_email_protect,
                                  NID_anyExtendedKeyUsage};
  std::vector<TrustSettings> all{{}};
  for (const int nid : purposes) {
    all.push_back({.trusted = {nid}});
    all.push_back({.rejected = {nid}});
    for (const int other : purposes) all.push_back({.trusted = {nid}, .rejected = {other}});
  }
  int num_rejected = 0;
  for (const TrustSettings& settings : all) {
    const Der anchor = with_settings(world.root_der, settings);
    for (const Purpose purpose : {Purpose::server_auth, Purpose::client_auth}) {
      const bool is_accepted = world.openssl_accepts(anchor, purpose);
      num_rejected += is_accepted ? 0 : 1;
      for (const auto profile :
           {VerifyProfile::openssl, VerifyProfile::webpki, VerifyProfile::cabf}) {
        Verifier verifier;
        ASSERT_EQ(verifier.add_trust_anchor(anchor).code, Errc::ok);
        EXPECT_EQ(world.verdict(verifier, {.profile = profile, .purpose = purpose, .at = kNow}),
                  is_accepted ? "valid" : "anchor-rejected1 ");
      }
    }
  }
  EXPECT_GT(num_rejected, 10);
}

TEST(TrustSettings, OfAnAnchorThatOnlyTheSearchFinds) {
  const Signer root{"root"}, intermediate{"intermediate"}, leaf{"host.example"};
  const Der unsuitable =
      make_certificate(intermediate, root,
                       {.extensions = {{NID_basic_constraints, "critical,CA:TRUE"},
                                       {NID_key_usage, "critical,keyCertSign"},
                                       {NID_ext_key_usage, "clientAuth"}},
                        .serial = 7});
  const std::vector<Der> untrusted{unsuitable, make_certificate(intermediate, root, {})};
  const Der leaf_der = make_certificate(leaf, intermediate, {.extensions = kLeafExtensions});
  for (const bool is_rejected : {false, true}) {
    const TrustSettings settings{.rejected = {is_rejected ? NID_server_auth : NID_email_protect}};
    Verifier verifier;
    const Der root_der = make_certificate(root, root, {});
    ASSERT_EQ(verifier.add_trust_anchor(with_settings(root_der, settings)).code, Errc::ok);
    EXPECT_EQ(verifier.verify(leaf_der, untrusted, {.at = kNow}).is_valid(), !is_rejected);
  }
}

TEST(TrustSettings, OfALeafThatIsTrustedItself) {
  const TwoCertificates world;
  for (const bool is_rejected : {false, true}) {
    const TrustSettings settings{.rejected = {is_rejected ? NID_server_auth : NID_email_protect}};
    Verifier verifier;
    ASSERT_EQ(verifier.add_trust_anchor(with_settings(world.leaf_der, settings)).code, Errc::ok);
    EXPECT_EQ(world.verdict(verifier, {.at = kNow}), is_rejected ? "anchor-rejected0 " : "valid");
  }
}

TEST(TrustSettings, OfWhatIsNotTrustedAreNotRead) {
  const TwoCertificates world;
  Verifier verifier;
  ASSERT_EQ(verifier.add_trust_anchor(world.root_der).code, Errc::ok);
  const Der leaf = with_settings(world.leaf_der, {.rejected = {NID_server_auth}});
  EXPECT_TRUE(verifier.verify(leaf, {}, {.at = kNow}).is_valid());
  EXPECT_FALSE(
      Verifier()
          .verify(with_settings(world.leaf_der, {.trusted = {NID_server_auth}}), {}, {.at = kNow})
          .is_valid());
}

TEST(TrustSettings, TheFirstOfTheSameCertificateCounts) {
  const TwoCertificates world;
  const Der rejected = with_settings(world.root_der, {.rejected = {NID_server_auth}});
  Verifier first, second;
  for (const Der& der : {rejected, world.root_der}) first.add_trust_anchor(der);
  for (const Der& der : {world.root_der, rejected}) second.add_trust_anchor(der);
  EXPECT_EQ(world.verdict(first, {.at = kNow}), "anchor-rejected1 ");
  EXPECT_EQ(world.verdict(second, {.at = kNow}), "valid");
}

TEST(TrustAnchors, NothingElseFollowsOne) {
  const TwoCertificates world;
  Der der = world.root_der;
  der.insert(der.end(), {0x05, 0x00});
  EXPECT_EQ(Verifier().add_trust_anchor(der).code, Errc::trailing_data);
  der = with_settings(world.root_der, {.rejected = {NID_server_auth}});
  der.push_back(0);
  EXPECT_EQ(Verifier().add_trust_anchor(der).code, Errc::trailing_data);
}

TEST(TrustAnchors, OfAText) {
  const TwoCertificates world;
  const Der settings = with_settings(world.root_der, {.rejected = {NID_server_auth}});
  const Der crl = make_crl(world.root, world.root_der, {});
  std::string cr = pem(world.root_der, "CERTIFICATE");
  for (std::size_t at = 0; (at = cr.find('\n', at)) != cr.npos; at += 2) cr.insert(at, 1, '\r');
  std::string blank = pem(world.root_der, "CERTIFICATE");
  blank.insert(blank.find('\n') + 1, "\n");
  Der twice = world.leaf_der;
  twice.insert(twice.end(), world.root_der.begin(), world.root_der.end());
  const std::string good = pem(world.root_der, "CERTIFICATE");
  for (const auto& [text, verdict] :
       {std::pair{good, "valid"},
        {"0 text\n" + good + "text", "valid"},
        {pem(world.root_der, "X509 CERTIFICATE"), "valid"},
        {pem(world.root_der, "TRUSTED CERTIFICATE"), "valid"},
        {pem(settings, "TRUSTED CERTIFICATE"), "anchor-rejected1 "},
        {pem(settings, "CERTIFICATE"), "valid"},  // as OpenSSL: that label has no settings
        {pem(crl, "X509 CRL") + good, "valid"},
        {"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n" + good, "valid"},
        {cr, "valid"},
        {blank, "valid"},
        {std::string(world.root_der.begin(), world.root_der.end()), "valid"},
        {std::string(twice.begin(), twice.end()), "valid"}}) {
    Verifier verifier;
    EXPECT_FALSE(verifier.add_trust_anchors(octets_of(text))) << text;
    EXPECT_EQ(world.verdict(verifier, {.at = kNow}), verdict) << text;
  }
}

TEST(TrustAnchors, WhereATextIsWrong) {
  const TwoCertificates world;
  const std::string good = pem(world.root_der, "CERTIFICATE");
  Der cut = world.root_der;
  cut.insert(cut.end(), world.root_der.begin(), world.root_der.end() - 1);
  for (const auto& [text, offset] :
       {std::pair{std::string(), std::size_t{0}},
        {"text", 0},
        {pem(make_crl(world.root, world.root_der, {}), "X509 CRL"), 0},
        {"12" + good.substr(0, 200), 2},
        {good.substr(0, good.find("-----END")), 0},
        {good + pem({1, 2, 3}, "CERTIFICATE"), good.size()},
        {good + pem({1, 2, 3}, "TRUSTED CERTIFICATE"), good.size()},
        {good + pem({1, 2, 3}, "X509 CRL"), good.size()},
        {"-----BEGIN CERTIFICATE-----\nAA?A\n-----END CERTIFICATE-----\n", 30},
        {std::string(cut.begin(), cut.end()), world.root_der.size()}}) {
    Verifier verifier;
    const auto error = verifier.add_trust_anchors(octets_of(text));
    ASSERT_TRUE(error) << text;
    EXPECT_EQ(error->offset, offset) << text;
    EXPECT_EQ(world.verdict(verifier, {.at = kNow}), "issuer-not-found0 ") << "something was added";
  }
  EXPECT_EQ(ERR_peek_error(), 0U);
}

}  // namespace
}  // namespace peercert::verify
