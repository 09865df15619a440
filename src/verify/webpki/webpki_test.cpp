// SPDX-License-Identifier: Apache-2.0
#include <fstream>
#include <set>

#include "support/webpki_cases.hpp"
#include "verify/webpki/report.hpp"

namespace peercert::verify::test {
namespace {

std::vector<Case> all_cases() {
  std::vector<Case> all;
  for (const std::span<const Case> some : {field_cases(), algorithm_cases(), extension_cases(),
                                           usage_cases(), name_cases(), name_constraint_cases()}) {
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

TEST(Webpki, APathThatSatisfiesEveryRule) {
  EXPECT_TRUE(Scenario().check(VerifyProfile::webpki).empty());
  EXPECT_TRUE(Scenario().check(VerifyProfile::cabf).empty());
}

TEST(Webpki, EachRuleIsOfOneOfTwoProfiles) {
  std::set<std::string_view> cabf;
  for (const Rule& rule : webpki_rules()) {
    EXPECT_NE(rule.profile, VerifyProfile::openssl) << rule.code;
    const bool is_for_relying_parties = rule.where.find("RFC") != rule.where.npos;
    EXPECT_FALSE(is_for_relying_parties && rule.profile == VerifyProfile::cabf) << rule.code;
    if (rule.profile == VerifyProfile::cabf) cabf.insert(rule.code);
  }
  EXPECT_EQ(cabf, (std::set<std::string_view>{"rsa-modulus-bits", "algorithm-not-in-br",
                                              "aki-names-more", "aki-of-root", "crl-point-form",
                                              "eku-missing", "eku-critical", "eku-mixed",
                                              "eku-in-root", "san-critical", "cn-not-in-san"}));
}

TEST(Webpki, EachProblemIsToldAtItsDepth) {
  Scenario scenario;
  for (PathCertificateBuilder& certificate : scenario.certificates) {
    certificate.version = tlv(der::context_constructed(0), tlv(der::kInteger, hex("01")));
  }
  std::vector<int> depths;
  for (const Problem& problem : scenario.check()) {
    if (problem.code == "version-not-3") depths.push_back(problem.depth);
  }
  EXPECT_EQ(depths, (std::vector{0, 1, 2}));
}

// An internal certificate as many a private CA makes them.
TEST(Webpki, WhatOnlyIssuersAreAskedIsNoMatterToARelyingParty) {
  Scenario scenario;
  scenario.leaf().subject = common_name("Print server");
  scenario.leaf().drop(kExtKeyUsage);
  scenario.leaf().set_critical(kSubjectAltName, true);
  EXPECT_TRUE(scenario.check(VerifyProfile::webpki).empty());
  EXPECT_EQ(scenario.check(VerifyProfile::cabf).size(), 3U);
}

TEST(Webpki, EveryRuleHasBothCases) {
  std::set<std::string_view> accepted, refused;
  for (const Case& each : all_cases()) {
    (each.depth == kAccepted ? accepted : refused).insert(each.code);
  }
  for (const Rule& rule : webpki_rules()) {
    EXPECT_TRUE(accepted.contains(rule.code)) << rule.code;
    EXPECT_TRUE(refused.contains(rule.code)) << rule.code;
    EXPECT_FALSE(to_string(rule.of).empty());
  }
  EXPECT_EQ(refused.size(), webpki_rules().size());
}

std::string row_of(const Rule& rule) {
  std::string row = "| `";
  ((row += rule.code) += "` | ") += rule.profile == VerifyProfile::cabf ? "cabf" : "webpki";
  (row += " | ") += rule.asks;
  (((row += " | ") += to_string(rule.of)) += " | ") += rule.where;
  return row += " |\n";
}

TEST(Webpki, ThePageListsTheRules) {
  std::ifstream file(PEERCERT_SOURCE "/docs/verify.md");
  const std::string page(std::istreambuf_iterator<char>(file), {});
  std::string table;
  for (const Rule& rule : webpki_rules()) table += row_of(rule);
  EXPECT_NE(page.find(table), std::string::npos) << "docs/verify.md has to have\n" << table;
}

TEST(Webpki, AHostileNameIsQuoted) {
  EXPECT_EQ(quoted(octets("a\n\x1b[1m\"\\\x80")), R"("a\x0a\x1b[1m\x22\x5c\x80")");
  EXPECT_EQ(quoted(Octets(100, 'a')), '"' + std::string(80, 'a') + "\"...");
}

}  // namespace
}  // namespace peercert::verify::test
