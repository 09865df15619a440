// SPDX-License-Identifier: Apache-2.0
// find_defects(): every finding lies in the input and in a field. Without one about its encoding,
// the certificate is what parsing and rewriting leave alone. PartialCertificate reads what is
// accepted to the same values, and something to complain about in the rest.
#include <algorithm>

#include <peercert/der/distinguished.hpp>
#include <peercert/x509/ber.hpp>
#include <peercert/x509/field.hpp>
#include <peercert/x509/findings.hpp>
#include <peercert/x509/partial_certificate.hpp>

#include "walk.hpp"

namespace peercert::fuzz {
namespace {

void check_findings(const Findings& found, Bytes input) {
  check(found.size() <= Findings::kCapacity);
  std::uint32_t last = 0;
  for (const Finding& finding : found) {
    check(finding.offset < input.size());
    check(finding.offset >= last);
    check(finding.field != Field::none);
    check(finding.severity == severity_of(finding.code));
    last = finding.offset;
  }
}

// DER has one encoding for each value, so that rewriting cannot find another.
void check_canonical(const Certificate& certificate, Bytes input) {
  check(!certificate.view().is_rewritten());
  check(std::ranges::equal(certificate.der(), input));
  check(std::ranges::equal(rewrite_ber(input), input));
}

void check_accepted(const Certificate& certificate, Bytes input) {
  const Findings found = find_defects(certificate.view(), input);
  check_findings(found, input);
  if (found.first_error() == nullptr) check_canonical(certificate, input);
}

template <class T>
bool has_problem(const PartialField<T>& field) {
  return field.error.code != Errc::ok;
}

bool has_problem(const PartialCertificate& partial) {
  bool found = has_problem(partial.version) || has_problem(partial.serial_number) ||
               has_problem(partial.signature) || has_problem(partial.issuer) ||
               has_problem(partial.not_before) || has_problem(partial.not_after) ||
               has_problem(partial.subject) || has_problem(partial.subject_public_key_info) ||
               has_problem(partial.issuer_unique_id) || has_problem(partial.subject_unique_id) ||
               has_problem(partial.extensions) || has_problem(partial.signature_algorithm) ||
               has_problem(partial.signature_value);
  for (const auto& extension : partial.extensions.value) found |= has_problem(extension);
  return found;
}

void check_partial(const PartialCertificate& partial, Bytes input) {
  const auto check_field = [input](const auto& field) {
    check_inside(field.encoded, input);
    check(field.error.offset <= input.size());
    check(!field.is_absent() || !field.is_readable());
  };
  check_field(partial.serial_number);
  check_field(partial.not_before);
  check_field(partial.not_after);
  check_field(partial.subject_public_key_info);
  check_field(partial.signature_algorithm);
  check_field(partial.signature_value);
  for (const auto& extension : partial.extensions.value) {
    check_field(extension);
    if (extension.is_readable()) check_inside(extension.value.value, input);
  }
  if (partial.issuer.is_readable()) walk(partial.issuer.value, input);
  if (partial.subject.is_readable()) walk(partial.subject.value, input);
  if (partial.error.code == Errc::ok) check(!has_problem(partial));
}

}  // namespace

void run(Bytes input) {
  Findings found;
  der::find_der_defects(input, 0, found);
  for (const Finding& finding : found) check(finding.offset <= input.size());
  check_partial(PartialCertificate::parse(input), input);
  if (const Result<Certificate> certificate = Certificate::from_der(input)) {
    check_accepted(*certificate, input);
  }
}

}  // namespace peercert::fuzz
