// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

#include <gtest/gtest.h>
#include <openssl/err.h>

#include <peercert/verify/verifier.hpp>

#include "support/verifier_world.hpp"

namespace peercert::verify {
namespace {

using namespace verify::test;

TEST(Verifier, ValidPath) {
  for (const VerifyProfile profile : {VerifyProfile::openssl, VerifyProfile::webpki}) {
    World world;
    world.options.profile = profile;
    const VerifyResult result = world.verify();
    EXPECT_EQ(codes(result), Codes{});
    EXPECT_TRUE(result.is_valid());
    ASSERT_EQ(result.path.size(), 3U);
    const auto top = Certificate::from_der(result.path.back());
    const auto root = Certificate::from_der(world.root_der());
    EXPECT_TRUE(std::ranges::equal(top->view().subject_public_key_info().der,
                                   root->view().subject_public_key_info().der));
    EXPECT_EQ(ERR_peek_error(), 0U);
  }
}

TEST(Verifier, NothingIsNotValid) {
  EXPECT_FALSE(VerifyResult{}.is_valid());
  EXPECT_EQ(codes(Verifier().verify({}, {}, {})), (Codes{{"undecodable", 0}}));
  EXPECT_NE(Verifier().add_trust_anchor(Der{0x30, 0}).code, Errc::ok);
}

TEST(Verifier, NoAnchor) {
  const World world;
  const std::vector<Der> untrusted{world.intermediate_der(), Der{1, 2, 3}};
  const VerifyResult result = Verifier().verify(world.leaf_der(), untrusted, world.options);
  EXPECT_FALSE(result.is_valid());
  ASSERT_EQ(result.problems.size(), 1U);
  EXPECT_EQ(result.problems.front().code, "issuer-not-found");
}

TEST(Verifier, Names) {
  for (const auto& [kind, right, wrong] :
       {std::tuple{NameKind::hostname, "HOST.example", "other.example"},
        {NameKind::ip, "192.0.2.1", "192.0.2.2"},
        {NameKind::email, "me@host.example", "you@host.example"}}) {
    World world;
    world.options.name = ReferenceName{kind, right};
    EXPECT_TRUE(world.verify().is_valid()) << right;
    world.options.name = ReferenceName{kind, wrong};
    const VerifyResult result = world.verify();
    ASSERT_EQ(result.problems.size(), 1U) << wrong;
    EXPECT_EQ(result.problems.front().depth, 0);
    EXPECT_EQ(result.path.size(), 3U);
  }
}

TEST(Verifier, NamesThatAreNone) {
  for (const auto& [kind, right, wrong] :
       {std::tuple{NameKind::hostname, "host.example.", "*.example"},
        {NameKind::hostname, "192.0.2.1", "b\xc3\xbc.example"},
        {NameKind::ip, "2001:DB8::1", "[::1]"},
        {NameKind::email, "a@b.example", "b.example"}}) {
    EXPECT_TRUE(is_well_formed({kind, right})) << right;
    EXPECT_FALSE(is_well_formed({kind, wrong})) << wrong;
    EXPECT_FALSE(is_well_formed({kind, ""}));
  }
}

TEST(Verifier, ValidityIncludesBothEnds) {
  const World world;
  for (const VerifyProfile profile : {VerifyProfile::openssl, VerifyProfile::webpki}) {
    World at = world;
    at.options.profile = profile;
    at.options.at = world.leaf_options.not_after;
    EXPECT_TRUE(at.verify().is_valid());
    at.options.at = world.leaf_options.not_after + std::chrono::seconds(1);
    EXPECT_EQ(codes(at.verify()), (Codes{{"expired", 0}, {"expired", 1}, {"expired", 2}}));
    at.options.at = world.leaf_options.not_before;
    EXPECT_TRUE(at.verify().is_valid());
    at.options.at = world.leaf_options.not_before - std::chrono::seconds(1);
    EXPECT_EQ(codes(at.verify()),
              (Codes{{"not-yet-valid", 0}, {"not-yet-valid", 1}, {"not-yet-valid", 2}}));
  }
}

TEST(Verifier, PurposeAndDepth) {
  World world;
  world.options.purpose = Purpose::client_auth;
  EXPECT_FALSE(world.verify().is_valid());
  world.leaf_options.extensions[1].second = "clientAuth";
  EXPECT_TRUE(world.verify().is_valid());
  world.options.max_depth = 1;
  EXPECT_TRUE(world.verify().is_valid());
  world.options.max_depth = 0;
  EXPECT_FALSE(world.verify().is_valid());
}

TEST(Verifier, AnyPurposeOfAnIssuerIsEnough) {
  World world;
  world.intermediate_options.extensions.push_back({NID_ext_key_usage, "anyExtendedKeyUsage"});
  EXPECT_EQ(codes(world.verify()), Codes{});
  world.intermediate_options.extensions.push_back({NID_netscape_cert_type, "objCA"});
  EXPECT_TRUE(codes(world.verify()).contains({"invalid-purpose", 1}));
  world.intermediate_options = {};
  world.intermediate_options.extensions.push_back({NID_ext_key_usage, "clientAuth"});
  EXPECT_TRUE(codes(world.verify()).contains({"invalid-purpose", 1}));
}

TEST(Verifier, AnyPurposeOfALeafIsNotEnough) {
  World world;
  world.leaf_options.extensions = kCaExtensions;
  world.leaf_options.extensions.emplace_back(NID_ext_key_usage, "anyExtendedKeyUsage");
  world.leaf_options.extensions.emplace_back(NID_subject_alt_name, "DNS:host.example");
  world.options.profile = VerifyProfile::openssl;
  EXPECT_EQ(codes(world.verify()), (Codes{{"invalid-purpose", 0}}));
}

TEST(Verifier, TheProfileAddsRules) {
  World world;
  world.leaf_options.serial = -5;
  world.options.profile = VerifyProfile::openssl;
  EXPECT_TRUE(world.verify().is_valid());
  world.options.profile = VerifyProfile::webpki;
  EXPECT_EQ(codes(world.verify()), (Codes{{"serial-not-positive", 0}}));
}

TEST(Verifier, AnIntermediateMayBeTrusted) {
  const World world;
  Verifier verifier;
  EXPECT_EQ(verifier.add_trust_anchor(world.intermediate_der()).code, Errc::ok);
  const VerifyResult result = verifier.verify(world.leaf_der(), {}, world.options);
  EXPECT_EQ(codes(result), Codes{});
  // The anchor above was signed anew, so that this is another certificate of the same key.
  EXPECT_EQ(result.path.size(), 2U);
}

// OpenSSL takes the first that fits; another one would do.
TEST(Verifier, TriesTheOtherIssuers) {
  const std::vector<SignedOptions> bad{
      {.not_after = kNow - kDay, .serial = 7},
      {.extensions = {{NID_basic_constraints, "critical,CA:TRUE"},
                      {NID_key_usage, "critical,keyCertSign"},
                      {NID_name_constraints, "critical,permitted;DNS:other.example"}},
       .serial = 8},
      {.extensions = {{NID_basic_constraints, "critical,CA:TRUE"},
                      {NID_key_usage, "critical,keyCertSign"},
                      {NID_ext_key_usage, "clientAuth"}},
       .serial = 9}};
  for (const SignedOptions& options : bad) {
    World world;
    world.more_untrusted = {make_certificate(world.intermediate, world.root, options)};
    EXPECT_EQ(codes(world.verify()), Codes{}) << options.serial;
    // And it is that one that is bad.
    world.intermediate_options = options;
    EXPECT_FALSE(world.verify().is_valid()) << options.serial;
  }
}

TEST(Verifier, CrossSignedByAnUnknownRoot) {
  World world;
  const Signer unknown{"unknown root"};
  world.more_untrusted = {make_certificate(world.intermediate, unknown, {}),
                          make_certificate(unknown, unknown, {})};
  EXPECT_TRUE(world.verify().is_valid());
}

TEST(Verifier, SameNameOtherKey) {
  World world;
  for (int i = 0; i < 10; ++i) {
    const Signer impostor{world.intermediate.name};
    world.more_untrusted.push_back(make_certificate(impostor, world.root, {}));
  }
  EXPECT_TRUE(world.verify().is_valid());
}

TEST(Verifier, TheBestFailureIsTold) {
  World world;
  SignedOptions worse{.not_after = kNow - kDay, .serial = 7};
  worse.extensions.push_back({NID_ext_key_usage, "clientAuth"});
  world.more_untrusted = {make_certificate(world.intermediate, world.root, worse)};
  world.intermediate_options.not_after = kNow - kDay;
  EXPECT_EQ(codes(world.verify()), (Codes{{"expired", 1}}));
  world.more_untrusted = {world.intermediate_der()};
  world.intermediate_options = worse;
  EXPECT_EQ(codes(world.verify()), (Codes{{"expired", 1}}));
}

// Paths through CAs that all certify each other grow with the factorial of their number.
TEST(Verifier, AHostileBundleEndsSoon) {
  World world;
  std::vector<Signer> mesh;
  for (int i = 0; i < 12; ++i) mesh.push_back({"mesh " + std::to_string(i)});
  for (const Signer& subject : mesh) {
    for (const Signer& issuer : mesh) {
      if (&subject != &issuer) {
        world.more_untrusted.push_back(make_certificate(subject, issuer, {}));
      }
    }
  }
  world.intermediate = mesh[0];
  world.intermediate_options.not_after = kNow - kDay;
  const VerifyResult result = world.verify();
  EXPECT_FALSE(result.is_valid());
  EXPECT_TRUE(codes(result).contains({"too-many-paths", 0}));
}

// Two certificates of each CA: the paths double with each, and not one of them reaches an anchor.
TEST(Verifier, DeadEndsEndSoon) {
  World world;
  Signer subject = world.intermediate;
  for (int layer = 0; layer < 24; ++layer) {
    const Signer issuer{"layer " + std::to_string(layer)};
    for (const long serial : {7, 8}) {
      world.more_untrusted.push_back(make_certificate(subject, issuer, {.serial = serial}));
    }
    subject = issuer;
  }
  world.intermediate_options.not_after = kNow - kDay;
  EXPECT_TRUE(codes(world.verify()).contains({"too-many-paths", 0}));
}

// 32 paths of 32 certificates would be a thousand signatures for OpenSSL to check.
TEST(Verifier, LongPathsEndSoon) {
  World world;
  Signer subject = world.intermediate;
  for (int layer = 0; layer < 30; ++layer) {
    const Signer issuer = layer == 29 ? world.root : Signer{"layer " + std::to_string(layer)};
    world.more_untrusted.push_back(make_certificate(subject, issuer, {.serial = 7}));
    if (layer > 25) world.more_untrusted.push_back(make_certificate(subject, issuer, {}));
    subject = issuer;
  }
  world.intermediate_options.not_after = kNow - kDay;
  world.leaf_options.not_after = kNow - kDay;
  EXPECT_TRUE(codes(world.verify()).contains({"too-many-paths", 0}));
}

TEST(Verifier, AHundredCasOfOneNameEndSoon) {
  World world;
  for (long i = 0; i < 100; ++i) {
    SignedOptions options{.not_after = kNow - kDay, .serial = 100 + i};
    world.more_untrusted.push_back(make_certificate(world.intermediate, world.root, options));
  }
  world.intermediate_options.not_after = kNow - kDay;
  EXPECT_TRUE(codes(world.verify()).contains({"too-many-paths", 0}));
}

// Each CA may have a million comparisons by itself.
TEST(Verifier, ManyNamesAndConstraintsEndSoon) {
  std::string names, subtrees;
  for (int i = 0; i < 800; ++i) {
    names.append(i == 0 ? "DNS:" : ",DNS:").append(std::to_string(i)).append(".example");
    subtrees.append(i == 0 ? "" : ",").append("excluded;DNS:x" + std::to_string(i) + ".example");
  }
  for (const VerifyProfile profile : {VerifyProfile::openssl, VerifyProfile::webpki}) {
    World world;
    world.options.profile = profile;
    world.leaf_options.extensions[2].second.append(",").append(names);
    world.intermediate_options.extensions.push_back({NID_name_constraints, "critical," + subtrees});
    if (profile == VerifyProfile::openssl) {
      EXPECT_EQ(codes(world.verify()), Codes{});
    }
    world.root_options = world.intermediate_options;
    EXPECT_EQ(codes(world.verify()), (Codes{{"too-much-work", 0}}));
  }
}

// The second and third path have comparisons left only if those of the first are counted as well.
TEST(Verifier, ComparisonsAreBoundedInAllPathsTogether) {
  std::string names, subtrees;
  for (int i = 0; i < 800; ++i) names.append(",DNS:" + std::to_string(i) + ".example");
  for (int i = 0; i < 400; ++i) {
    subtrees.append(i == 0 ? "" : ",").append("excluded;DNS:x" + std::to_string(i) + ".example");
  }
  for (const int num_bad : {2, 3}) {  // 322,000 comparisons for each path
    World world;
    world.options.profile = VerifyProfile::openssl;
    world.leaf_options.extensions[2].second.append(names);
    world.root_options.extensions.emplace_back(NID_name_constraints, "critical," + subtrees);
    SignedOptions bad;
    bad.extensions.emplace_back(NID_ext_key_usage, "clientAuth");
    for (int i = 0; i < num_bad; ++i) {
      bad.serial = 100 + i;
      world.more_untrusted.push_back(make_certificate(world.intermediate, world.root, bad));
    }
    EXPECT_EQ(world.verify().is_valid(), num_bad == 2);
  }
}

TEST(Verifier, TheSameProblemIsToldOfEachCertificate) {
  World world;
  world.leaf_options.serial = -5;
  world.intermediate_options.serial = -6;
  EXPECT_EQ(codes(world.verify()), (Codes{{"serial-not-positive", 0}, {"serial-not-positive", 1}}));
}

TEST(Verifier, TheSameProblemIsToldOfACertificateOnce) {
  World world;
  world.options.at = world.leaf_options.not_after + std::chrono::seconds(1);
  EXPECT_EQ(world.verify().problems.size(), 3U);  // OpenSSL's and the rule's have one code
}

// Which the search alone finds: OpenSSL takes the certificate that is for clients.
TEST(Verifier, TheLongestPathThatIsAllowedIsFound) {
  World world;
  SignedOptions bad{.serial = 7};
  bad.extensions.emplace_back(NID_ext_key_usage, "clientAuth");
  Signer subject = world.intermediate;
  for (int i = 0; i < 3; ++i) {
    const Signer issuer = i == 2 ? world.root : Signer{"CA " + std::to_string(i)};
    world.more_untrusted.push_back(make_certificate(subject, issuer, bad));
    world.more_untrusted.push_back(make_certificate(subject, issuer, {}));
    bad.serial += 1;
    subject = issuer;
  }
  world.intermediate_options = bad;
  world.options.max_depth = 3;
  const VerifyResult result = world.verify();
  EXPECT_EQ(codes(result), Codes{});
  EXPECT_EQ(result.path.size(), 5U);
  world.options.max_depth = 2;
  EXPECT_FALSE(world.verify().is_valid());
}

TEST(Verifier, DepthsBeyondTheLargestAndBelowNoneCountAsThose) {
  World world;
  world.options.max_depth = 1'000'000;
  EXPECT_TRUE(world.verify().is_valid());
  world.options.max_depth = -1;
  EXPECT_FALSE(world.verify().is_valid());
  Verifier verifier;
  ASSERT_EQ(verifier.add_trust_anchor(world.intermediate_der()).code, Errc::ok);
  EXPECT_TRUE(verifier.verify(world.leaf_der(), {}, world.options).is_valid());
}

TEST(Verifier, APathOf255CertificatesBetween) {
  World world;
  Signer subject = world.leaf;
  std::vector<Der> chain;
  SignedOptions options = world.leaf_options;
  for (int i = 0; i < kLargestMaxDepth + 1; ++i) {
    const Signer issuer{"CA " + std::to_string(i)};
    chain.push_back(make_certificate(subject, issuer, options));
    options = {};
    subject = issuer;
  }
  Verifier verifier;
  ASSERT_EQ(verifier.add_trust_anchor(make_certificate(subject, subject, {})).code, Errc::ok);
  for (const int max_depth : {kLargestMaxDepth, kLargestMaxDepth - 1}) {
    world.options.max_depth = max_depth;
    const VerifyResult result =
        verifier.verify(chain.front(), std::span(chain).subspan(1), world.options);
    EXPECT_EQ(result.is_valid(), max_depth == kLargestMaxDepth) << max_depth;
  }
}

// One that reaches an anchor is told of, however many problems it has.
TEST(Verifier, AFailureWithAnAnchorIsBetterThanOneWithout) {
  World world;
  SignedOptions bad{.not_after = kNow - kDay, .serial = 7};
  bad.extensions.emplace_back(NID_ext_key_usage, "clientAuth");
  const Signer unknown{"unknown"};
  world.intermediate_options = bad;
  world.more_untrusted = {make_certificate(world.intermediate, unknown, {})};
  EXPECT_EQ(codes(world.verify()),
            (Codes{{"expired", 1}, {"invalid-purpose", 1}, {"eku-mismatch", 1}}));
}

TEST(CheckPath, ALeafAndItsIssuersAsAConnectionHasThem) {
  World world;
  std::vector<Der> path{world.leaf_der(), world.intermediate_der(), world.root_der()};
  EXPECT_TRUE(check_path(path, world.options).empty());
  world.options.name->text = "other.example";
  EXPECT_EQ(check_path(path, world.options).size(), 1U);
  world.options.name.reset();
  world.leaf_options.serial = -5;
  path[0] = world.leaf_der();
  EXPECT_EQ(check_path(path, world.options).size(), 1U);
  world.options.profile = VerifyProfile::openssl;
  EXPECT_TRUE(check_path(path, world.options).empty());
  path[1] = {0x30};
  ASSERT_EQ(check_path(path, world.options).size(), 1U);
  EXPECT_EQ(check_path(path, world.options).front().code, "undecodable");
  world.options.profile = VerifyProfile::webpki;
  EXPECT_FALSE(check_path({}, world.options).empty());
}

TEST(PathProblems, EachHasOneCodeAndARowOnThePage) {
  std::ifstream file(PEERCERT_SOURCE "/docs/verify.md");
  const std::string page(std::istreambuf_iterator<char>(file), {});
  std::set<std::string_view> known;
  for (const PathProblem& problem : path_problems()) {
    EXPECT_TRUE(known.insert(problem.code).second) << problem.code;
    const std::string row =
        "| `" + std::string(problem.code) + "` | " + std::string(problem.sentence) + " |\n";
    EXPECT_NE(page.find(row), std::string::npos) << row;
  }
  EXPECT_GT(known.size(), 60U);
}

}  // namespace
}  // namespace peercert::verify
