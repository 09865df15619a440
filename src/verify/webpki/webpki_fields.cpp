// SPDX-License-Identifier: Apache-2.0
#include "verify/webpki/rules.hpp"

namespace peercert::verify {
namespace {

constexpr std::int64_t kV3 = 3;
constexpr std::size_t kMaxSerialLen = 20;
constexpr int kFirstGeneralizedYear = 2050;
constexpr std::size_t kUtcTimeLen = 13;          // YYMMDDhhmmssZ
constexpr std::size_t kGeneralizedTimeLen = 15;  // YYYYMMDDhhmmssZ

// RFC 5280, 4.1.2.2: a positive number of at most 20 octets.
void check_serial_number(Bytes serial, Report& report) {
  const bool is_negative = (serial[0] & 0x80) != 0;
  const bool is_zero = std::ranges::all_of(serial, [](std::uint8_t octet) { return octet == 0; });
  report.expect(!is_negative && !is_zero, RuleId::serial_not_positive);
  report.expect(serial.size() <= kMaxSerialLen, RuleId::serial_too_long);
}

// RFC 5280, 4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050 on, whole seconds, and Z.
bool is_in_webpki_form(const TimeView& time, const DateTime& date) noexcept {
  const bool is_utc_time = time.tag == der::kUtcTime;
  const std::size_t len = is_utc_time ? kUtcTimeLen : kGeneralizedTimeLen;
  return is_utc_time == (date.year < kFirstGeneralizedYear) && time.content.size() == len &&
         time.content.back() == 'Z';
}

void check_validity(const PathCertificate& certificate, std::chrono::sys_seconds at,
                    Report& report) {
  const CertificateView& view = certificate.view;
  const std::optional<DateTime> not_before = view.not_before().parse();
  const std::optional<DateTime> not_after = view.not_after().parse();
  if (!not_before || !not_after) return report.add(RuleId::validity_malformed);
  const bool is_good = is_in_webpki_form(view.not_before(), *not_before) &&
                       is_in_webpki_form(view.not_after(), *not_after);
  report.expect(is_good || certificate.is_anchor(), RuleId::validity_malformed);
  report.expect(at >= not_before->to_sys_seconds(), RuleId::not_yet_valid);
  report.expect(at <= not_after->to_sys_seconds(), RuleId::expired);
}

}  // namespace

void check_fields(const PathCertificate& certificate, std::chrono::sys_seconds at, Report& report) {
  const CertificateView& view = certificate.view;
  report.expect(view.version() == kV3, RuleId::version_not_3);
  check_validity(certificate, at, report);
  report.expect(!view.issuer().empty(), RuleId::issuer_empty);
  const bool is_issuer = !certificate.is_leaf || certificate.is_ca();
  report.expect(!is_issuer || !view.subject().empty(), RuleId::subject_empty);
  if (certificate.is_anchor()) return;
  check_serial_number(view.serial_number(), report);
  const bool has_unique_id = !view.issuer_unique_id().empty() || !view.subject_unique_id().empty();
  report.expect(!has_unique_id, RuleId::unique_identifier);
}

}  // namespace peercert::verify
