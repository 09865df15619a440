// SPDX-License-Identifier: Apache-2.0
// TimeView::parse() and write_time_text(): dates are in range, and texts no longer than promised.
// The first octet chooses UTCTime or GeneralizedTime, the others are the content.
#include <peercert/peer/time_text.hpp>

#include "walk.hpp"

namespace peercert::fuzz {
namespace {

void check_date(const DateTime& date, Bytes content) {
  check(date.year >= 0 && date.year <= 9999);
  check(date.hour >= 0 && date.hour < 24);
  check(date.minute >= 0 && date.minute < 60);
  check(date.second >= 0 && date.second < 60);
  check_inside(date.fraction, content);
  check(date.fraction.empty() || (date.fraction.size() > 1 && date.fraction[0] == '.'));

  const std::chrono::year_month_day day(std::chrono::year(date.year),
                                        std::chrono::month(static_cast<unsigned>(date.month)),
                                        std::chrono::day(static_cast<unsigned>(date.day)));
  check(day.ok());
  const auto since_midnight = date.to_sys_seconds() - std::chrono::sys_days(day);
  check(since_midnight == std::chrono::hours(date.hour) + std::chrono::minutes(date.minute) +
                              std::chrono::seconds(date.second));
}

void check_text(const std::string& text, bool is_date) {
  check(text.size() <= kMaxTimeTextLen);
  check(is_date == (text != "Bad time value"));
  if (is_date && text.size() < kMaxTimeTextLen) check(text.ends_with(" GMT"));
}

}  // namespace

void run(Bytes input) {
  if (input.empty()) return;
  const Bytes content = input.subspan(1);
  const TimeView time{input[0] % 2 == 0 ? der::kUtcTime : der::kGeneralizedTime, content};
  const std::optional<DateTime> date = time.parse();
  if (date) check_date(*date, content);
  check_text(to_time_text(time), date.has_value());
}

}  // namespace peercert::fuzz
