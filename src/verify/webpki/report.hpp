// SPDX-License-Identifier: Apache-2.0
// The rules by name, and the list of those that are broken.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <peercert/verify/webpki.hpp>

namespace peercert::verify {

enum class RuleId : std::uint8_t {
#define PEERCERT_WEBPKI_RULE(id, code, profile, asks, of, where) id,
#include "verify/webpki/webpki_rules.inc"
  num_rules,
};
inline constexpr auto kNumRules = static_cast<std::size_t>(RuleId::num_rules);

/// Octets for a message: printable ASCII as it is, others as \x and two digits, and no more than a
/// line has room for.
std::string quoted(Bytes octets);

/// What is wrong with one path. Of a rule that a certificate breaks often the first place is told.
class Report {
 public:
  /// The rules of later profiles are not told.
  explicit Report(VerifyProfile profile) noexcept : profile_(profile) {}

  /// The rules that follow are asked of the certificate at this depth.
  void start(int depth) noexcept {
    depth_ = depth;
    is_told_ = {};
  }
  /// Whether the profile has the rule.
  bool asks(RuleId rule) const noexcept;
  void expect(bool holds, RuleId rule, std::string_view detail = {}) {
    if (!holds) add(rule, detail);
  }
  /// `detail` says more than the rule does: which name, which extension.
  void add(RuleId rule_id, std::string_view detail = {});

  /// Counts a comparison of that many octets. False if there were too many, which is told.
  bool may_compare(std::size_t len);
  bool is_exhausted() const noexcept { return num_comparisons_ > kMaxComparisons; }

  std::vector<Problem> take() noexcept { return std::move(problems_); }

 private:
  VerifyProfile profile_;
  std::vector<Problem> problems_;
  std::array<bool, kNumRules> is_told_{};
  int depth_ = 0;
  std::size_t num_comparisons_ = 0;
};

}  // namespace peercert::verify
