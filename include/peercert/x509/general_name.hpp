// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <peercert/der/reader.hpp>
#include <peercert/der/sequence_of.hpp>
#include <peercert/x509/name.hpp>

namespace peercert {

/// The tag numbers of RFC 5280's GeneralName, 4.2.1.6.
enum class GeneralNameType : std::uint8_t {
  other_name = 0,
  rfc822_name = 1,
  dns_name = 2,
  x400_address = 3,
  directory_name = 4,
  edi_party_name = 5,
  uniform_resource_identifier = 6,
  ip_address = 7,
  registered_id = 8,
};

/// OtherName ::= SEQUENCE { type-id OBJECT IDENTIFIER, value [0] EXPLICIT ANY }.
struct OtherName {
  Bytes type_id;           // an OBJECT IDENTIFIER
  der::Tag value_tag = 0;  // of the value inside [0]
  Bytes value;             // content bytes of the value
};

/// GeneralName ::= CHOICE { ... }. Borrows the certificate's DER.
struct GeneralName {
  GeneralNameType type = GeneralNameType::other_name;  // which alternative of the CHOICE it is
  Bytes value;                                         // content bytes under the [n] tag

  /// The Name of a directory_name; empty for other types.
  NameView directory_name() const noexcept;
  /// The parts of an other_name; empty for other types.
  OtherName other_name() const noexcept;

  static GeneralName from_element(const der::Element& element) noexcept;
};

/// GeneralNames ::= SEQUENCE OF GeneralName, in encoded order. May be empty.
using GeneralNamesView = der::SequenceOf<GeneralName>;

/// Reads and checks one GeneralName.
GeneralName read_general_name(der::Reader& in) noexcept;
/// Reads and checks GeneralNames under the tag: SEQUENCE, or a [n] that replaces it.
GeneralNamesView read_general_names(der::Reader& in, der::Tag tag) noexcept;

}  // namespace peercert
