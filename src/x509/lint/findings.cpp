// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>

#include <peercert/der/distinguished.hpp>
#include <peercert/x509/field.hpp>
#include <peercert/x509/findings.hpp>
#include <peercert/x509/signature_algorithm.hpp>

#include "x509/lint/field_map.hpp"
#include "x509/lint/inspection.hpp"
#include "x509/lint/original.hpp"

namespace peercert {
namespace {

constexpr std::size_t kMaxSerialLen = 20;  // RFC 5280, 4.1.2.2
constexpr std::size_t kMinSerialLen = 8;   // CA/Browser Forum, Baseline Requirements, 7.1
constexpr std::int64_t kV1 = 1;
constexpr std::int64_t kV3 = 3;
constexpr int kFirstGeneralizedYear = 2050;

// RFC 5280, 4.1.2.1: version 3 if there are extensions, at least 2 if there are unique
// identifiers; X.690, 11.5: v1 is the DEFAULT.
void check_version(Inspection& in) noexcept {
  const std::int64_t version = in.certificate().version();
  const bool has_extensions = in.has(Field::extensions);
  if (version < kV1 || version > kV3) return in.add(FindingCode::unknown_version, Field::version);
  if (version == kV1 && in.has(Field::version))
    in.add(FindingCode::default_encoded, Field::version);
  if (has_extensions && version < kV3) in.add(FindingCode::version_too_low, Field::extensions);
  if (version == kV3 && !has_extensions) in.add(FindingCode::version_too_high, Field::version);
}

// RFC 5280, 4.1.2.2: a positive INTEGER of at most 20 octets.
void check_serial_number(Inspection& in) noexcept {
  const Bytes serial = in.certificate().serial_number();
  const bool is_negative = serial[0] & 0x80;
  const bool is_zero = serial.size() == 1 && serial[0] == 0;
  in.expect(!is_negative && !is_zero, FindingCode::serial_not_positive, Field::serial_number);
  in.expect(serial.size() <= kMaxSerialLen, FindingCode::serial_too_long, Field::serial_number);
  in.expect(serial.size() >= kMinSerialLen, FindingCode::serial_too_short, Field::serial_number);
}

bool is_weak(std::string_view digest) noexcept {
  return digest == "MD2" || digest == "MD4" || digest == "MD5" || digest == "SHA1";
}

// RFC 5280, 4.1.1.2: the two algorithms are the same. RFC 4055, RFC 5758, RFC 8410: their
// parameters.
void check_signature(Inspection& in) noexcept {
  const AlgorithmIdentifier inner = in.certificate().signature();
  const AlgorithmIdentifier outer = in.certificate().signature_algorithm();
  const bool is_same = std::ranges::equal(inner.algorithm, outer.algorithm) &&
                       std::ranges::equal(inner.parameters, outer.parameters);
  in.expect(is_same, FindingCode::signature_mismatch, Field::signature_algorithm);
  const Result<SignatureAlgorithm> algorithm = SignatureAlgorithm::parse(inner);
  const bool is_standard = algorithm && algorithm->has_standard_parameters();
  in.expect(is_standard, FindingCode::algorithm_parameters, Field::signature);
  if (algorithm)
    in.expect(!is_weak(algorithm->digest), FindingCode::weak_signature, Field::signature);
}

// Whether it is written as X.690, 11.7 and 11.8 want it; if not, that has been found.
bool is_der_time(Bytes encoded) noexcept {
  Findings found;
  der::find_der_defects(encoded, 0, found);
  return found.empty();
}

// RFC 5280, 4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050 on, in whole seconds.
std::optional<DateTime> check_time(TimeView time, Field field, Inspection& in) noexcept {
  const std::optional<DateTime> date = time.parse();
  if (!date) {
    if (is_der_time(in.encoded(field))) in.add(FindingCode::not_a_date, field);
    return date;
  }
  in.expect(date->fraction.empty(), FindingCode::time_fraction, field);
  const bool is_late = date->year >= kFirstGeneralizedYear;
  in.expect(is_late || time.tag == der::kUtcTime, FindingCode::time_type, field);
  return date;
}

void check_validity(Inspection& in) noexcept {
  const auto not_before = check_time(in.certificate().not_before(), Field::not_before, in);
  const auto not_after = check_time(in.certificate().not_after(), Field::not_after, in);
  if (!not_before || !not_after) return;
  in.expect(not_before->to_sys_seconds() <= not_after->to_sys_seconds(),
            FindingCode::validity_reversed, Field::not_after);
}

// RFC 5280, 4.1.2.8: not used, and not in version 1 at all.
void check_unique_ids(Inspection& in) noexcept {
  for (const Field field : {Field::issuer_unique_id, Field::subject_unique_id}) {
    if (!in.has(field)) continue;
    in.add(FindingCode::unique_identifier, field);
    in.expect(in.certificate().version() != kV1, FindingCode::version_too_low, field);
  }
}

// RFC 5280, 4.1. What the certificate says of itself.
void check_fields(Inspection& in) noexcept {
  check_version(in);
  check_serial_number(in);
  check_signature(in);
  check_validity(in);
  check_unique_ids(in);
}

// X.690, on the octets that were given.
void check_encoding(const FieldMap& fields, Bytes input, Findings& out) noexcept {
  const Bytes certificate = fields.encoded(Field::certificate);
  der::find_der_defects(certificate, 0, out);
  fields.for_each_extension_value([&](Bytes value) noexcept {
    // Octets behind the value are a finding of their own, whatever they are.
    const Bytes element = BerCursor(value).next().encoded;
    der::find_der_defects(element.empty() ? value : element,
                          static_cast<std::size_t>(value.data() - input.data()), out);
  });
  if (input.size() > certificate.size()) out.add(FindingCode::trailing_octets, certificate.size());
}

}  // namespace

void Inspection::add(FindingCode code, const std::uint8_t* at) noexcept {
  const Bytes der = certificate_.der();
  auto offset = static_cast<std::size_t>(at - der.data());
  // Looking for the octet takes time: not for what would only be counted.
  if (certificate_.is_rewritten() && out_.has_room_for(code)) {
    offset = original_offset(der, input_, offset);
  }
  out_.add(code, offset);
}

Findings find_defects(const CertificateView& certificate, Bytes input) noexcept {
  Findings found;
  const FieldMap fields(input);
  check_encoding(fields, input, found);
  if (certificate.is_rewritten()) find_segmented_strings(certificate.der(), input, found);

  Inspection in(certificate, input, found);
  check_fields(in);
  check_extensions(in);
  check_subject_and_issuer(in);
  check_public_key(in);

  found.sort();
  for (Finding& finding : found.items()) {
    const bool is_behind = finding.offset >= fields.encoded(Field::certificate).size();
    finding.field = is_behind ? Field::certificate : fields.field_at(input.data() + finding.offset);
  }
  return found;
}

}  // namespace peercert
