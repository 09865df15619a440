// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <peercert/der/oid.hpp>
#include <peercert/x509/extension_parser.hpp>
#include <peercert/x509/field.hpp>

namespace peercert {

/// Purposes of the key. RFC 5280, 4.2.1.12.
///
///     ExtKeyUsageSyntax ::= SEQUENCE SIZE (1..MAX) OF KeyPurposeId
///     KeyPurposeId ::= OBJECT IDENTIFIER
struct ExtKeyUsage {
  static constexpr auto kOid = der::make_oid<2, 5, 29, 37>();
  static constexpr Field kField = extension_field(14);

  der::AnyValues purposes;  // OBJECT IDENTIFIERs; may be empty

  static Result<ExtKeyUsage> parse(Bytes value) noexcept {
    return parse_extension<ExtKeyUsage>(
        value, [](der::Reader& in) noexcept { return ExtKeyUsage{read_oids(in)}; });
  }
  void visit(FieldVisitor& to) const { peercert::visit(purposes, to); }
};

}  // namespace peercert
