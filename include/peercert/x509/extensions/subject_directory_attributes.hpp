// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <peercert/der/oid.hpp>
#include <peercert/x509/extension_parser.hpp>
#include <peercert/x509/field.hpp>

namespace peercert {

/// Attribute ::= SEQUENCE {
///     type    OBJECT IDENTIFIER,
///     values  SET OF ANY }
struct DirectoryAttribute {
  Bytes type;             // an OBJECT IDENTIFIER
  der::AnyValues values;  // of any type

  static DirectoryAttribute read(der::Reader& in) noexcept {
    der::Reader fields = in.enter(der::kSequence);
    DirectoryAttribute attribute;
    attribute.type = fields.read_oid();
    attribute.values = der::AnyValues(
        read_sequence_of(fields, der::kSet, [](der::Reader& items) noexcept { items.read_any(); }));
    fields.finish();
    return attribute;
  }
  static DirectoryAttribute from_element(const der::Element& element) noexcept {
    return read_again<DirectoryAttribute>(element);
  }
  void visit(FieldVisitor& to) const {
    to.begin_object();
    to.member("type").oid(type);
    peercert::visit(values, to.member("values"));
    to.end_object();
  }
};

/// Further attributes of the subject, such as its date of birth. RFC 5280, 4.2.1.8.
///
///     SubjectDirectoryAttributes ::= SEQUENCE SIZE (1..MAX) OF Attribute
struct SubjectDirectoryAttributes {
  static constexpr auto kOid = der::make_oid<2, 5, 29, 9>();
  static constexpr Field kField = extension_field(1);

  der::SequenceOf<DirectoryAttribute> attributes;  // in encoded order

  static Result<SubjectDirectoryAttributes> parse(Bytes value) noexcept {
    return parse_extension<SubjectDirectoryAttributes>(value, [](der::Reader& in) noexcept {
      return SubjectDirectoryAttributes{read_items<DirectoryAttribute>(in)};
    });
  }
  void visit(FieldVisitor& to) const { peercert::visit(attributes, to); }
};

}  // namespace peercert
