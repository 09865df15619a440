// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <peercert/der/reader.hpp>
#include <peercert/der/sequence_of.hpp>
#include <peercert/der/strings.hpp>

namespace peercert {

/// OpenSSL's X509_NAME_MAX: a longer Name is refused.
inline constexpr std::size_t kMaxNameLen = 1 << 20;

/// AttributeTypeAndValue ::= SEQUENCE { type OBJECT IDENTIFIER, value ANY }. RFC 5280, 4.1.2.4.
/// Borrows the certificate's DER.
struct Attribute {
  Bytes type;              // the OID's content bytes; object_name() gives its name
  der::Tag value_tag = 0;  // a universal type
  Bytes value;             // content bytes of the value

  /// The value's characters; its encoding is none for types that have no text.
  der::StringView text() const noexcept { return {der::encoding_of(value_tag), value}; }

  static Attribute from_element(const der::Element& element) noexcept;
};

/// RelativeDistinguishedName ::= SET OF AttributeTypeAndValue, in encoded order.
using RdnView = der::SequenceOf<Attribute>;
/// RDNSequence ::= SEQUENCE OF RelativeDistinguishedName, in encoded order. An RDN may be empty.
using NameView = der::SequenceOf<RdnView>;

/// Reads and checks a Name. Attribute values may be of any universal type that OpenSSL's
/// B_ASN1_PRINTABLE admits; UTF8String, BMPString and UniversalString have to be well-formed.
NameView read_name(der::Reader& in) noexcept;
/// The same. Sets `has_unusual` if one of the values is neither a PrintableString nor ASCII in a
/// UTF8String.
NameView read_issuer_or_subject(der::Reader& in, bool& has_unusual) noexcept;
/// Reads and checks one AttributeTypeAndValue, except the characters of its value, which it gives.
der::Element read_attribute(der::Reader& in) noexcept;

}  // namespace peercert
