// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "support/webpki_cases.hpp"
#include "verify/report.hpp"

namespace peercert::verify::test {
namespace {

std::vector<Case> all_cases() {
  std::vector<Case> all;
  for (const std::span<const Case> some : {field_cases(), algorithm_cases(), extension_cases()}) {
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

TEST(Webpki, APathThatSatisfiesEveryRule) { EXPECT_TRUE(Scenario().check().empty()); }

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

TEST(Webpki, AHostileNameIsQuoted) {
  EXPECT_EQ(quoted(octets("a\n\x1b[1m\"\\\x80")), R"("a\x0a\x1b[1m\x22\x5c\x80")");
  EXPECT_EQ(quoted(Octets(100, 'a')), '"' + std::string(80, 'a') + "\"...");
}

}  // namespace
}  // namespace peercert::verify::test
