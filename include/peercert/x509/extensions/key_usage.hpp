// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <peercert/der/oid.hpp>
#include <peercert/x509/extension_parser.hpp>
#include <peercert/x509/field.hpp>

namespace peercert {

/// What the key may be used for. RFC 5280, 4.2.1.3.
///
///     KeyUsage ::= BIT STRING { digitalSignature (0), nonRepudiation (1), keyEncipherment (2),
///         dataEncipherment (3), keyAgreement (4), keyCertSign (5), cRLSign (6), encipherOnly (7),
///         decipherOnly (8) }
struct KeyUsage {
  static constexpr auto kOid = der::make_oid<2, 5, 29, 15>();
  static constexpr Field kField = extension_field(3);
  /// The names of the bits.
  static constexpr std::string_view kBits[] = {
      "digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement",
      "keyCertSign",      "cRLSign",        "encipherOnly",    "decipherOnly"};

  NamedBits bits;  // all of them

  /// Bit 0.
  bool digital_signature() const noexcept { return bits[0]; }
  /// Bit 1.
  bool non_repudiation() const noexcept { return bits[1]; }
  /// Bit 2.
  bool key_encipherment() const noexcept { return bits[2]; }
  /// Bit 3.
  bool data_encipherment() const noexcept { return bits[3]; }
  /// Bit 4.
  bool key_agreement() const noexcept { return bits[4]; }
  /// Bit 5.
  bool key_cert_sign() const noexcept { return bits[5]; }
  /// Bit 6.
  bool crl_sign() const noexcept { return bits[6]; }
  /// Bit 7.
  bool encipher_only() const noexcept { return bits[7]; }
  /// Bit 8.
  bool decipher_only() const noexcept { return bits[8]; }

  static Result<KeyUsage> parse(Bytes value) noexcept {
    return parse_extension<KeyUsage>(
        value, [](der::Reader& in) noexcept { return KeyUsage{NamedBits(in.read_bit_string())}; });
  }
  void visit(FieldVisitor& to) const { bits.visit(kBits, to); }
};

}  // namespace peercert
