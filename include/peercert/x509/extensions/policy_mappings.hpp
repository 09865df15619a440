// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <peercert/der/oid.hpp>
#include <peercert/x509/extension_parser.hpp>
#include <peercert/x509/field.hpp>

namespace peercert {

/// One item of PolicyMappings.
struct PolicyMapping {
  Bytes issuer_domain_policy;   // an OBJECT IDENTIFIER
  Bytes subject_domain_policy;  // an OBJECT IDENTIFIER

  static PolicyMapping read(der::Reader& in) noexcept {
    der::Reader fields = in.enter(der::kSequence);
    PolicyMapping mapping;
    mapping.issuer_domain_policy = fields.read_oid();
    mapping.subject_domain_policy = fields.read_oid();
    fields.finish();
    return mapping;
  }
  static PolicyMapping from_element(const der::Element& element) noexcept {
    return read_again<PolicyMapping>(element);
  }
  void visit(FieldVisitor& to) const {
    to.begin_object();
    to.member("issuerDomainPolicy").oid(issuer_domain_policy);
    to.member("subjectDomainPolicy").oid(subject_domain_policy);
    to.end_object();
  }
};

/// Which policies of the issuer and of the subject, a CA, are equivalent. RFC 5280, 4.2.1.5.
///
///     PolicyMappings ::= SEQUENCE SIZE (1..MAX) OF SEQUENCE {
///         issuerDomainPolicy   CertPolicyId,
///         subjectDomainPolicy  CertPolicyId }
struct PolicyMappings {
  static constexpr auto kOid = der::make_oid<2, 5, 29, 33>();
  static constexpr Field kField = extension_field(11);

  der::SequenceOf<PolicyMapping> mappings;  // in encoded order

  static Result<PolicyMappings> parse(Bytes value) noexcept {
    return parse_extension<PolicyMappings>(value, [](der::Reader& in) noexcept {
      return PolicyMappings{read_items<PolicyMapping>(in)};
    });
  }
  void visit(FieldVisitor& to) const { peercert::visit(mappings, to); }
};

}  // namespace peercert
