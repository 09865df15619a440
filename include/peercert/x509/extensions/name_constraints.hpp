// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <peercert/der/oid.hpp>
#include <peercert/x509/extension_parser.hpp>
#include <peercert/x509/field.hpp>

namespace peercert {

/// GeneralSubtree ::= SEQUENCE {
///     base         GeneralName,
///     minimum  [0] BaseDistance DEFAULT 0,
///     maximum  [1] BaseDistance OPTIONAL }
struct GeneralSubtree {
  GeneralName base;              // the top of the subtree
  std::optional<Bytes> minimum;  // contents of INTEGERs
  std::optional<Bytes> maximum;  // RFC 5280 has it absent

  static GeneralSubtree read(der::Reader& in) noexcept {
    der::Reader fields = in.enter(der::kSequence);
    GeneralSubtree subtree;
    subtree.base = read_general_name(fields);
    subtree.minimum = read_optional_integer(fields, der::context(0));
    subtree.maximum = read_optional_integer(fields, der::context(1));
    fields.finish();
    return subtree;
  }
  static GeneralSubtree from_element(const der::Element& element) noexcept {
    return read_again<GeneralSubtree>(element);
  }
  void visit(FieldVisitor& to) const {
    to.begin_object();
    visit_base(to.member("base"));
    if (minimum) to.member("minimum").integer(*minimum);
    if (maximum) to.member("maximum").integer(*maximum);
    to.end_object();
  }

 private:
  // The iPAddress of a subtree is an address and a mask of the same size.
  void visit_base(FieldVisitor& to) const {
    constexpr std::size_t kIpv4Len = 4;
    constexpr std::size_t kIpv6Len = 16;
    if (base.type != GeneralNameType::ip_address) return peercert::visit(base, to);
    const std::size_t len = base.value.size() / 2;
    to.begin_choice("iPAddress");
    if (base.value.size() % 2 == 0 && (len == kIpv4Len || len == kIpv6Len)) {
      to.ip_address(base.value.first(len), base.value.subspan(len));
    } else {
      to.octets(base.value);
    }
    to.end_choice();
  }
};

/// Where the names of certificates below a CA have to lie. RFC 5280, 4.2.1.10.
///
///     NameConstraints ::= SEQUENCE {
///         permittedSubtrees  [0] GeneralSubtrees OPTIONAL,
///         excludedSubtrees   [1] GeneralSubtrees OPTIONAL }
///     GeneralSubtrees ::= SEQUENCE SIZE (1..MAX) OF GeneralSubtree
struct NameConstraints {
  static constexpr auto kOid = der::make_oid<2, 5, 29, 30>();
  static constexpr Field kField = extension_field(8);

  /// Absent: every name is allowed.
  std::optional<der::SequenceOf<GeneralSubtree>> permitted_subtrees;
  std::optional<der::SequenceOf<GeneralSubtree>> excluded_subtrees;  // absent: no name is refused

  static Result<NameConstraints> parse(Bytes value) noexcept {
    return parse_extension<NameConstraints>(value, [](der::Reader& in) noexcept {
      constexpr der::Tag kPermitted = der::context_constructed(0);
      constexpr der::Tag kExcluded = der::context_constructed(1);
      der::Reader fields = in.enter(der::kSequence);
      NameConstraints constraints;
      if (fields.next_is(kPermitted)) {
        constraints.permitted_subtrees = read_items<GeneralSubtree>(fields, kPermitted);
      }
      if (fields.next_is(kExcluded)) {
        constraints.excluded_subtrees = read_items<GeneralSubtree>(fields, kExcluded);
      }
      fields.finish();
      return constraints;
    });
  }
  void visit(FieldVisitor& to) const {
    to.begin_object();
    if (permitted_subtrees) peercert::visit(*permitted_subtrees, to.member("permittedSubtrees"));
    if (excluded_subtrees) peercert::visit(*excluded_subtrees, to.member("excludedSubtrees"));
    to.end_object();
  }
};

}  // namespace peercert
