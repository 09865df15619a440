// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <peercert/der/oid.hpp>
#include <peercert/x509/extension_parser.hpp>
#include <peercert/x509/field.hpp>

namespace peercert {

/// What names the key that signed the certificate. RFC 5280, 4.2.1.1.
///
///     AuthorityKeyIdentifier ::= SEQUENCE {
///         keyIdentifier              [0] KeyIdentifier OPTIONAL,
///         authorityCertIssuer        [1] GeneralNames OPTIONAL,
///         authorityCertSerialNumber  [2] CertificateSerialNumber OPTIONAL }
struct AuthorityKeyIdentifier {
  static constexpr auto kOid = der::make_oid<2, 5, 29, 35>();
  static constexpr Field kField = extension_field(12);

  std::optional<Bytes> key_identifier;                    // the issuer's subjectKeyIdentifier
  std::optional<GeneralNamesView> authority_cert_issuer;  // the issuer's issuer
  std::optional<Bytes> authority_cert_serial_number;      // content of the INTEGER

  static Result<AuthorityKeyIdentifier> parse(Bytes value) noexcept {
    return parse_extension<AuthorityKeyIdentifier>(value, [](der::Reader& in) noexcept {
      der::Reader fields = in.enter(der::kSequence);
      AuthorityKeyIdentifier identifier;
      identifier.key_identifier = read_optional_octets(fields, der::context(0));
      if (fields.next_is(der::context_constructed(1))) {
        identifier.authority_cert_issuer = read_general_names(fields, der::context_constructed(1));
      }
      identifier.authority_cert_serial_number = read_optional_integer(fields, der::context(2));
      fields.finish();
      return identifier;
    });
  }
  void visit(FieldVisitor& to) const {
    to.begin_object();
    if (key_identifier) to.member("keyIdentifier").octets(*key_identifier);
    if (authority_cert_issuer) {
      peercert::visit(*authority_cert_issuer, to.member("authorityCertIssuer"));
    }
    if (authority_cert_serial_number) {
      visit_serial_number(*authority_cert_serial_number, to.member("authorityCertSerialNumber"));
    }
    to.end_object();
  }
};

}  // namespace peercert
