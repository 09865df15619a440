// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <peercert/der/oid.hpp>
#include <peercert/x509/extension_parser.hpp>
#include <peercert/x509/field.hpp>

namespace peercert {

/// Further names of the issuer. RFC 5280, 4.2.1.7.
///
///     IssuerAltName ::= GeneralNames
struct IssuerAltName {
  static constexpr auto kOid = der::make_oid<2, 5, 29, 18>();
  static constexpr Field kField = extension_field(6);

  GeneralNamesView names;  // in encoded order

  static Result<IssuerAltName> parse(Bytes value) noexcept {
    return parse_extension<IssuerAltName>(value, [](der::Reader& in) noexcept {
      return IssuerAltName{read_general_names(in, der::kSequence)};
    });
  }
  void visit(FieldVisitor& to) const { peercert::visit(names, to); }
};

}  // namespace peercert
