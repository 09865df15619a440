// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <gtest/gtest.h>
#include <openssl/err.h>

#include <peercert/verify/verifier.hpp>

#include "support/signed_certificate.hpp"

namespace peercert::verify {
namespace {

using namespace peercert::test;

constexpr const char* kRequired = "critical,requireExplicitPolicy:0";

/// What the certificates of a path say of policies, leaf first, and the codes that they earn.
std::string codes_of_path(const std::vector<std::vector<ExtensionText>>& extensions) {
  Signer subject{"host.example"};
  std::vector<Der> path;
  SignedOptions options{.extensions = kLeafExtensions};
  for (const std::vector<ExtensionText>& own : extensions) {
    const Signer issuer{"CA " + std::to_string(path.size())};
    options.extensions.insert(options.extensions.end(), own.begin(), own.end());
    path.push_back(make_certificate(subject, issuer, options));
    options = {};
    subject = issuer;
  }
  path.push_back(make_certificate(subject, subject, {}));
  std::string all;
  for (const Problem& problem : check_path(path, {.at = kNow})) all.append(problem.code) += ' ';
  EXPECT_EQ(ERR_peek_error(), 0U);
  return all;
}

ExtensionText policies(const char* list) { return {NID_certificate_policies, list}; }

TEST(PolicyCheck, EachCodeIsListed) {
  const std::vector<PathProblem> listed = path_problems();
  for (const char* code : {"no-explicit-policy", "policies-invalid", "too-many-policies"}) {
    EXPECT_NE(std::ranges::find(listed, code, &PathProblem::code), listed.end()) << code;
  }
}

TEST(PolicyCheck, NothingIsAskedForByItself) {
  EXPECT_EQ(codes_of_path({{}, {}}), "");
  EXPECT_EQ(codes_of_path({{policies("1.2.3.4")}, {policies("1.2.3.5")}}), "");
  EXPECT_EQ(codes_of_path({{}, {policies("1.2.3.4"), {NID_inhibit_any_policy, "critical,0"}}}), "");
  EXPECT_EQ(codes_of_path({{policies("1.2.3.4,1.2.3.4")}, {}}), "");
}

TEST(PolicyCheck, AnExplicitPolicy) {
  const ExtensionText required{NID_policy_constraints, kRequired};
  EXPECT_EQ(codes_of_path({{}, {required}}), "no-explicit-policy ");
  EXPECT_EQ(codes_of_path({{policies("1.2.3.4")}, {required}}), "no-explicit-policy ");
  EXPECT_EQ(codes_of_path({{policies("1.2.3.4")}, {required, policies("1.2.3.5")}}),
            "no-explicit-policy ");
  EXPECT_EQ(codes_of_path({{policies("1.2.3.4")}, {required, policies("1.2.3.5,1.2.3.4")}}), "");
  // The path is over before the third certificate below.
  EXPECT_EQ(codes_of_path({{}, {{NID_policy_constraints, "critical,requireExplicitPolicy:3"}}}),
            "");
}

ExtensionText requires_policy_after(int num_certificates) {
  return {NID_policy_constraints,
          "critical,requireExplicitPolicy:" + std::to_string(num_certificates)};
}

// RFC 5280, 4.2.1.11: after how many more certificates a policy is required.
TEST(PolicyCheck, CertificatesAreCounted) {
  for (const bool has_leaf_policies : {false, true}) {  // another policy than the CA's
    std::vector<ExtensionText> leaf, ca;
    if (has_leaf_policies) {
      leaf.push_back(policies("1.2.3.4"));
      ca.push_back(policies("1.2.3.5"));
    }
    ca.push_back(requires_policy_after(1));
    EXPECT_EQ(codes_of_path({leaf, ca}), "no-explicit-policy ");
    ca.back() = requires_policy_after(2);
    EXPECT_EQ(codes_of_path({leaf, ca}), "");
  }
}

// 6.1.4 (h)
TEST(PolicyCheck, SelfIssuedCertificatesAreNotCounted) {
  const Signer root{"root"}, ca{"CA"}, next_key{"CA"}, leaf{"host.example"};
  for (const auto& [num_certificates, codes] : {std::pair{2, ""}, {1, "no-explicit-policy"}}) {
    SignedOptions requires_policy;
    requires_policy.extensions.push_back(requires_policy_after(num_certificates));
    const std::vector<Der> path{make_certificate(leaf, next_key, {.extensions = kLeafExtensions}),
                                make_certificate(next_key, ca, {}),
                                make_certificate(ca, root, requires_policy),
                                make_certificate(root, root, {})};
    std::string found;
    for (const Problem& problem : check_path(path, {.at = kNow})) found += problem.code;
    EXPECT_EQ(found, codes);
  }
}

TEST(PolicyCheck, AnyPolicy) {
  const ExtensionText required{NID_policy_constraints, kRequired};
  EXPECT_EQ(codes_of_path({{policies("1.2.3.4")}, {required, policies("2.5.29.32.0")}}), "");
  const std::vector<ExtensionText> inhibits{
      required, policies("1.2.3.4"), {NID_inhibit_any_policy, "critical,0"}};
  EXPECT_EQ(codes_of_path({{policies("2.5.29.32.0")}, inhibits}), "no-explicit-policy ");
  EXPECT_EQ(codes_of_path({{policies("1.2.3.4")}, inhibits}), "");
}

TEST(PolicyCheck, Mappings) {
  const ExtensionText mapping{NID_policy_mappings, "1.2.3.4:1.2.3.5"};
  const std::vector<ExtensionText> upper{policies("1.2.3.4"), {NID_policy_constraints, kRequired}};
  const std::vector<ExtensionText> lower{policies("1.2.3.4"), mapping};
  EXPECT_EQ(codes_of_path({{policies("1.2.3.5")}, lower, upper}), "");
  EXPECT_EQ(codes_of_path({{policies("1.2.3.4")}, lower, upper}), "no-explicit-policy ");
  std::vector<ExtensionText> strict = upper;
  strict.back().second = "critical,requireExplicitPolicy:0,inhibitPolicyMapping:0";
  EXPECT_EQ(codes_of_path({{policies("1.2.3.5")}, lower, strict}), "no-explicit-policy ");
}

TEST(PolicyCheck, TheSamePolicyTwice) {
  const ExtensionText twice = policies("1.2.3.4,1.2.3.4");
  EXPECT_EQ(codes_of_path({{twice}, {policies("1.2.3.4"), {NID_policy_constraints, kRequired}}}),
            "policies-invalid ");
  EXPECT_EQ(codes_of_path({{policies("1.2.3.4")}, {twice, {NID_policy_constraints, kRequired}}}),
            "policies-invalid ");
}

TEST(PolicyCheck, WhatIsMalformed) {
  const ExtensionText required{NID_policy_constraints, kRequired};
  const ExtensionText of_any{NID_policy_mappings, "2.5.29.32.0:1.2.3.4"};
  EXPECT_EQ(codes_of_path({{policies("1.2.3.4")}, {policies("1.2.3.4"), required, of_any}}),
            "policy-mapped-to-any policies-invalid ");
  EXPECT_EQ(codes_of_path({{}, {{NID_policy_constraints, "critical,DER:30:00"}}}),
            "extension-empty policies-invalid ");
  EXPECT_EQ(codes_of_path({{}, {{NID_policy_constraints, "critical,DER:05:00"}}}),
            "extension-malformed policies-invalid ");
}

// Each CA maps two policies to both: 2^n of them after n CAs. CVE-2023-0464.
TEST(PolicyCheck, AHostilePathEndsSoon) {
  const char* const both = "1.2.3.4,1.2.3.5";
  std::vector<std::vector<ExtensionText>> path{{policies(both)}};
  for (int i = 0; i < 30; ++i) {
    path.push_back(
        {policies(both),
         {NID_policy_mappings, "1.2.3.4:1.2.3.4,1.2.3.4:1.2.3.5,1.2.3.5:1.2.3.4,1.2.3.5:1.2.3.5"}});
  }
  path.back().emplace_back(NID_policy_constraints, kRequired);
  EXPECT_EQ(codes_of_path(path), "too-many-policies ");
}

TEST(PolicyCheck, IsPartOfTheProfileAlone) {
  const Signer root{"root"}, ca{"CA"}, leaf{"host.example"};
  SignedOptions requires_policy;
  requires_policy.extensions.emplace_back(NID_policy_constraints, kRequired);
  const std::vector<Der> untrusted{make_certificate(ca, root, requires_policy)};
  const Der leaf_der = make_certificate(leaf, ca, {.extensions = kLeafExtensions});
  Verifier verifier;
  ASSERT_EQ(verifier.add_trust_anchor(make_certificate(root, root, {})).code, Errc::ok);
  VerifyOptions options{.at = kNow};
  EXPECT_FALSE(verifier.verify(leaf_der, untrusted, options).is_valid());
  options.profile = VerifyProfile::openssl;
  EXPECT_TRUE(verifier.verify(leaf_der, untrusted, options).is_valid());
}

}  // namespace
}  // namespace peercert::verify
