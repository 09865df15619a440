// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include <peercert/der/oid.hpp>
#include <peercert/x509/field.hpp>

#include "x509/lint/inspection.hpp"
#include "x509/oids.hpp"

namespace peercert {
namespace {

// Of more attributes in one RelativeDistinguishedName only the first are compared with each other.
constexpr std::size_t kMaxComparedAttributes = 16;

// The types that RFC 5280, A.1, gives to attributes.
enum class AttributeSyntax {
  directory_string,  // the CHOICE of 4.1.2.4
  printable,
  ia5,
};

struct AttributeRule {
  Bytes type;
  AttributeSyntax syntax;
  std::size_t max_len;  // in characters
  std::size_t min_len = 1;
};

constexpr std::size_t kUbName = 32768;
constexpr std::size_t kNoMaxLen = static_cast<std::size_t>(-1);

constexpr auto kCommonName = der::make_oid<2, 5, 4, 3>();
constexpr auto kSurname = der::make_oid<2, 5, 4, 4>();
constexpr auto kSerialNumber = der::make_oid<2, 5, 4, 5>();
constexpr auto kCountryName = der::make_oid<2, 5, 4, 6>();
constexpr auto kLocalityName = der::make_oid<2, 5, 4, 7>();
constexpr auto kStateOrProvinceName = der::make_oid<2, 5, 4, 8>();
constexpr auto kOrganizationName = der::make_oid<2, 5, 4, 10>();
constexpr auto kOrganizationalUnitName = der::make_oid<2, 5, 4, 11>();
constexpr auto kTitle = der::make_oid<2, 5, 4, 12>();
constexpr auto kName = der::make_oid<2, 5, 4, 41>();
constexpr auto kGivenName = der::make_oid<2, 5, 4, 42>();
constexpr auto kInitials = der::make_oid<2, 5, 4, 43>();
constexpr auto kGenerationQualifier = der::make_oid<2, 5, 4, 44>();
constexpr auto kDnQualifier = der::make_oid<2, 5, 4, 46>();
constexpr auto kPseudonym = der::make_oid<2, 5, 4, 65>();
constexpr auto kDomainComponent = der::make_oid<0, 9, 2342, 19200300, 100, 1, 25>();
constexpr auto kEmailAddress = der::make_oid<1, 2, 840, 113549, 1, 9, 1>();

// RFC 5280, A.1: the ub- constants.
const AttributeRule kAttributeRules[] = {
    {kCommonName, AttributeSyntax::directory_string, 64},
    {kSurname, AttributeSyntax::directory_string, kUbName},
    {kSerialNumber, AttributeSyntax::printable, 64},
    {kCountryName, AttributeSyntax::printable, 2, 2},
    {kLocalityName, AttributeSyntax::directory_string, 128},
    {kStateOrProvinceName, AttributeSyntax::directory_string, 128},
    {kOrganizationName, AttributeSyntax::directory_string, 64},
    {kOrganizationalUnitName, AttributeSyntax::directory_string, 64},
    {kTitle, AttributeSyntax::directory_string, 64},
    {kName, AttributeSyntax::directory_string, kUbName},
    {kGivenName, AttributeSyntax::directory_string, kUbName},
    {kInitials, AttributeSyntax::directory_string, kUbName},
    {kGenerationQualifier, AttributeSyntax::directory_string, kUbName},
    {kDnQualifier, AttributeSyntax::printable, kNoMaxLen},
    {kPseudonym, AttributeSyntax::directory_string, 128},
    {kDomainComponent, AttributeSyntax::ia5, kNoMaxLen},
    {kEmailAddress, AttributeSyntax::ia5, 255},
};

const AttributeRule* find_rule(Bytes type) noexcept {
  const auto found = std::ranges::find_if(
      kAttributeRules, [&](const AttributeRule& rule) { return oids::equal(type, rule.type); });
  return found == std::end(kAttributeRules) ? nullptr : found;
}

bool is_legacy(der::Tag tag) noexcept {
  return tag == der::kTeletexString || tag == der::kBmpString || tag == der::kUniversalString;
}

bool has_syntax(der::Tag tag, AttributeSyntax syntax) noexcept {
  switch (syntax) {
    case AttributeSyntax::printable: return tag == der::kPrintableString;
    case AttributeSyntax::ia5: return tag == der::kIa5String;
    case AttributeSyntax::directory_string: break;
  }
  return tag == der::kPrintableString || tag == der::kUtf8String || is_legacy(tag);
}

std::size_t num_characters(der::StringView text) noexcept {
  std::size_t count = 0;
  for (; !text.octets.empty(); ++count) der::next_code_point(text);
  return count;
}

// C0, DEL and C1.
bool has_controls(der::StringView text) noexcept {
  if (text.encoding == der::Encoding::none) return false;
  while (!text.octets.empty()) {
    const char32_t c = der::next_code_point(text);
    if (c < 0x20 || (c >= 0x7f && c < 0xa0)) return true;
  }
  return false;
}

// AttributeTypeAndValue, RFC 5280, 4.1.2.4 and A.1.
void check_attribute(const Attribute& attribute, const std::uint8_t* at, Inspection& in) noexcept {
  const der::StringView text = attribute.text();
  in.expect(!has_controls(text), FindingCode::control_characters, at);
  const bool is_empty = text.encoding != der::Encoding::none && text.octets.empty();
  if (is_empty) in.add(FindingCode::empty_attribute, at);
  const AttributeRule* const rule = find_rule(attribute.type);
  if (rule == nullptr) return;
  if (!has_syntax(attribute.value_tag, rule->syntax)) {
    return in.add(FindingCode::attribute_type, at);
  }
  in.expect(!is_legacy(attribute.value_tag), FindingCode::legacy_string_type, at);
  const std::size_t len = num_characters(text);
  const bool fits = len <= rule->max_len && (is_empty || len >= rule->min_len);
  in.expect(fits, FindingCode::attribute_length, at);
}

void check_repetition(RdnView rdn, Inspection& in) noexcept {
  std::array<Bytes, kMaxComparedAttributes> seen;
  std::size_t num_seen = 0;
  for (auto it = rdn.begin(); it != rdn.end() && num_seen < seen.size(); ++it) {
    const Bytes type = (*it).type;
    const auto end = seen.begin() + num_seen;
    const bool is_new = std::find_if(seen.begin(), end,
                                     [&](Bytes other) { return oids::equal(type, other); }) == end;
    in.expect(is_new, FindingCode::repeated_attribute, it.element());
    seen[num_seen++] = type;
  }
}

// RelativeDistinguishedName ::= SET SIZE (1..MAX) OF AttributeTypeAndValue
void check_rdn(RdnView rdn, const std::uint8_t* at, Inspection& in) noexcept {
  if (rdn.empty()) return in.add(FindingCode::empty_rdn, at);
  for (auto it = rdn.begin(); it != rdn.end(); ++it) {
    check_attribute(*it, it.element().encoded().data(), in);
  }
  check_repetition(rdn, in);
}

// RFC 5280, 4.1.2.6: an empty subject needs a critical subjectAltName, and a CA has one.
bool may_be_empty(const Inspection& in) noexcept {
  if (in.is_ca()) return false;
  return std::ranges::any_of(in.certificate().extensions(), [](const Extension& extension) {
    return extension.critical && oids::equal(extension.oid, oids::kSubjectAltName);
  });
}

}  // namespace

void check_name(NameView name, Inspection& in) noexcept {
  for (auto it = name.begin(); it != name.end(); ++it) {
    check_rdn(*it, it.element().encoded().data(), in);
  }
}

void check_subject_and_issuer(Inspection& in) noexcept {
  const NameView issuer = in.certificate().issuer();
  const NameView subject = in.certificate().subject();
  in.expect(!issuer.empty(), FindingCode::empty_issuer, Field::issuer);
  in.expect(!subject.empty() || may_be_empty(in), FindingCode::empty_subject, Field::subject);
  check_name(issuer, in);
  check_name(subject, in);
}

}  // namespace peercert
