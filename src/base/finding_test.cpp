// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include <peercert/base/finding.hpp>
#include <peercert/x509/field.hpp>

namespace peercert {
namespace {

constexpr FindingCode kNote = FindingCode::should_be_critical;
constexpr FindingCode kWarning = FindingCode::weak_key;
constexpr FindingCode kError = FindingCode::serial_too_long;

TEST(FindingTest, Sentences) {
  EXPECT_EQ(to_string(Finding{kError, Severity::error, Field::serial_number, 15}),
            "serialNumber: over 20 octets at byte 15");
  EXPECT_EQ(to_string(Finding{FindingCode::bad_null, Severity::error, Field::none, 0}),
            "NULL with content at byte 0");
  EXPECT_EQ(to_string(Severity::note), "note");
  EXPECT_EQ(to_string(Severity::warning), "warning");
  EXPECT_EQ(to_string(Severity::error), "error");
}

TEST(FindingTest, EveryCodeHasAWordOfItsOwn) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < kNumFindingCodes; ++i) {
    const auto code = static_cast<FindingCode>(i);
    names.insert(name_of(code));
    EXPECT_FALSE(to_string(code).empty());
    EXPECT_TRUE(std::ranges::all_of(name_of(code), [](char c) {
      return (c >= 'a' && c <= 'z') || c == '_';
    })) << name_of(code);
  }
  EXPECT_EQ(names.size(), kNumFindingCodes);
}

TEST(FindingTest, ThePageListsEachOfThem) {
  std::ifstream file(PEERCERT_SOURCE "/docs/findings.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  std::size_t at = page.find("| code |");
  for (std::size_t i = 0; i < kNumFindingCodes; ++i) {
    const auto code = static_cast<FindingCode>(i);
    std::string row = "\n| `";
    row.append(name_of(code)).append("` | ").append(to_string(severity_of(code)));
    row.append(" | ").append(to_string(code)).append(" | ");
    at = page.find(row, at);
    ASSERT_NE(at, std::string::npos) << row;
  }
  EXPECT_EQ(page.find("\n| `", at + 1), std::string::npos);
}

TEST(FindingTest, KeepsTheFirstOfMany) {
  Findings found;
  EXPECT_TRUE(found.empty());
  for (std::size_t i = 0; i < Findings::kCapacity + 5; ++i) found.add(kWarning, i);
  EXPECT_EQ(found.size(), Findings::kCapacity);
  EXPECT_EQ(found.num_left_out(), 5U);
  EXPECT_EQ((found.end() - 1)->offset, Findings::kCapacity - 1);
  EXPECT_FALSE(found.has_room_for(kWarning));
  EXPECT_EQ(found.first_error(), nullptr);
}

TEST(FindingTest, AnErrorIsNeverLeftOutForLess) {
  Findings found;
  for (std::size_t i = 0; i < Findings::kCapacity; ++i) found.add(kNote, i);
  EXPECT_TRUE(found.has_room_for(kError));
  found.add(kError, 1000, Field::serial_number);
  found.add(kWarning, 1001);
  EXPECT_EQ(found.num_left_out(), 2U);
  ASSERT_NE(found.first_error(), nullptr);
  EXPECT_EQ(*found.first_error(), (Finding{kError, Severity::error, Field::serial_number, 1000}));
  for (std::size_t i = 0; i < Findings::kCapacity; ++i) found.add(kError, i);
  EXPECT_FALSE(found.has_room_for(kError));
  EXPECT_TRUE(std::ranges::all_of(
      found, [](const Finding& finding) { return finding.severity == Severity::error; }));
}

TEST(FindingTest, SortsByOffsetAndKeepsTheOrderOfEqualOnes) {
  Findings found;
  found.add(kError, 9);
  found.add(kWarning, 3);
  found.add(kNote, 9);
  found.add(kNote, 1);
  found.sort();
  std::string text;
  for (const Finding& finding : found) {
    text.append(to_string(finding.severity)).append(std::to_string(finding.offset)).append(" ");
  }
  EXPECT_EQ(text, "note1 warning3 error9 note9 ");
}

}  // namespace
}  // namespace peercert
