// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include <peercert/x509/time.hpp>

#include "support/der_writer.hpp"

namespace peercert {
namespace {

using test::octets;
using test::Octets;

std::string text_of(der::Tag tag, std::string_view content) {
  const Octets time = octets(content);
  const std::optional<DateTime> date = TimeView{tag, time}.parse();
  if (!date) return "bad";
  char text[64];
  const int len = std::snprintf(text, sizeof text, "%04d-%02d-%02d %02d:%02d:%02d", date->year,
                                date->month, date->day, date->hour, date->minute, date->second);
  return std::string(text, static_cast<std::size_t>(len))
      .append(date->fraction.begin(), date->fraction.end());
}

std::string utc(std::string_view content) { return text_of(der::kUtcTime, content); }
std::string generalized(std::string_view content) {
  return text_of(der::kGeneralizedTime, content);
}

TEST(TimeTest, ReadsBothTypes) {
  EXPECT_EQ(utc("260601123456Z"), "2026-06-01 12:34:56");
  EXPECT_EQ(generalized("20260601123456Z"), "2026-06-01 12:34:56");
}

TEST(TimeTest, TwoDigitYearsUnder50AreInThe2000s) {
  EXPECT_EQ(utc("000101000000Z"), "2000-01-01 00:00:00");
  EXPECT_EQ(utc("491231235959Z"), "2049-12-31 23:59:59");
  EXPECT_EQ(utc("500101000000Z"), "1950-01-01 00:00:00");
  EXPECT_EQ(utc("991231235959Z"), "1999-12-31 23:59:59");
}

TEST(TimeTest, SecondsMayBeMissing) {
  EXPECT_EQ(utc("2606011234Z"), "2026-06-01 12:34:00");
  EXPECT_EQ(generalized("202606011234Z"), "2026-06-01 12:34:00");
  EXPECT_EQ(generalized("202606011234.5Z"), "bad");  // a fraction needs them
}

TEST(TimeTest, FractionsAreKeptAsEncoded) {
  EXPECT_EQ(generalized("20260601123456.5Z"), "2026-06-01 12:34:56.5");
  EXPECT_EQ(generalized("20260601123456.9990Z"), "2026-06-01 12:34:56.9990");
  EXPECT_EQ(generalized("20260601123456.Z"), "bad");
  EXPECT_EQ(generalized("20260601123456.5"), "bad");
  EXPECT_EQ(generalized("20260601123456,5Z"), "bad");
  EXPECT_EQ(generalized("20260601123456.5.5Z"), "bad");
  EXPECT_EQ(utc("260601123456.5Z"), "bad");
}

TEST(TimeTest, AZoneHasToBeThere) {
  EXPECT_EQ(utc("260601123456"), "bad");
  EXPECT_EQ(utc("260601123456z"), "bad");
  EXPECT_EQ(utc("260601123456Z "), "bad");
  EXPECT_EQ(utc("260601123456ZZ"), "bad");
  EXPECT_EQ(utc(std::string_view("260601123456Z\0", 14)), "bad");
  EXPECT_EQ(generalized("20260601123456"), "bad");
}

TEST(TimeTest, OffsetsAreTakenOff) {
  EXPECT_EQ(utc("260601123456+0100"), "2026-06-01 11:34:56");
  EXPECT_EQ(utc("260601123456-0130"), "2026-06-01 14:04:56");
  EXPECT_EQ(utc("260101003000+0100"), "2025-12-31 23:30:00");
  EXPECT_EQ(utc("240228233000-0100"), "2024-02-29 00:30:00");
  EXPECT_EQ(utc("250228233000-0100"), "2025-03-01 00:30:00");
  EXPECT_EQ(utc("2606011234+0100"), "2026-06-01 11:34:00");
  EXPECT_EQ(utc("500101000000+0100"), "1949-12-31 23:00:00");
  EXPECT_EQ(generalized("20260601123456.5+1259"), "2026-05-31 23:35:56.5");
}

TEST(TimeTest, OffsetsHaveLimits) {
  EXPECT_EQ(utc("260601123456+1259"), "2026-05-31 23:35:56");
  EXPECT_EQ(utc("260601123456+1300"), "bad");
  EXPECT_EQ(utc("260601123456+0060"), "bad");
  EXPECT_EQ(utc("260601123456+01"), "bad");
  EXPECT_EQ(utc("260601123456+010"), "bad");
  EXPECT_EQ(utc("260601123456+01000"), "bad");
  EXPECT_EQ(utc("260601123456+01:0"), "bad");
  EXPECT_EQ(utc("260601123456+"), "bad");
}

TEST(TimeTest, AnOffsetMayNotLeaveTheYears1900To9999) {
  EXPECT_EQ(generalized("19000101000000-0001"), "1900-01-01 00:01:00");
  EXPECT_EQ(generalized("19000101000000+0001"), "bad");
  EXPECT_EQ(generalized("18991231235900-0001"), "1900-01-01 00:00:00");
  EXPECT_EQ(generalized("18991231235800-0001"), "bad");
  EXPECT_EQ(generalized("99991231235900-0001"), "bad");
  EXPECT_EQ(generalized("99991231235959+0001"), "9999-12-31 23:58:59");
  EXPECT_EQ(generalized("00000101000000+0000"), "0000-01-01 00:00:00");  // no offset, no limit
  EXPECT_EQ(generalized("00000101000000-0000"), "0000-01-01 00:00:00");
}

TEST(TimeTest, MonthsHaveTheirDays) {
  const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  for (int month = 1; month <= 12; ++month) {
    for (const int day : {0, 1, days[month - 1], days[month - 1] + 1}) {
      char text[64];
      std::snprintf(text, sizeof text, "23%02d%02d000000Z", month, day);
      const bool exists = day >= 1 && day <= days[month - 1];
      EXPECT_EQ(utc(text) != "bad", exists) << text;
    }
  }
  EXPECT_EQ(utc("230001000000Z"), "bad");
  EXPECT_EQ(utc("231301000000Z"), "bad");
}

TEST(TimeTest, LeapYearsAreGregorian) {
  EXPECT_NE(generalized("20240229000000Z"), "bad");
  EXPECT_EQ(generalized("20230229000000Z"), "bad");
  EXPECT_NE(generalized("20000229000000Z"), "bad");
  EXPECT_EQ(generalized("19000229000000Z"), "bad");
  EXPECT_NE(generalized("00000229000000Z"), "bad");
  EXPECT_EQ(generalized("01000229000000Z"), "bad");
}

TEST(TimeTest, ClocksHaveLimits) {
  EXPECT_EQ(utc("260601240000Z"), "bad");
  EXPECT_EQ(utc("260601236000Z"), "bad");
  EXPECT_EQ(utc("260601235960Z"), "bad");  // no leap seconds
  EXPECT_NE(utc("260601235959Z"), "bad");
}

TEST(TimeTest, EveryCutAndEveryOtherCharacterIsBad) {
  const std::string whole = "20260601123456Z";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(generalized(whole.substr(0, size)), "bad") << size;
  }
  for (std::size_t i = 0; i < whole.size(); ++i) {
    for (const char c : {' ', '/', ':', 'a', '\0', '\xb2'}) {
      std::string other = whole;
      other[i] = c;
      EXPECT_EQ(generalized(other), "bad") << i;
    }
  }
  EXPECT_EQ(utc("20260601123456Z"), "bad");  // a GeneralizedTime under the other tag
  EXPECT_EQ(generalized("260601123456Z"), "bad");
  EXPECT_EQ(utc("26060112Z"), "bad");
}

TEST(TimeTest, CountsSecondsFromTheEpoch) {
  const auto seconds = [](std::string_view content) {
    const Octets time = octets(content);
    return TimeView{der::kGeneralizedTime, time}.parse()->to_sys_seconds().time_since_epoch();
  };
  EXPECT_EQ(seconds("19700101000000Z").count(), 0);
  EXPECT_EQ(seconds("19691231235959Z").count(), -1);
  EXPECT_EQ(seconds("20260601123456.9Z").count(),
            1780317296);  // date -u -d 2026-06-01T12:34:56Z +%s
  EXPECT_EQ(seconds("99991231235959Z").count(), 253402300799);
  EXPECT_EQ(seconds("00000101000000Z").count(), -62167219200);
}

}  // namespace
}  // namespace peercert
