// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <peercert/der/oid.hpp>
#include <peercert/x509/extension_parser.hpp>
#include <peercert/x509/field.hpp>

namespace peercert {

/// What a certificate may do that an end entity signed. RFC 3820, 3.8.
///
///     ProxyCertInfo ::= SEQUENCE {
///         pCPathLenConstraint  INTEGER (0..MAX) OPTIONAL,
///         proxyPolicy          SEQUENCE {
///             policyLanguage  OBJECT IDENTIFIER,
///             policy          OCTET STRING OPTIONAL } }
struct ProxyCertInfo {
  static constexpr auto kOid = der::make_oid<1, 3, 6, 1, 5, 5, 7, 1, 14>();
  static constexpr Field kField = extension_field(41);

  std::optional<Bytes> path_len_constraint;  // content of the INTEGER
  Bytes policy_language;                     // an OBJECT IDENTIFIER
  std::optional<Bytes> policy;               // in that language

  static Result<ProxyCertInfo> parse(Bytes value) noexcept {
    return parse_extension<ProxyCertInfo>(value, [](der::Reader& in) noexcept {
      der::Reader fields = in.enter(der::kSequence);
      ProxyCertInfo info;
      info.path_len_constraint = read_optional_integer(fields, der::kInteger);
      der::Reader proxy_policy = fields.enter(der::kSequence);
      info.policy_language = proxy_policy.read_oid();
      info.policy = read_optional_octets(proxy_policy, der::kOctetString);
      proxy_policy.finish();
      fields.finish();
      return info;
    });
  }
  void visit(FieldVisitor& to) const {
    to.begin_object();
    if (path_len_constraint) to.member("pCPathLenConstraint").integer(*path_len_constraint);
    to.member("proxyPolicy").begin_object();
    to.member("policyLanguage").oid(policy_language);
    if (policy) to.member("policy").octets(*policy);
    to.end_object();
    to.end_object();
  }
};

}  // namespace peercert
