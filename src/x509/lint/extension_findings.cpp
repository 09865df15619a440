// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <span>

#include <peercert/x509/extensions.hpp>
#include <peercert/x509/field.hpp>

#include "x509/lint/extension_rules.hpp"
#include "x509/lint/inspection.hpp"
#include "x509/oids.hpp"

namespace peercert {
namespace {

// Of more extensions only the first are compared with each other.
constexpr std::size_t kMaxComparedExtensions = 64;

enum class Criticality {
  free,
  must,
  must_not,
  should,
  should_not,
};

// RFC 5280, 4.2.1 and 4.2.2; RFC 6962, 3.1; RFC 7633, 4.2.1. The flags that depend on the rest of
// the certificate are looked at where the rest is.
Criticality criticality_of(Field extension) noexcept {
  if (is_field_of<NameConstraints, PolicyConstraints, InhibitAnyPolicy, PrecertificatePoison>(
          extension)) {
    return Criticality::must;
  }
  if (is_field_of<SubjectKeyIdentifier, AuthorityKeyIdentifier, SubjectDirectoryAttributes,
                  FreshestCrl, AuthorityInfoAccess, SubjectInfoAccess>(extension)) {
    return Criticality::must_not;
  }
  if (is_field_of<KeyUsage, PolicyMappings>(extension)) return Criticality::should;
  if (is_field_of<IssuerAltName, CrlDistributionPoints, TlsFeature>(extension)) {
    return Criticality::should_not;
  }
  return Criticality::free;
}

void check_criticality(const Extension& extension, Field field, const der::Element& at,
                       Inspection& in) noexcept {
  const bool is_critical = extension.critical;
  switch (criticality_of(field)) {
    case Criticality::free: return;
    case Criticality::must: return in.expect(is_critical, FindingCode::must_be_critical, at);
    case Criticality::must_not:
      return in.expect(!is_critical, FindingCode::must_not_be_critical, at);
    case Criticality::should: return in.expect(is_critical, FindingCode::should_be_critical, at);
    case Criticality::should_not:
      return in.expect(!is_critical, FindingCode::should_not_be_critical, at);
  }
}

// X.690, 11.5: critical BOOLEAN DEFAULT FALSE.
bool has_encoded_default(const der::Element& extension) noexcept {
  der::Progress progress{extension.content().data()};
  der::Reader fields(extension.content(), progress);
  fields.read(der::kOid);
  const der::Element critical = fields.read_optional(der::kBoolean);
  return critical.exists() && critical.content()[0] == 0;
}

// RFC 5280, 4.2: an extension occurs once.
void check_repetition(ExtensionsView extensions, Inspection& in) noexcept {
  std::array<Bytes, kMaxComparedExtensions> seen;
  std::size_t num_seen = 0;
  for (auto it = extensions.begin(); it != extensions.end(); ++it) {
    if (num_seen == seen.size()) return in.add(FindingCode::too_many_extensions, it.element());
    const Bytes oid = (*it).oid;
    const bool is_new = std::ranges::none_of(std::span(seen).first(num_seen),
                                             [&](Bytes other) { return oids::equal(oid, other); });
    in.expect(is_new, FindingCode::repeated_extension, it.element());
    seen[num_seen++] = oid;
  }
}

void check_extension(const Extension& extension, const der::Element& at, const ExtensionSet& all,
                     Inspection& in) noexcept {
  const Field field = field_of_extension(extension);
  if (has_encoded_default(at)) in.add(FindingCode::default_encoded, at);
  if (field == Field::none && extension.critical) {
    in.add(FindingCode::unknown_critical_extension, at);
  }
  check_criticality(extension, field, at, in);
  const Bytes behind = trailing_octets(extension);
  if (!behind.empty()) in.add(FindingCode::trailing_octets, behind.data());
  check_extension_value(extension, at, all, in);
}

}  // namespace

// Extensions ::= SEQUENCE SIZE (1..MAX) OF Extension
void check_extensions(Inspection& in) noexcept {
  const ExtensionsView extensions = in.certificate().extensions();
  if (in.has(Field::extensions)) {
    in.expect(!extensions.empty(), FindingCode::empty_extensions, Field::extensions);
  }
  const ExtensionSet all(extensions);
  in.set_ca(all.is_ca());
  check_repetition(extensions, in);
  for (auto it = extensions.begin(); it != extensions.end(); ++it) {
    check_extension(*it, it.element(), all, in);
  }
  check_missing_extensions(all, in);
}

}  // namespace peercert
