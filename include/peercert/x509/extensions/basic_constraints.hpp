// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <peercert/der/oid.hpp>
#include <peercert/x509/extension_parser.hpp>
#include <peercert/x509/field.hpp>

namespace peercert {

/// Whether the subject is a CA, and how many CAs may come below it. RFC 5280, 4.2.1.9.
///
///     BasicConstraints ::= SEQUENCE {
///         cA                 BOOLEAN DEFAULT FALSE,
///         pathLenConstraint  INTEGER (0..MAX) OPTIONAL }
struct BasicConstraints {
  static constexpr auto kOid = der::make_oid<2, 5, 29, 19>();
  static constexpr Field kField = extension_field(7);

  bool ca = false;                           // whether it is a CA; false if absent
  std::optional<Bytes> path_len_constraint;  // content of the INTEGER, which may be negative

  static Result<BasicConstraints> parse(Bytes value) noexcept {
    return parse_extension<BasicConstraints>(value, [](der::Reader& in) noexcept {
      der::Reader fields = in.enter(der::kSequence);
      BasicConstraints constraints;
      constraints.ca = read_boolean_default_false(fields);
      constraints.path_len_constraint = read_optional_integer(fields, der::kInteger);
      fields.finish();
      return constraints;
    });
  }
  void visit(FieldVisitor& to) const {
    to.begin_object();
    to.member("cA").boolean(ca);
    if (path_len_constraint) to.member("pathLenConstraint").integer(*path_len_constraint);
    to.end_object();
  }
};

}  // namespace peercert
