// SPDX-License-Identifier: Apache-2.0
#include <peercert/x509/field.hpp>
#include <peercert/x509/object_names.hpp>

#include "verify/webpki/rules.hpp"
#include "x509/oids.hpp"

namespace peercert::verify {
namespace {

constexpr auto kAnyPolicy = der::make_oid<2, 5, 29, 32, 0>();

// What RFC 5280 defines, and so what has to be readable.
using Rfc5280Extensions =
    ExtensionTypes<SubjectDirectoryAttributes, SubjectKeyIdentifier, KeyUsage,
                   PrivateKeyUsagePeriod, SubjectAltName, IssuerAltName, BasicConstraints,
                   NameConstraints, CrlDistributionPoints, CertificatePolicies, PolicyMappings,
                   AuthorityKeyIdentifier, PolicyConstraints, ExtKeyUsage, FreshestCrl,
                   InhibitAnyPolicy, AuthorityInfoAccess, SubjectInfoAccess>;

// RFC 5280, 4.2: a certificate holds no extension twice. Gives false if there are too many.
bool check_repetition(ExtensionsView extensions, Report& report) {
  std::vector<Bytes> seen;
  for (const Extension extension : extensions) {
    const bool is_repeated = std::ranges::any_of(seen, [&](Bytes oid) {
      return report.may_compare(oid.size()) && oids::equal(oid, extension.oid);
    });
    if (report.is_exhausted()) return false;
    if (is_repeated) report.add(RuleId::extension_repeated, name_of(extension));
    seen.push_back(extension.oid);
  }
  return true;
}

// What path validation processes, RFC 5280, 6.1.
bool is_processed(Field extension) noexcept {
  return is_field_of<KeyUsage, SubjectAltName, BasicConstraints, NameConstraints,
                     CertificatePolicies, PolicyMappings, PolicyConstraints, ExtKeyUsage,
                     InhibitAnyPolicy>(extension);
}

bool must_be_critical(Field extension) noexcept {
  return is_field_of<PolicyConstraints, InhibitAnyPolicy>(extension);
}

bool must_not_be_critical(Field extension) noexcept {
  return is_field_of<AuthorityKeyIdentifier, SubjectKeyIdentifier, SubjectDirectoryAttributes,
                     FreshestCrl, AuthorityInfoAccess, SubjectInfoAccess>(extension);
}

// SIZE (1..MAX), and where RFC 5280 says so in words.
bool is_empty(const CertificatePolicies& value) noexcept { return value.policies.empty(); }
bool is_empty(const PolicyMappings& value) noexcept { return value.mappings.empty(); }
bool is_empty(const ExtKeyUsage& value) noexcept { return value.purposes.empty(); }
bool is_empty(const AuthorityInfoAccess& value) noexcept { return value.descriptions.empty(); }
bool is_empty(const SubjectInfoAccess& value) noexcept { return value.descriptions.empty(); }
bool is_empty(const SubjectAltName& value) noexcept { return value.names.empty(); }
bool is_empty(const IssuerAltName& value) noexcept { return value.names.empty(); }
bool is_empty(const CrlDistributionPoints& value) noexcept { return value.points.empty(); }
bool is_empty(const KeyUsage& value) noexcept { return value.bits.none(); }
bool is_empty(const PolicyConstraints& value) noexcept {
  return !value.require_explicit_policy && !value.inhibit_policy_mapping;
}
bool is_empty(const NameConstraints& value) noexcept {
  const bool has_empty_list = (value.permitted_subtrees && value.permitted_subtrees->empty()) ||
                              (value.excluded_subtrees && value.excluded_subtrees->empty());
  return has_empty_list || (!value.permitted_subtrees && !value.excluded_subtrees);
}
template <class T>
bool is_empty(const T&) noexcept {
  return false;
}

// SkipCerts ::= INTEGER (0..MAX)
bool is_negative(Bytes integer) noexcept { return (integer[0] & 0x80) != 0; }

class ValueRules {
 public:
  ValueRules(const Extension& extension, Report& report) noexcept
      : extension_(extension), report_(report) {}

  template <class T>
  void operator()(const T& value) const {
    if (is_empty(value)) report_.add(RuleId::extension_empty, name_of(extension_));
    if (!trailing_octets(extension_).empty()) malformed();
    check(value);
  }
  void operator()(const MalformedExtension&) const { malformed(); }
  void operator()(const UnknownExtension&) const {}

 private:
  void malformed() const { report_.add(RuleId::extension_malformed, name_of(extension_)); }

  template <class T>
  void check(const T&) const {}
  void check(const PolicyMappings& value) const {
    for (const PolicyMapping mapping : value.mappings) {
      const bool is_any = oids::equal(mapping.issuer_domain_policy, kAnyPolicy) ||
                          oids::equal(mapping.subject_domain_policy, kAnyPolicy);
      report_.expect(!is_any, RuleId::policy_mapped_to_any);
    }
  }
  void check(const PolicyConstraints& value) const {
    for (const std::optional<Bytes>& skip :
         {value.require_explicit_policy, value.inhibit_policy_mapping}) {
      if (skip && is_negative(*skip)) malformed();
    }
  }
  void check(const InhibitAnyPolicy& value) const {
    if (is_negative(value.skip_certs)) malformed();
  }

  const Extension& extension_;
  Report& report_;
};

void check_extension(const Extension& extension, Report& report) {
  const Field field = field_of_extension(extension);
  const auto name = [&extension] { return name_of(extension); };
  if (extension.critical) {
    if (must_not_be_critical(field)) {
      report.add(RuleId::must_not_be_critical, name());
    } else if (!is_processed(field)) {
      report.add(RuleId::unknown_critical_extension, name());
    }
  } else if (must_be_critical(field)) {
    report.add(RuleId::must_be_critical, name());
  }
  visit_extension(extension, ValueRules(extension, report), Rfc5280Extensions{});
}

// RFC 5280, 4.2.1.1: names the key of the issuer, and may name its certificate. May be absent
// where the certificate is self-signed, which in a path only the last one can be. Nobody looks for
// the issuer of a trust anchor, be that a root, a CA below one or the leaf itself.
// Baseline Requirements, 7.1.2.11.1: names the key alone.
void check_authority_key_identifier(const PathCertificate& certificate, Report& report) {
  const Found<AuthorityKeyIdentifier>& identifier = certificate.authority_key_identifier;
  const bool needs_none = certificate.is_last;
  if (!identifier.is_present()) {
    return report.expect(needs_none, RuleId::authority_key_identifier_missing);
  }
  if (!identifier) return;
  const bool has_issuer = identifier->authority_cert_issuer.has_value();
  const bool has_serial = identifier->authority_cert_serial_number.has_value();
  const bool has_key = identifier->key_identifier.has_value();
  report.expect(needs_none || (has_key && has_issuer == has_serial),
                RuleId::authority_key_identifier_form);
  report.expect(has_key && !has_issuer && !has_serial, RuleId::authority_key_identifier_names_more);
  const Found<SubjectKeyIdentifier>& own = certificate.subject_key_identifier;
  if (!certificate.is_root() || !identifier->key_identifier || !own) return;
  report.expect(std::ranges::equal(*identifier->key_identifier, own->key_identifier),
                RuleId::root_key_identifiers_differ);
}

// Baseline Requirements, 7.1.2.11.2.
bool is_uris_alone(const CrlDistributionPoint& point) {
  if (!point.full_name || point.reasons || point.crl_issuer) return false;
  return std::ranges::all_of(*point.full_name, [](const GeneralName& name) {
    return name.type == GeneralNameType::uniform_resource_identifier;
  });
}

void check_distribution_points(const PathCertificate& certificate, Report& report) {
  const Found<CrlDistributionPoints> found(certificate.view.extensions());
  if (!found || certificate.is_anchor()) return;
  for (const CrlDistributionPoint point : found->points) {
    report.expect(is_uris_alone(point), RuleId::distribution_point_form);
  }
}

}  // namespace

std::string name_of(const Extension& extension) {
  const Field field = field_of_extension(extension);
  if (field != Field::none) return std::string(to_string(field));
  const ObjectText text(extension.oid);
  return std::string(text.view());
}

void check_extensions(const PathCertificate& certificate, Report& report) {
  const ExtensionsView extensions = certificate.view.extensions();
  if (!check_repetition(extensions, report)) return;
  for (const Extension extension : extensions) check_extension(extension, report);
  check_authority_key_identifier(certificate, report);
  check_distribution_points(certificate, report);
  report.expect(!certificate.is_ca() || certificate.subject_key_identifier.is_present(),
                RuleId::subject_key_identifier_missing);
}

}  // namespace peercert::verify
