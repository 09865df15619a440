// SPDX-License-Identifier: Apache-2.0
// EC keys whose curve the certificate makes up. Here their field is none, which OpenSSL only sees
// when it computes: who refuses the form alone has not computed.
#include "verify/path/explicit_curve.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "support/costly_keys.hpp"
#include "support/verifier_world.hpp"

namespace peercert::verify {
namespace {

using namespace verify::test;

constexpr std::string_view kExplicit = "ec-key-explicit-params";

Signer with_explicit_curve(std::string name) {
  return {std::move(name),
          std::shared_ptr<EVP_PKEY>(peercert::test::ec_key_of("P-256", "explicit"))};
}

/// The same certificate with a field of another size, which is no prime.
Der with_broken_field(Der certificate) {
  const Der prime{0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x01};  // the first of P-256's
  const auto found =
      std::search(certificate.begin(), certificate.end(), prime.begin(), prime.end());
  if (found == certificate.end()) throw std::runtime_error("no explicit P-256");
  found[5] = 0x55;
  return certificate;
}

Verifier verifier_for(const Der& anchor) {
  Verifier verifier;
  EXPECT_EQ(verifier.add_trust_anchor(anchor).code, Errc::ok);
  return verifier;
}

TEST(ExplicitCurve, IsSeenInKeysAndCertificates) {
  for (const char* curve : {"P-256", "P-384", "P-521", "brainpoolP512r1", "sect571r1"}) {
    const auto spki = [curve](const char* encoding) {
      return peercert::test::spki_of(peercert::test::ec_key_of(curve, encoding).get());
    };
    EXPECT_FALSE(has_explicit_curve(spki("named_curve"))) << curve;
    EXPECT_TRUE(has_explicit_curve(spki("explicit"))) << curve;
  }
  EXPECT_FALSE(has_explicit_curve({}));
}

TEST(ExplicitCurve, AreCounted) {
  for (const auto& [curve, num] : {std::pair{"P-256", 1U}, {"sect571r1", 2U}}) {
    const std::vector<std::uint8_t> one =
        peercert::test::spki_of(peercert::test::ec_key_of(curve, "explicit").get());
    std::vector<std::uint8_t> two = one;
    two.insert(two.end(), one.begin(), one.end());
    EXPECT_EQ(num_explicit_curves(one), num) << curve;
    EXPECT_EQ(num_explicit_curves(two), 2 * num) << curve;
  }
  EXPECT_EQ(num_explicit_curves({}), 0U);
}

TEST(ExplicitCurve, OfALeafIsRefused) {
  for (const VerifyProfile profile :
       {VerifyProfile::openssl, VerifyProfile::webpki, VerifyProfile::cabf}) {
    World world;
    world.options.profile = profile;
    world.leaf = with_explicit_curve("host.example");
    for (const Der& leaf : {world.leaf_der(), with_broken_field(world.leaf_der())}) {
      const VerifyResult result =
          verifier_for(world.root_der())
              .verify(leaf, std::vector<Der>{world.intermediate_der()}, world.options);
      EXPECT_EQ(codes(result), (Codes{{kExplicit, 0}}));
      EXPECT_TRUE(result.path == std::vector<Der>{leaf});
    }
  }
}

TEST(ExplicitCurve, OfAnIssuerIsNamed) {
  World world;
  world.intermediate = with_explicit_curve("intermediate");
  const Der intermediate = with_broken_field(world.intermediate_der());
  const Der leaf = world.leaf_der();
  const VerifyResult result =
      verifier_for(world.root_der()).verify(leaf, std::vector<Der>{intermediate}, world.options);
  EXPECT_EQ(codes(result), (Codes{{"issuer-not-found", 0}, {kExplicit, 1}}));
  EXPECT_TRUE(result.path == (std::vector<Der>{leaf, intermediate}));
}

TEST(ExplicitCurve, BesideThePathIsNoProblem) {
  World world;
  const Signer other = with_explicit_curve("intermediate");
  world.more_untrusted = {
      with_broken_field(make_certificate(other, world.root, {})),
      with_broken_field(make_certificate(with_explicit_curve("other"), other, {}))};
  EXPECT_TRUE(world.verify().is_valid());
  // Nor is it one where something else is wrong.
  world.leaf_options.not_after = kNow - kDay;
  EXPECT_EQ(codes(world.verify()), (Codes{{"expired", 0}}));
  // Of another name than the issuer that is missing.
  world.root_options.not_after = kNow - kDay;
  const VerifyResult result = verifier_for(make_certificate(Signer{"x"}, Signer{"x"}, {}))
                                  .verify(world.leaf_der(), world.more_untrusted, {.at = kNow});
  EXPECT_FALSE(result.is_valid());
}

TEST(ExplicitCurve, IsTheCallersAffairInATrustAnchor) {
  World world;
  world.root = with_explicit_curve("root");
  const VerifyResult result = world.verify();
  EXPECT_EQ(result.path.size(), 3U);
  EXPECT_TRUE(codes(result).contains({kExplicit, 2}));
  // Also in a leaf that is one.
  world.leaf = with_explicit_curve("host.example");
  const Der leaf = world.leaf_der();
  world.options.profile = VerifyProfile::openssl;
  const VerifyResult trusted = verifier_for(leaf).verify(leaf, {}, world.options);
  EXPECT_EQ(codes(trusted), Codes{});
}

TEST(ExplicitCurve, IsNotDecodedInAPathOfSomebodyElse) {
  World world;
  world.leaf = with_explicit_curve("host.example");
  for (const VerifyProfile profile : {VerifyProfile::openssl, VerifyProfile::webpki}) {
    world.options.profile = profile;
    const std::vector<Der> path{with_broken_field(world.leaf_der()), world.intermediate_der(),
                                world.root_der()};
    const std::vector<Problem> problems = check_path(path, world.options);
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_EQ(problems.front().code, kExplicit);
    EXPECT_EQ(problems.front().depth, 0);
  }
}

}  // namespace
}  // namespace peercert::verify
