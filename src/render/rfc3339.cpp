// SPDX-License-Identifier: Apache-2.0
#include "render/rfc3339.hpp"

#include <algorithm>

#include "render/json_object.hpp"

namespace peercert::render {
namespace {

using std::chrono::floor;

void append_digits(Output& out, std::int64_t number, int num_digits) {
  char* const at = out.reserve(static_cast<std::size_t>(num_digits));
  auto rest = static_cast<std::uint32_t>(number);  // at most four digits, which are quicker so
  for (int i = num_digits; i-- > 0; rest /= 10) at[i] = static_cast<char>('0' + rest % 10);
  out.set_end(at + num_digits);
}

// "2026-01-31T23:59:59"
void append_seconds(Output& out, std::chrono::sys_seconds time) {
  const auto day = floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  append_digits(out, static_cast<int>(date.year()), 4);
  out.append('-');
  append_digits(out, static_cast<unsigned>(date.month()), 2);
  out.append('-');
  append_digits(out, static_cast<unsigned>(date.day()), 2);
  out.append('T');
  append_digits(out, clock.hours().count(), 2);
  out.append(':');
  append_digits(out, clock.minutes().count(), 2);
  out.append(':');
  append_digits(out, clock.seconds().count(), 2);
}

}  // namespace

void append_rfc3339(Output& out, std::chrono::sys_time<std::chrono::milliseconds> time) {
  const auto second = floor<std::chrono::seconds>(time);
  append_seconds(out, second);
  out.append('.');
  append_digits(out, (time - second).count(), 3);
  out.append('Z');
}

void append_rfc3339(Output& out, std::chrono::sys_seconds time) {
  append_seconds(out, time);
  out.append('Z');
}

void append_milliseconds(Output& out, std::chrono::microseconds duration) {
  const std::int64_t count = std::max<std::int64_t>(duration.count(), 0);
  append_number(out, count / 1000);
  out.append('.');
  append_digits(out, count % 1000, 3);
}

}  // namespace peercert::render
