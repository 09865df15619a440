// SPDX-License-Identifier: Apache-2.0
#include "x509/lint/extension_rules.hpp"

#include <algorithm>
#include <array>
#include <span>

#include <peercert/x509/extensions/certificate_policies.hpp>
#include <peercert/x509/extensions/crl_distribution_points.hpp>
#include <peercert/x509/extensions/flags.hpp>
#include <peercert/x509/extensions/info_access.hpp>
#include <peercert/x509/extensions/inhibit_any_policy.hpp>
#include <peercert/x509/extensions/name_constraints.hpp>
#include <peercert/x509/extensions/netscape.hpp>
#include <peercert/x509/extensions/policy_constraints.hpp>
#include <peercert/x509/extensions/policy_mappings.hpp>
#include <peercert/x509/extensions/subject_directory_attributes.hpp>
#include <peercert/x509/extensions/tls_feature.hpp>
#include <peercert/x509/field.hpp>

#include "x509/oids.hpp"

namespace peercert {
namespace {

// Of more policies only the first are compared with each other.
constexpr std::size_t kMaxComparedPolicies = 64;
constexpr std::size_t kIpv4RangeLen = 8;
constexpr std::size_t kIpv6RangeLen = 32;

template <class T>
std::optional<T> find(ExtensionsView extensions) noexcept {
  const std::optional<Extension> extension = find_extension<T>(extensions);
  if (!extension) return std::nullopt;
  const Result<T> parsed = T::parse(extension->value);
  return parsed ? std::optional(*parsed) : std::nullopt;
}

template <class T>
bool has(ExtensionsView extensions) noexcept {
  return std::ranges::any_of(extensions, is_extension<T>);
}

// X.690, 11.2.2: a list of named bits ends with the last one that is set.
bool is_trimmed(NamedBits bits) noexcept {
  if (bits.size() == 0) return bits.content().size() == 1;
  return bits[bits.size() - 1];
}

// The value's first element, without those inside it.
der::Element first_inside(Bytes value) noexcept {
  der::Progress progress{value.data()};
  der::Reader in(value, progress);
  der::Reader fields = in.enter(der::kSequence);
  return fields.more() ? fields.read_any() : der::Element{};
}

// One for each extension: what its parser accepts, and its type, or common practice, does not.
class ValueRules {
 public:
  ValueRules(const Extension& extension, const der::Element& at, const ExtensionSet& all,
             Inspection& in) noexcept
      : extension_(extension), at_(at), all_(all), in_(in) {}

  void operator()(const MalformedExtension& malformed) const noexcept {
    const Bytes value = malformed.value;
    if (value.empty()) return in_.add(FindingCode::malformed_extension, at_);
    // What is missing at the end is a finding about the last octet.
    const std::size_t offset = std::min<std::size_t>(malformed.error.offset, value.size() - 1);
    in_.add(FindingCode::malformed_extension, value.data() + offset);
  }

  // RFC 5280, 4.1: extnValue contains the DER of some type.
  void operator()(const UnknownExtension& unknown) const noexcept {
    expect(!unknown.value.empty(), FindingCode::malformed_extension);
  }

  template <class T>
  void operator()(const T&) const noexcept {}

  // 4.2.1.1: the issuer's name and serial number are both there, or neither is.
  void operator()(const AuthorityKeyIdentifier& identifier) const noexcept {
    const bool has_issuer = identifier.authority_cert_issuer.has_value();
    const bool has_serial = identifier.authority_cert_serial_number.has_value();
    expect(has_issuer == has_serial, FindingCode::incomplete_authority_key_identifier);
    if (has_issuer) names(*identifier.authority_cert_issuer);
    constructed(inside(extension_.value), 1);
  }

  // 4.2.1.3: at least one bit; 4.2.1.9: keyCertSign goes with cA.
  void operator()(const KeyUsage& usage) const noexcept {
    expect(is_trimmed(usage.bits), FindingCode::named_bits_not_trimmed);
    expect(!usage.bits.none(), FindingCode::no_key_usage_bits);
    expect(!usage.key_cert_sign() || all_.is_ca(), FindingCode::cert_sign_without_ca);
  }

  // 4.2.1.6: critical where the subject is empty, and only there.
  void operator()(const SubjectAltName& alt_name) const noexcept {
    names(alt_name.names);
    const bool has_subject = !in_.certificate().subject().empty();
    expect(!has_subject || !extension_.critical, FindingCode::should_not_be_critical);
  }

  // 4.2.1.7
  void operator()(const IssuerAltName& alt_name) const noexcept { names(alt_name.names); }

  // 4.2.1.9: critical in a CA; pathLenConstraint only with cA, and with keyCertSign if there is a
  // keyUsage.
  void operator()(const BasicConstraints& constraints) const noexcept {
    const der::Element ca = first_inside(extension_.value);
    const bool has_default = ca.identifier() == der::kBoolean && ca.content()[0] == 0;
    expect(!has_default, FindingCode::default_encoded);
    expect(!constraints.ca || extension_.critical, FindingCode::must_be_critical);
    if (!constraints.path_len_constraint) return;
    const bool is_negative = constraints.path_len_constraint->front() & 0x80;
    expect(!is_negative, FindingCode::malformed_extension);
    const bool may_sign = !all_.key_usage || all_.key_usage->key_cert_sign();
    expect(constraints.ca && may_sign, FindingCode::path_len_without_ca);
  }

  // 4.2.1.4: each policy once.
  void operator()(const CertificatePolicies& policies) const noexcept {
    not_empty(policies.policies);
    std::array<Bytes, kMaxComparedPolicies> seen;
    std::size_t num_seen = 0;
    for (const PolicyInformation policy : policies.policies) {
      if (policy.policy_qualifiers) not_empty(*policy.policy_qualifiers);
      if (num_seen == seen.size()) continue;
      const Bytes oid = policy.policy_identifier;
      const bool is_new = std::ranges::none_of(
          std::span(seen).first(num_seen), [&](Bytes other) { return oids::equal(oid, other); });
      expect(is_new, FindingCode::repeated_policy);
      seen[num_seen++] = oid;
    }
  }

  // 4.2.1.5
  void operator()(const PolicyMappings& mappings) const noexcept {
    not_empty(mappings.mappings);
    for_ca();
  }

  // 4.2.1.8
  void operator()(const SubjectDirectoryAttributes& attributes) const noexcept {
    not_empty(attributes.attributes);
  }

  // 4.2.1.10: at least one list, and neither of them empty.
  void operator()(const NameConstraints& constraints) const noexcept {
    for_ca();
    const Bytes lists = inside(extension_.value);
    expect(!lists.empty(), FindingCode::empty_sequence);
    if (constraints.permitted_subtrees) subtrees(*constraints.permitted_subtrees);
    if (constraints.excluded_subtrees) subtrees(*constraints.excluded_subtrees);
    constructed(lists, 0);
    constructed(lists, 1);
  }

  // 4.2.1.11
  void operator()(const PolicyConstraints&) const noexcept {
    for_ca();
    expect(!inside(extension_.value).empty(), FindingCode::empty_sequence);
  }

  // 4.2.1.12
  void operator()(const ExtKeyUsage& usage) const noexcept { not_empty(usage.purposes); }

  // 4.2.1.13
  void operator()(const CrlDistributionPoints& crl) const noexcept { points(crl.points); }

  // 4.2.1.14
  void operator()(const InhibitAnyPolicy&) const noexcept { for_ca(); }

  // 4.2.1.15
  void operator()(const FreshestCrl& crl) const noexcept { points(crl.points); }

  // 4.2.2.1
  void operator()(const AuthorityInfoAccess& access) const noexcept {
    descriptions(access.descriptions);
  }

  // 4.2.2.2
  void operator()(const SubjectInfoAccess& access) const noexcept {
    descriptions(access.descriptions);
  }

  // RFC 6962, 3.1
  void operator()(const PrecertificatePoison&) const noexcept {
    in_.add(FindingCode::precertificate, at_);
  }

  void operator()(const NetscapeCertType& type) const noexcept {
    expect(is_trimmed(type.bits), FindingCode::named_bits_not_trimmed);
  }

 private:
  void expect(bool holds, FindingCode code) const noexcept { in_.expect(holds, code, at_); }

  void for_ca() const noexcept { expect(all_.is_ca(), FindingCode::ca_extension_in_leaf); }

  // The content of the value's SEQUENCE.
  static Bytes inside(Bytes value) noexcept {
    der::Progress progress{value.data()};
    return der::Reader(value, progress).enter_of(der::kSequence).rest();
  }

  // X.690, 8.14.3: a list under [n] IMPLICIT, whose constructed bit no parser here looks at.
  void constructed(Bytes fields, int number) const noexcept {
    for (const der::AnyValue field : der::AnyValues(fields)) {
      if (field.tag() == der::context(number)) in_.add(FindingCode::wrong_form, field.element);
    }
  }

  // RFC 5280, 4.2.1.10: the minimum is 0, and so absent, and there is no maximum.
  void subtrees(der::SequenceOf<GeneralSubtree> list) const noexcept {
    not_empty(list);
    for (auto it = list.begin(); it != list.end(); ++it) {
      const GeneralSubtree subtree = *it;
      const bool is_range = subtree.base.type != GeneralNameType::ip_address ||
                            subtree.base.value.size() == kIpv4RangeLen ||
                            subtree.base.value.size() == kIpv6RangeLen;
      in_.expect(is_range, FindingCode::bad_ip_address, it.element());
      in_.expect(!subtree.minimum, FindingCode::default_encoded, it.element());
      in_.expect(!subtree.maximum, FindingCode::malformed_extension, it.element());
      check_name(subtree.base.directory_name(), in_);
    }
  }

  // RFC 5280, 4.2.1.13: reasons are not all that there is.
  void points(der::SequenceOf<CrlDistributionPoint> list) const noexcept {
    not_empty(list);
    for (auto it = list.begin(); it != list.end(); ++it) {
      const CrlDistributionPoint point = *it;
      const bool has_name = point.full_name || point.name_relative_to_crl_issuer;
      in_.expect(has_name || point.crl_issuer, FindingCode::incomplete_distribution_point,
                 it.element());
      if (point.full_name) names(*point.full_name);
      if (point.name_relative_to_crl_issuer) check_name(*point.name_relative_to_crl_issuer, in_);
      if (point.crl_issuer) names(*point.crl_issuer);
      if (point.reasons) expect(is_trimmed(*point.reasons), FindingCode::named_bits_not_trimmed);
      const Bytes fields = it.element().content();
      constructed(fields, 2);
      for (const der::AnyValue field : der::AnyValues(fields)) {
        if (field.tag() != der::context_constructed(0)) continue;
        constructed(field.content(), 0);
        constructed(field.content(), 1);
      }
    }
  }

  // AuthorityInfoAccessSyntax ::= SEQUENCE SIZE (1..MAX) OF AccessDescription
  void descriptions(der::SequenceOf<AccessDescription> list) const noexcept {
    not_empty(list);
    for (auto it = list.begin(); it != list.end(); ++it) {
      const AccessDescription description = *it;
      check_general_name(description.access_location, it.element().encoded().data(), in_);
    }
  }

  template <class List>
  void not_empty(const List& list) const noexcept {
    expect(!list.empty(), FindingCode::empty_sequence);
  }

  // GeneralNames ::= SEQUENCE SIZE (1..MAX) OF GeneralName
  void names(GeneralNamesView all) const noexcept {
    not_empty(all);
    check_general_names(all, in_);
  }

  const Extension& extension_;
  const der::Element& at_;
  const ExtensionSet& all_;
  Inspection& in_;
};

}  // namespace

ExtensionSet::ExtensionSet(ExtensionsView extensions) noexcept
    : basic_constraints(find<BasicConstraints>(extensions)),
      key_usage(find<KeyUsage>(extensions)),
      has_subject_alt_name(has<SubjectAltName>(extensions)),
      has_subject_key_identifier(has<SubjectKeyIdentifier>(extensions)),
      has_authority_key_identifier(has<AuthorityKeyIdentifier>(extensions)) {}

void check_extension_value(const Extension& extension, const der::Element& at,
                           const ExtensionSet& all, Inspection& in) noexcept {
  visit_extension(extension, ValueRules(extension, at, all, in));
}

// RFC 5280, 4.2.1.1, 4.2.1.2; CA/Browser Forum, Baseline Requirements, 7.1.2.7.12.
void check_missing_extensions(const ExtensionSet& all, Inspection& in) noexcept {
  constexpr std::int64_t kV3 = 3;
  const CertificateView& certificate = in.certificate();
  if (certificate.version() != kV3) return;
  const Field place = in.has(Field::extensions) ? Field::extensions : Field::tbs_certificate;
  const bool is_self_issued =
      std::ranges::equal(certificate.issuer().content(), certificate.subject().content());
  in.expect(is_self_issued || all.has_authority_key_identifier,
            FindingCode::no_authority_key_identifier, place);
  in.expect(!all.is_ca() || all.has_subject_key_identifier, FindingCode::no_subject_key_identifier,
            place);
  in.expect(all.is_ca() || all.has_subject_alt_name, FindingCode::no_subject_alt_name, place);
}

}  // namespace peercert
