// SPDX-License-Identifier: Apache-2.0
// Paths that break one rule, and paths that come as close to it as is allowed.
#pragma once

#include <gtest/gtest.h>

#include <peercert/verify/webpki.hpp>

#include "support/path_builder.hpp"

namespace peercert::verify::test {

using namespace peercert::test;

/// What is checked: a path that satisfies every rule, until a case changes it.
struct Scenario : PathBuilder {
  WebpkiOptions options{.at = std::chrono::sys_days(std::chrono::year(2026) / 6 / 15)};

  std::vector<Problem> check() const { return check_webpki(BuiltPath(*this).views, options); }
};

inline constexpr int kAccepted = -1;

struct Case {
  std::string_view code;  // the rule that it is about
  std::string_view what;
  int depth;  // of the certificate that breaks the rule, and nothing else breaks; or kAccepted
  void (*change)(Scenario&);
};

inline void check_cases(std::span<const Case> cases) {
  for (const Case& each : cases) {
    SCOPED_TRACE(std::string(each.code) + ": " + std::string(each.what));
    Scenario scenario;
    each.change(scenario);
    const std::vector<Problem> problems = scenario.check();
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
