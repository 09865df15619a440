// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <peercert/der/oid.hpp>
#include <peercert/x509/extension_parser.hpp>
#include <peercert/x509/field.hpp>

namespace peercert {

/// How many certificates further down policies have to be explicit, may not be mapped. RFC 5280,
/// 4.2.1.11.
///
///     PolicyConstraints ::= SEQUENCE {
///         requireExplicitPolicy  [0] SkipCerts OPTIONAL,
///         inhibitPolicyMapping   [1] SkipCerts OPTIONAL }
///     SkipCerts ::= INTEGER (0..MAX)
struct PolicyConstraints {
  static constexpr auto kOid = der::make_oid<2, 5, 29, 36>();
  static constexpr Field kField = extension_field(13);

  std::optional<Bytes> require_explicit_policy;  // contents of INTEGERs
  std::optional<Bytes> inhibit_policy_mapping;   // content of the INTEGER

  static Result<PolicyConstraints> parse(Bytes value) noexcept {
    return parse_extension<PolicyConstraints>(value, [](der::Reader& in) noexcept {
      der::Reader fields = in.enter(der::kSequence);
      PolicyConstraints constraints;
      constraints.require_explicit_policy = read_optional_integer(fields, der::context(0));
      constraints.inhibit_policy_mapping = read_optional_integer(fields, der::context(1));
      fields.finish();
      return constraints;
    });
  }
  void visit(FieldVisitor& to) const {
    to.begin_object();
    if (require_explicit_policy) {
      to.member("requireExplicitPolicy").integer(*require_explicit_policy);
    }
    if (inhibit_policy_mapping) to.member("inhibitPolicyMapping").integer(*inhibit_policy_mapping);
    to.end_object();
  }
};

}  // namespace peercert
