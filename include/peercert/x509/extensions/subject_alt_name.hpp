// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <peercert/der/oid.hpp>
#include <peercert/x509/extension.hpp>
#include <peercert/x509/extension_parser.hpp>
#include <peercert/x509/field.hpp>

namespace peercert {

/// Further names of the subject. RFC 5280, 4.2.1.6.
///
///     SubjectAltName ::= GeneralNames
struct SubjectAltName {
  static constexpr auto kOid = der::make_oid<2, 5, 29, 17>();
  static constexpr Field kField = extension_field(5);

  GeneralNamesView names;  // in encoded order

  static Result<SubjectAltName> parse(Bytes value) noexcept {
    const Result<GeneralNamesView> names = parse_subject_alt_name(value);
    if (!names) return names.error();
    return SubjectAltName{*names};
  }
  void visit(FieldVisitor& to) const { peercert::visit(names, to); }
};

}  // namespace peercert
