// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <peercert/der/oid.hpp>
#include <peercert/x509/extension_parser.hpp>
#include <peercert/x509/field.hpp>

namespace peercert {

/// What names the subject's key. RFC 5280, 4.2.1.2.
///
///     SubjectKeyIdentifier ::= KeyIdentifier
///     KeyIdentifier ::= OCTET STRING
struct SubjectKeyIdentifier {
  static constexpr auto kOid = der::make_oid<2, 5, 29, 14>();
  static constexpr Field kField = extension_field(2);

  Bytes key_identifier;  // any bytes, of any length

  static Result<SubjectKeyIdentifier> parse(Bytes value) noexcept {
    return parse_extension<SubjectKeyIdentifier>(value, [](der::Reader& in) noexcept {
      return SubjectKeyIdentifier{in.read(der::kOctetString).content()};
    });
  }
  void visit(FieldVisitor& to) const { to.octets(key_identifier); }
};

}  // namespace peercert
