// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <peercert/der/oid.hpp>
#include <peercert/x509/extension_parser.hpp>
#include <peercert/x509/field.hpp>

namespace peercert {

/// What a server shows to prove to an ACME CA that it is the one of its domain name. RFC 8737, 3.
///
///     Authorization ::= OCTET STRING (SIZE (32))
///         -- SHA-256 of the challenge's key authorization
struct AcmeIdentifier {
  static constexpr auto kOid = der::make_oid<1, 3, 6, 1, 5, 5, 7, 1, 31>();
  static constexpr Field kField = extension_field(38);

  Bytes authorization;  // of any length

  static Result<AcmeIdentifier> parse(Bytes value) noexcept {
    return parse_extension<AcmeIdentifier>(value, [](der::Reader& in) noexcept {
      return AcmeIdentifier{in.read(der::kOctetString).content()};
    });
  }
  void visit(FieldVisitor& to) const { to.octets(authorization); }
};

}  // namespace peercert
