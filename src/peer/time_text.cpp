// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <string_view>

#include <peercert/peer/time_text.hpp>

namespace peercert {
namespace {

constexpr std::string_view kBadTime = "Bad time value";
constexpr char kMonths[][5] = {"Jan ", "Feb ", "Mar ", "Apr ", "May ", "Jun ",
                               "Jul ", "Aug ", "Sep ", "Oct ", "Nov ", "Dec "};
constexpr std::size_t kYearTextLen = 9;  // " 9999 GMT"

char* put(std::string_view text, char* at) noexcept { return std::ranges::copy(text, at).out; }

// "00" to "99".
constexpr auto kPairs = [] {
  std::array<char[2], 100> pairs{};
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    pairs[i][0] = static_cast<char>('0' + i / 10);
    pairs[i][1] = static_cast<char>('0' + i % 10);
  }
  return pairs;
}();

char* put_pair(int number, char* at) noexcept {
  std::memcpy(at, kPairs[static_cast<unsigned>(number)], 2);
  return at + 2;
}

// "12:00:00", which all have in common.
char* put_clock(const DateTime& date, char* at) noexcept {
  at = put_pair(date.hour, at);
  *at++ = ':';
  at = put_pair(date.minute, at);
  *at++ = ':';
  return put_pair(date.second, at);
}

// " 2026 GMT"
char* put_year(int year, char* at) noexcept {
  *at++ = ' ';
  at = put_pair(year % 100, put_pair(year / 100, at));
  return put(" GMT", at);
}

// The same behind a fraction, as much of both as there is room for, or of fewer digits.
char* put_fraction_and_year(const DateTime& date, char* at, const char* end) noexcept {
  const auto room = [&] { return static_cast<std::size_t>(end - at); };
  at = std::ranges::copy(date.fraction.first(std::min(date.fraction.size(), room())), at).out;
  char year[kYearTextLen];
  char* year_end = put(" ", year);
  year_end = std::to_chars(year_end, year + kYearTextLen, date.year).ptr;
  year_end = put(" GMT", year_end);
  return put(std::string_view(year, year_end).substr(0, room()), at);
}

}  // namespace

std::size_t write_time_text(TimeView time, char* out) noexcept {
  const std::optional<DateTime> date = time.parse();
  if (!date) return static_cast<std::size_t>(put(kBadTime, out) - out);
  std::memcpy(out, kMonths[date->month - 1], 4);
  char* at = put_pair(date->day, out + 4);
  if (date->day < 10) out[4] = ' ';
  *at++ = ' ';
  at = put_clock(*date, at);
  const bool is_usual = date->fraction.empty() && date->year >= 1000;
  at =
      is_usual ? put_year(date->year, at) : put_fraction_and_year(*date, at, out + kMaxTimeTextLen);
  return static_cast<std::size_t>(at - out);
}

std::string to_time_text(TimeView time) {
  std::string text(kMaxTimeTextLen, '\0');
  text.resize(write_time_text(time, text.data()));
  return text;
}

}  // namespace peercert
