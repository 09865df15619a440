// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include <peercert/peer/time_text.hpp>

#include "support/der_writer.hpp"

namespace peercert {
namespace {

using test::octets;
using test::Octets;

std::string utc(std::string_view content) { return to_time_text({der::kUtcTime, octets(content)}); }
std::string generalized(std::string_view content) {
  return to_time_text({der::kGeneralizedTime, octets(content)});
}

TEST(TimeTextTest, IsOpenSslsText) {
  EXPECT_EQ(utc("260601120000Z"), "Jun  1 12:00:00 2026 GMT");
  EXPECT_EQ(utc("261231235959Z"), "Dec 31 23:59:59 2026 GMT");
  EXPECT_EQ(utc("2606010102Z"), "Jun  1 01:02:00 2026 GMT");
  EXPECT_EQ(generalized("20260610120000Z"), "Jun 10 12:00:00 2026 GMT");
}

TEST(TimeTextTest, MonthsAreEnglish) {
  const char* const names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  for (int month = 1; month <= 12; ++month) {
    const std::string number = (month < 10 ? "0" : "") + std::to_string(month);
    EXPECT_EQ(utc("26" + number + "15000000Z"),
              std::string(names[month - 1]) + " 15 00:00:00 2026 GMT");
  }
}

TEST(TimeTextTest, YearsAreNotPadded) {
  EXPECT_EQ(generalized("00000101000000Z"), "Jan  1 00:00:00 0 GMT");
  EXPECT_EQ(generalized("09990101000000Z"), "Jan  1 00:00:00 999 GMT");
  EXPECT_EQ(generalized("99991231235959Z"), "Dec 31 23:59:59 9999 GMT");
}

TEST(TimeTextTest, FractionsFollowTheSeconds) {
  EXPECT_EQ(generalized("20260601120000.5Z"), "Jun  1 12:00:00.5 2026 GMT");
  EXPECT_EQ(generalized("20260601120000.99990Z"), "Jun  1 12:00:00.99990 2026 GMT");
  EXPECT_EQ(generalized("20260601120000.5-0030"), "Jun  1 12:30:00.5 2026 GMT");
}

TEST(TimeTextTest, OffsetsBecomeGmt) {
  EXPECT_EQ(utc("260601120000+0100"), "Jun  1 11:00:00 2026 GMT");
  EXPECT_EQ(utc("260101000000+0001"), "Dec 31 23:59:00 2025 GMT");
}

TEST(TimeTextTest, WhatIsNoDateIsABadTimeValue) {
  for (const char* content : {"", "Z", "260230000000Z", "260601120000", "260601120000.5Z", "junk!"})
    EXPECT_EQ(utc(content), "Bad time value") << content;
}

// "Jun  1 12:00:00" and " 2026 GMT" are 24 characters: 2022 of a fraction are the most that fit.
TEST(TimeTextTest, EndsAfter2046Characters) {
  const auto with_fraction = [](std::size_t len) {
    return generalized("20260601120000." + std::string(len - 1, '7') + "Z");
  };
  const auto expected = [](std::size_t len) {
    return ("Jun  1 12:00:00." + std::string(len - 1, '7') + " 2026 GMT").substr(0, 2046);
  };
  for (const std::size_t len : {2021U, 2022U, 2023U, 2026U, 2030U, 2031U, 2032U, 2500U}) {
    EXPECT_EQ(with_fraction(len), expected(len)) << len;
    EXPECT_EQ(with_fraction(len).size(), std::min<std::size_t>(len + 24, kMaxTimeTextLen));
  }
  EXPECT_TRUE(with_fraction(2022).ends_with(" GMT"));
  EXPECT_TRUE(with_fraction(2023).ends_with(" GM"));
  EXPECT_TRUE(with_fraction(100000).ends_with("7"));
}

}  // namespace
}  // namespace peercert
