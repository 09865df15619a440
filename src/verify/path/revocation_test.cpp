// SPDX-License-Identifier: Apache-2.0
#include <openssl/err.h>

#include "support/verifier_world.hpp"

namespace peercert::verify {
namespace {

using namespace verify::test;

TEST(Revocation, OfTheLeafAndOfACa) {
  World world;
  const Der crl = make_crl(world.intermediate, world.intermediate_der(), {});
  world.crls = {crl};
  EXPECT_EQ(codes(world.verify()), Codes{});  // the root has no CRL, and needs none

  world.crls = {make_crl(world.intermediate, world.intermediate_der(),
                         {.revoked = {world.leaf_options.serial}})};
  const VerifyResult revoked = world.verify();
  EXPECT_EQ(codes(revoked), (Codes{{"revoked", 0}}));
  EXPECT_NE(revoked.problems.front().message.find("since Jun 14"), std::string::npos);
  EXPECT_NE(revoked.problems.front().message.find("keyCompromise"), std::string::npos);

  world.crls = {crl, make_crl(world.root, world.root_der(),
                              {.revoked = {world.intermediate_options.serial}})};
  EXPECT_TRUE(codes(world.verify()).contains({"revoked", 1}));
}

TEST(Revocation, CrlsThatDoNotCount) {
  World world;
  const Der issuer = world.intermediate_der();
  world.crls = {make_crl(world.root, world.root_der(), {})};
  EXPECT_EQ(codes(world.verify()), (Codes{{"crl-not-found", 0}}));

  world.crls = {make_crl(Signer{world.intermediate.name}, issuer, {})};
  EXPECT_EQ(codes(world.verify()), (Codes{{"crl-signature-failure", 0}}));

  world.crls = {make_crl(world.intermediate, issuer, {.next_update = *world.options.at})};
  EXPECT_EQ(codes(world.verify()), Codes{});
  world.crls = {
      make_crl(world.intermediate, issuer, {.next_update = kNow - std::chrono::hours(12)})};
  EXPECT_EQ(codes(world.verify()), (Codes{{"crl-has-expired", 0}}));

  world.crls = {make_crl(world.intermediate, issuer, {.has_number = false})};
  EXPECT_EQ(codes(world.verify()), (Codes{{"crl-number", 0}}));
  world.options.profile = VerifyProfile::openssl;
  EXPECT_EQ(codes(world.verify()), Codes{});
}

// A CRL for those certificates whose distribution point it names.
TEST(Revocation, CrlsOfOneScope) {
  constexpr const char* kHere = "http://here.example/crl";
  const auto scope = [](const std::string& text) {
    return CrlOptions{.extensions = {{NID_issuing_distribution_point, "critical," + text}}};
  };
  World world;
  world.leaf_options.extensions.push_back(
      {NID_crl_distribution_points, "URI:http://here.example/crl"});
  const Der issuer = world.intermediate_der();
  for (const auto& [text, expected] :
       {std::pair{std::string("fullname:URI:") + kHere, Codes{}},
        {"onlyuser:TRUE", Codes{}},
        {"fullname:URI:http://there.example/crl",
         Codes{{"different-crl-scope", 0}, {"crl-not-found", 0}}},
        {"onlyCA:TRUE", Codes{{"different-crl-scope", 0}, {"crl-not-found", 0}}},
        {"onlyAA:TRUE", Codes{{"different-crl-scope", 0}, {"crl-not-found", 0}}}}) {
    world.crls = {make_crl(world.intermediate, issuer, scope(text))};
    EXPECT_EQ(codes(world.verify()), expected) << text;
  }
}

TEST(Revocation, ATrustAnchorNeedsNoCrl) {
  World world;
  world.intermediate_options.extensions.push_back({NID_crl_distribution_points, "URI:http://a/"});
  const CrlOptions scope{
      .extensions = {{NID_issuing_distribution_point, "critical,fullname:URI:http://a/"}}};
  world.crls = {make_crl(world.intermediate, world.intermediate_der(), {}),
                make_crl(world.root, world.root_der(), scope)};
  EXPECT_EQ(codes(world.verify()), Codes{});
  world.intermediate_options.extensions.pop_back();
  EXPECT_EQ(codes(world.verify()), (Codes{{"different-crl-scope", 1}, {"crl-not-found", 1}}));
}

TEST(Revocation, CrlsThatTheProfileRefuses) {
  World world;
  const long other = world.leaf_options.serial + 1;
  const Der issuer = world.intermediate_der();
  world.leaf_options.extensions.push_back({NID_crl_distribution_points, "DNS:a.example"});
  for (const auto& [options, code, profile] :
       {std::tuple{CrlOptions{.revoked = {other, other + 1, other}}, "crl-serial-repeated",
                   VerifyProfile::webpki},
        {CrlOptions{
             .extensions = {{NID_issuing_distribution_point, "critical,fullname:DNS:a.example"}}},
         "crl-point-not-uri", VerifyProfile::cabf}}) {
    world.crls = {make_crl(world.intermediate, issuer, options)};
    for (const auto asked : {VerifyProfile::openssl, VerifyProfile::webpki, VerifyProfile::cabf}) {
      world.options.profile = asked;
      EXPECT_EQ(codes(world.verify()).contains({code, 0}), asked >= profile) << code;
    }
  }
}

TEST(Revocation, FilesOfCrls) {
  const World world;
  const Der crl = make_crl(world.root, world.root_der(), {});
  Verifier verifier;
  Der twice = crl;
  twice.insert(twice.end(), crl.begin(), crl.end());
  EXPECT_FALSE(verifier.add_crls(twice));
  twice.pop_back();
  EXPECT_EQ(verifier.add_crls(twice)->offset, crl.size());
  const auto add = [&](std::string_view text) {
    return verifier.add_crls({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  };
  EXPECT_TRUE(add(""));
  EXPECT_TRUE(add("text"));
  EXPECT_EQ(add("a\n-----BEGIN X509 CRL-----\nAAAA\n")->offset, 2U);
  EXPECT_EQ(add("ab\n-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n")->offset, 3U);
  EXPECT_EQ(ERR_peek_error(), 0U);
}

}  // namespace
}  // namespace peercert::verify
