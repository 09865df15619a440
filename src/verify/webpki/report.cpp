// SPDX-License-Identifier: Apache-2.0
#include "verify/webpki/report.hpp"

#include <algorithm>

namespace peercert::verify {
namespace {

constexpr std::size_t kMaxQuotedLen = 80;  // octets; most names have fewer
constexpr std::size_t kComparisonLen = 64;
constexpr std::string_view kHexDigits = "0123456789abcdef";

constexpr Rule kRules[] = {
#define PEERCERT_WEBPKI_RULE(id, code, profile, asks, of, where) \
  {code, VerifyProfile::profile, asks, Subjects::of, where},
#include "verify/webpki/webpki_rules.inc"
};

}  // namespace

std::string_view to_string(Subjects subjects) noexcept {
  switch (subjects) {
    case Subjects::all: return "every certificate";
    case Subjects::not_anchor: return "all but the trust anchor";
    case Subjects::ca: return "CAs";
    case Subjects::leaf: return "the leaf";
  }
  return "";
}

std::span<const Rule> webpki_rules() noexcept { return kRules; }

std::string quoted(Bytes octets) {
  std::string out = "\"";
  for (const std::uint8_t octet : octets.first(std::min(octets.size(), kMaxQuotedLen))) {
    const char c = static_cast<char>(octet);
    const bool is_plain = c >= ' ' && c < '\x7f' && c != '"' && c != '\\';
    if (is_plain) {
      out += c;
    } else {
      out += "\\x";
      out += kHexDigits[octet >> 4];
      out += kHexDigits[octet & 0xf];
    }
  }
  out += octets.size() > kMaxQuotedLen ? "\"..." : "\"";
  return out;
}

bool Report::asks(RuleId rule) const noexcept {
  return kRules[static_cast<std::size_t>(rule)].profile <= profile_;
}

void Report::add(RuleId rule_id, std::string_view detail) {
  const auto index = static_cast<std::size_t>(rule_id);
  if (is_told_[index] || !asks(rule_id)) return;
  is_told_[index] = true;
  const Rule& rule = kRules[index];
  std::string message(rule.asks);
  if (!detail.empty()) (message += ": ") += detail;
  problems_.push_back({rule.code, depth_, std::move(message)});
}

bool Report::may_compare(std::size_t len) {
  num_comparisons_ += 1 + len / kComparisonLen;
  if (!is_exhausted()) return true;
  add(RuleId::too_much_work);
  return false;
}

}  // namespace peercert::verify
