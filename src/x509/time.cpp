// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstddef>

#include <peercert/x509/time.hpp>

#include "x509/usual_forms.hpp"

namespace peercert {
namespace {

using std::chrono::days;
using std::chrono::seconds;

constexpr std::size_t kMinUtcTimeLen = 11;          // YYMMDDhhmmZ
constexpr std::size_t kMinGeneralizedTimeLen = 13;  // YYYYMMDDhhmmZ
// A zone's offset may not carry a time out of these years, as in OpenSSL's OPENSSL_gmtime_adj().
constexpr int kMinAdjustedYear = 1900;
constexpr int kMaxAdjustedYear = 9999;

bool is_digit(std::uint8_t octet) noexcept { return octet >= '0' && octet <= '9'; }

// Takes numbers and signs off the front of a time's text.
class Scanner {
 public:
  explicit Scanner(Bytes text) noexcept : rest_(text) {}

  bool at_end() const noexcept { return rest_.empty(); }
  bool next_is(char c) const noexcept {
    return !rest_.empty() && rest_[0] == static_cast<std::uint8_t>(c);
  }
  bool at_zone() const noexcept { return next_is('Z') || next_is('+') || next_is('-'); }
  void skip() noexcept { rest_ = rest_.subspan(1); }

  // Two digits within the limits; nullopt otherwise.
  std::optional<int> pair(int low, int high) noexcept {
    if (rest_.size() < 2 || !is_digit(rest_[0]) || !is_digit(rest_[1])) return std::nullopt;
    const int number = (rest_[0] - '0') * 10 + (rest_[1] - '0');
    rest_ = rest_.subspan(2);
    if (number < low || number > high) return std::nullopt;
    return number;
  }

  // "." and the digits behind it; empty if there are none.
  Bytes fraction() noexcept {
    std::size_t len = 1;
    while (len < rest_.size() && is_digit(rest_[len])) ++len;
    const Bytes text = len > 1 ? rest_.first(len) : Bytes{};
    rest_ = rest_.subspan(text.size());
    return text;
  }

 private:
  Bytes rest_;
};

bool is_leap(int year) noexcept { return year % 400 == 0 || (year % 100 != 0 && year % 4 == 0); }

int days_in_month(int year, int month) noexcept {
  constexpr std::array<int, 12> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return kDays[static_cast<std::size_t>(month - 1)] + (month == 2 && is_leap(year) ? 1 : 0);
}

std::optional<int> scan_year(Scanner& in, bool is_utc_time) noexcept {
  const std::optional<int> first = in.pair(0, 99);
  if (!first) return std::nullopt;
  if (is_utc_time) return *first < 50 ? 2000 + *first : 1900 + *first;
  const std::optional<int> second = in.pair(0, 99);
  if (!second) return std::nullopt;
  return *first * 100 + *second;
}

// Everything before the zone. Gives false if it is not a date.
bool scan_local_time(Scanner& in, bool is_utc_time, DateTime& out) noexcept {
  const auto take = [&in](int low, int high, int& into) noexcept {
    const std::optional<int> number = in.pair(low, high);
    if (number) into = *number;
    return number.has_value();
  };
  const std::optional<int> year = scan_year(in, is_utc_time);
  if (!year) return false;
  out.year = *year;
  if (!take(1, 12, out.month) || !take(1, days_in_month(out.year, out.month), out.day))
    return false;
  if (!take(0, 23, out.hour) || !take(0, 59, out.minute)) return false;
  if (in.at_zone()) return true;  // seconds may be left out
  if (!take(0, 59, out.second)) return false;
  if (is_utc_time || !in.next_is('.')) return true;
  out.fraction = in.fraction();
  return !out.fraction.empty();
}

// Moves the local time to UTC. Gives false if the year becomes one that OpenSSL cannot hold.
bool subtract_offset(seconds offset, DateTime& time) noexcept {
  const std::chrono::sys_seconds utc = time.to_sys_seconds() - offset;
  const auto midnight = std::chrono::floor<days>(utc);
  const std::chrono::year_month_day date(midnight);
  const std::chrono::hh_mm_ss clock(utc - midnight);
  time.year = static_cast<int>(date.year());
  time.month = static_cast<int>(static_cast<unsigned>(date.month()));
  time.day = static_cast<int>(static_cast<unsigned>(date.day()));
  time.hour = static_cast<int>(clock.hours().count());
  time.minute = static_cast<int>(clock.minutes().count());
  time.second = static_cast<int>(clock.seconds().count());
  return time.year >= kMinAdjustedYear && time.year <= kMaxAdjustedYear;
}

// "Z", "+hhmm" or "-hhmm", and nothing behind it.
bool scan_zone(Scanner& in, DateTime& time) noexcept {
  if (!in.at_zone()) return false;
  const bool is_utc = in.next_is('Z');
  const int sign = in.next_is('-') ? -1 : 1;
  in.skip();
  if (is_utc) return in.at_end();
  const std::optional<int> hours = in.pair(0, 12);
  const std::optional<int> minutes = in.pair(0, 59);
  if (!hours || !minutes || !in.at_end()) return false;
  const seconds offset{sign * (*hours * 3600 + *minutes * 60)};
  return offset == seconds::zero() || subtract_offset(offset, time);
}

}  // namespace

std::chrono::sys_seconds DateTime::to_sys_seconds() const noexcept {
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  return std::chrono::sys_days(date) + seconds(hour * 3600 + minute * 60 + second);
}

namespace {

// YYMMDDhhmmssZ, which nearly every time is.
bool parse_usual(Bytes text, DateTime& time) noexcept {
  constexpr std::size_t kLen = 13;
  if (text.size() != kLen || text[kLen - 1] != 'Z') return false;
  if (!usual::are_digits(text.data()) || !usual::are_digits(text.data() + 4)) return false;
  const auto pair = [&text](std::size_t i) { return (text[i] - '0') * 10 + (text[i + 1] - '0'); };
  time.year = pair(0) < 50 ? 2000 + pair(0) : 1900 + pair(0);
  time.month = pair(2);
  time.day = pair(4);
  time.hour = pair(6);
  time.minute = pair(8);
  time.second = pair(10);
  if (time.month < 1 || time.month > 12 || time.day < 1) return false;
  if (time.day > 28 && time.day > days_in_month(time.year, time.month)) return false;
  return time.hour <= 23 && time.minute <= 59 && time.second <= 59;
}

}  // namespace

std::optional<DateTime> TimeView::parse() const noexcept {
  const bool is_utc_time = tag == der::kUtcTime;
  std::optional<DateTime> time(std::in_place);
  if (is_utc_time && parse_usual(content, *time)) return time;
  *time = DateTime();
  Scanner in(content);
  const bool is_long_enough =
      content.size() >= (is_utc_time ? kMinUtcTimeLen : kMinGeneralizedTimeLen);
  if (!is_long_enough || !scan_local_time(in, is_utc_time, *time) || !scan_zone(in, *time))
    time.reset();
  return time;
}

// Time ::= CHOICE { utcTime UTCTime, generalTime GeneralizedTime }
TimeView read_time(der::Reader& in) noexcept {
  const der::Tag tag = in.next_is(der::kGeneralizedTime) ? der::kGeneralizedTime : der::kUtcTime;
  return {tag, in.read(tag).content()};
}

}  // namespace peercert
