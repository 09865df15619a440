// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <peercert/der/oid.hpp>
#include <peercert/x509/extension.hpp>
#include <peercert/x509/extension_parser.hpp>
#include <peercert/x509/field.hpp>

namespace peercert {

/// A list of objects with the fields of AccessDescription.
inline void visit(der::SequenceOf<AccessDescription> descriptions, FieldVisitor& to) {
  to.begin_list();
  for (const AccessDescription description : descriptions) {
    to.begin_object();
    to.member("accessMethod").oid(description.access_method);
    visit(description.access_location, to.member("accessLocation"));
    to.end_object();
  }
  to.end_list();
}

/// Where the issuer offers OCSP, its own certificate, and more. RFC 5280, 4.2.2.1.
///
///     AuthorityInfoAccessSyntax ::= SEQUENCE SIZE (1..MAX) OF AccessDescription
struct AuthorityInfoAccess {
  static constexpr auto kOid = der::make_oid<1, 3, 6, 1, 5, 5, 7, 1, 1>();
  static constexpr Field kField = extension_field(17);

  der::SequenceOf<AccessDescription> descriptions;  // in encoded order

  static Result<AuthorityInfoAccess> parse(Bytes value) noexcept {
    const auto descriptions = parse_authority_info_access(value);
    if (!descriptions) return descriptions.error();
    return AuthorityInfoAccess{*descriptions};
  }
  void visit(FieldVisitor& to) const { peercert::visit(descriptions, to); }
};

/// Where the subject, mostly a CA, offers its services. RFC 5280, 4.2.2.2.
///
///     SubjectInfoAccessSyntax ::= SEQUENCE SIZE (1..MAX) OF AccessDescription
struct SubjectInfoAccess {
  static constexpr auto kOid = der::make_oid<1, 3, 6, 1, 5, 5, 7, 1, 11>();
  static constexpr Field kField = extension_field(18);

  der::SequenceOf<AccessDescription> descriptions;  // in encoded order

  static Result<SubjectInfoAccess> parse(Bytes value) noexcept {
    const auto descriptions = parse_authority_info_access(value);
    if (!descriptions) return in_field(descriptions.error(), kField);
    return SubjectInfoAccess{*descriptions};
  }
  void visit(FieldVisitor& to) const { peercert::visit(descriptions, to); }
};

}  // namespace peercert
