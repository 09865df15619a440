// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include <peercert/peer/time_text.hpp>

namespace peercert {
namespace {

constexpr std::string_view kBadTime = "Bad time value";
constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
constexpr std::size_t kYearTextLen = 9;  // " 9999 GMT"

char* put(std::string_view text, char* at) noexcept { return std::ranges::copy(text, at).out; }

char* put_pair(int number, char separator, char* at) noexcept {
  at[0] = static_cast<char>('0' + number / 10);
  at[1] = static_cast<char>('0' + number % 10);
  at[2] = separator;
  return at + 3;
}

// " 2026 GMT", as much of it as there is room for.
char* put_year(int year, char* at, const char* end) noexcept {
  std::array<char, kYearTextLen> text;
  char* text_end = put(" ", text.data());
  text_end = std::to_chars(text_end, text.data() + text.size(), year).ptr;
  text_end = put(" GMT", text_end);
  const std::string_view whole(text.data(), text_end);
  return put(whole.substr(0, static_cast<std::size_t>(end - at)), at);
}

}  // namespace

std::size_t write_time_text(TimeView time, char* out) noexcept {
  const std::optional<DateTime> date = time.parse();
  if (!date) return static_cast<std::size_t>(put(kBadTime, out) - out);
  char* at = put(kMonths.substr(static_cast<std::size_t>(date->month - 1) * 3, 3), out);
  *at++ = ' ';
  at = put_pair(date->day, ' ', at);
  if (date->day < 10) at[-3] = ' ';
  at = put_pair(date->hour, ':', at);
  at = put_pair(date->minute, ':', at);
  at = put_pair(date->second, ' ', at) - 1;  // the fraction stands right behind the seconds
  const std::size_t room = kMaxTimeTextLen - static_cast<std::size_t>(at - out);
  at = std::ranges::copy(date->fraction.first(std::min(date->fraction.size(), room)), at).out;
  return static_cast<std::size_t>(put_year(date->year, at, out + kMaxTimeTextLen) - out);
}

std::string to_time_text(TimeView time) {
  std::string text(kMaxTimeTextLen, '\0');
  text.resize(write_time_text(time, text.data()));
  return text;
}

}  // namespace peercert
