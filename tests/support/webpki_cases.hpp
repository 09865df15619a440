// SPDX-License-Identifier: Apache-2.0
// Paths that break one rule, and paths that come as close to it as is allowed.
#pragma once

#include <algorithm>

#include <gtest/gtest.h>

#include <peercert/verify/webpki.hpp>

#include "support/path_builder.hpp"

namespace peercert::verify::test {

using namespace peercert::test;

/// What is checked: a path that satisfies every rule, until a case changes it.
struct Scenario : PathBuilder {
  WebpkiOptions options{.at = std::chrono::sys_days(std::chrono::year(2026) / 6 / 15)};

  std::vector<Problem> check(VerifyProfile profile = VerifyProfile::webpki) const {
    const BuiltPath path(*this);
    return profile == VerifyProfile::cabf ? check_cabf(path.views, options)
                                          : check_webpki(path.views, options);
  }
};

inline constexpr int kAccepted = -1;

struct Case {
  std::string_view code;  // the rule that it is about
  std::string_view what;
  int depth;  // of the certificate that breaks the rule, and nothing else breaks; or kAccepted
  void (*change)(Scenario&);
};

/// The first profile that has the rule.
inline VerifyProfile profile_of(std::string_view code) {
  return std::ranges::find(webpki_rules(), code, &Rule::code)->profile;
}

inline void check_cases(std::span<const Case> cases) {
  for (const Case& each : cases) {
    SCOPED_TRACE(std::string(each.code) + ": " + std::string(each.what));
    Scenario scenario;
    each.change(scenario);
    const VerifyProfile profile = profile_of(each.code);
    const std::vector<Problem> problems = scenario.check(profile);
    // What relying parties do not ask, webpki does not; what they do, cabf does as well.
    const std::vector<Problem> by_other = scenario.check(
        profile == VerifyProfile::cabf ? VerifyProfile::webpki : VerifyProfile::cabf);
    const bool is_known_to_other =
        std::ranges::find(by_other, each.code, &Problem::code) != by_other.end();
    EXPECT_EQ(is_known_to_other, each.depth != kAccepted && profile == VerifyProfile::webpki);
    for (const Problem& problem : problems) {
      EXPECT_EQ(problem.code, each.code) << problem.message << " at " << problem.depth;
      EXPECT_EQ(problem.depth, each.depth) << problem.message;
    }
    EXPECT_EQ(problems.size(), each.depth == kAccepted ? 0 : 1);
  }
}

std::span<const Case> field_cases();
std::span<const Case> algorithm_cases();
std::span<const Case> extension_cases();
std::span<const Case> usage_cases();
std::span<const Case> name_cases();
std::span<const Case> name_constraint_cases();

}  // namespace peercert::verify::test
