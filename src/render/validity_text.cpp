// SPDX-License-Identifier: Apache-2.0
#include <optional>

#include <peercert/render/text.hpp>

#include "render/field_values.hpp"
#include "render/rows.hpp"

namespace peercert {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::seconds;
using std::chrono::sys_seconds;

std::string bound_text(TimeView time) {
  const std::optional<DateTime> date = time.parse();
  return date ? render::time_text(*date) : "(not a date)";
}

std::string count(std::int64_t number, std::string_view unit) {
  return std::to_string(number).append(" ").append(unit).append(number == 1 ? "" : "s");
}

std::string span_text(seconds span) {
  if (span >= days(2)) return count(std::chrono::floor<days>(span).count(), "day");
  if (span >= hours(2)) return count(std::chrono::floor<hours>(span).count(), "hour");
  return count(std::chrono::floor<std::chrono::minutes>(span).count(), "minute");
}

}  // namespace

std::string validity_text(const CertificateView& certificate, sys_seconds now) {
  const std::optional<DateTime> not_before = certificate.not_before().parse();
  const std::optional<DateTime> not_after = certificate.not_after().parse();
  if (!not_before || !not_after) return "validity is not a date";
  if (now < not_before->to_sys_seconds()) {
    return "not yet valid, starts in " + span_text(not_before->to_sys_seconds() - now);
  }
  if (now > not_after->to_sys_seconds()) {
    return "expired " + span_text(now - not_after->to_sys_seconds()) + " ago";
  }
  return span_text(not_after->to_sys_seconds() - now) + " left";
}

std::string render::period_text(const CertificateView& certificate, sys_seconds now) {
  return bound_text(certificate.not_before()) + " to " + bound_text(certificate.not_after()) +
         " (" + validity_text(certificate, now) + ")";
}

}  // namespace peercert
