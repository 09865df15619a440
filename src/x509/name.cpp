// SPDX-License-Identifier: Apache-2.0
#include <peercert/der/values.hpp>
#include <peercert/x509/name.hpp>

#include "x509/usual_forms.hpp"

namespace peercert {
namespace {

// The universal types that OpenSSL's B_ASN1_PRINTABLE admits as an attribute's value.
bool is_attribute_value_type(der::Tag tag) noexcept {
  switch (tag) {
    case der::kBitString:
    case der::kObjectDescriptor:
    case der::kExternal:
    case der::kReal:
    case der::kEmbeddedPdv:
    case der::kUtf8String:
    case 0x0d:  // RELATIVE-OID
    case 0x0e:  // TIME
    case 0x0f:  // reserved
    case der::kSequence:
    case der::kNumericString:
    case der::kPrintableString:
    case der::kTeletexString:
    case der::kIa5String:
    case der::kUniversalString:
    case der::kCharacterString:
    case der::kBmpString: return true;
    default: return false;
  }
}

// The octets of a PrintableString are characters whatever they are.
bool is_well_formed(const usual::Rdn& rdn) noexcept {
  return rdn.value_tag == der::kPrintableString || der::is_ascii(rdn.value);
}

void check_characters(der::Reader& in, const der::Element& value) noexcept {
  const der::StringView text{der::encoding_of(value.identifier()), value.content()};
  const std::size_t error = der::encoding_error(text);
  if (error != value.content().size()) {
    in.fail(Errc::invalid_characters, value.content().data() + error);
  }
}

}  // namespace

Attribute Attribute::from_element(const der::Element& element) noexcept {
  const std::uint8_t* at = element.content().data();
  const std::uint8_t* end = at + element.content().size();
  der::Element type;
  der::Element value;
  if (read_element(at, end, type) != Errc::ok || read_element(at, end, value) != Errc::ok)
    return {};
  return {type.content(), value.identifier(), value.content()};
}

// AttributeTypeAndValue ::= SEQUENCE {
//     type   AttributeType,
//     value  AttributeValue }
der::Element read_attribute(der::Reader& in) noexcept {
  der::Reader attribute = in.enter(der::kSequence);
  attribute.read_oid();
  const der::Element value = attribute.read_any();
  if (!is_attribute_value_type(value.identifier())) {
    attribute.fail(Errc::bad_string_type, value.encoded().data());
  }
  attribute.finish();
  return value;
}

// Name ::= CHOICE { rdnSequence RDNSequence }
// RDNSequence ::= SEQUENCE OF RelativeDistinguishedName
// RelativeDistinguishedName ::= SET OF AttributeTypeAndValue
NameView read_issuer_or_subject(der::Reader& in, bool& has_unusual) noexcept {
  const der::Element name = in.read_of(der::kSequence);
  if (name.encoded().size() > kMaxNameLen) {
    in.fail(Errc::name_too_long, name.encoded().data());
    return {};
  }
  der::Reader rdns = in.inside(name);
  while (rdns.more()) {
    const usual::Rdn usual = usual::rdn(rdns.rest());
    if (usual.len > 0 && is_well_formed(usual)) {
      rdns.skip(usual.len);
      continue;
    }
    has_unusual = true;
    der::Reader rdn = rdns.enter_of(der::kSet);
    while (rdn.more()) check_characters(rdn, read_attribute(rdn));
  }
  return NameView(name.content());
}

NameView read_name(der::Reader& in) noexcept {
  bool has_unusual = false;
  return read_issuer_or_subject(in, has_unusual);
}

}  // namespace peercert
