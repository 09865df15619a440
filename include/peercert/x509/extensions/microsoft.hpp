// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include <peercert/der/oid.hpp>
#include <peercert/x509/extension_parser.hpp>
#include <peercert/x509/extensions/certificate_policies.hpp>
#include <peercert/x509/field.hpp>

namespace peercert {

/// The name of the template that a Windows CA made the certificate from. [MS-WCCE], 2.2.2.7.7.1.
///
///     EnrollCertTypeName ::= BMPString
struct EnrollCerttype {
  static constexpr auto kOid = der::make_oid<1, 3, 6, 1, 4, 1, 311, 20, 2>();
  static constexpr Field kField = extension_field(24);

  der::StringView template_name;  // a BMPString

  static Result<EnrollCerttype> parse(Bytes value) noexcept {
    return parse_extension<EnrollCerttype>(value, [](der::Reader& in) noexcept {
      const der::Element name = in.read(der::kBmpString);
      if (name.content().size() % 2 != 0) in.fail(Errc::bad_string_length, name.encoded().data());
      return EnrollCerttype{{der::Encoding::ucs2, name.content()}};
    });
  }
  void visit(FieldVisitor& to) const { to.text(template_name); }
};

/// The template by its identifier. [MS-WCCE], 2.2.2.7.7.2.
///
///     CertificateTemplateOID ::= SEQUENCE {
///         templateID            OBJECT IDENTIFIER,
///         templateMajorVersion  INTEGER (0..4294967295) OPTIONAL,
///         templateMinorVersion  INTEGER (0..4294967295) OPTIONAL }
struct CertificateTemplate {
  static constexpr auto kOid = der::make_oid<1, 3, 6, 1, 4, 1, 311, 21, 7>();
  static constexpr Field kField = extension_field(27);

  Bytes template_id;                            // an OBJECT IDENTIFIER
  std::optional<Bytes> template_major_version;  // contents of INTEGERs
  std::optional<Bytes> template_minor_version;  // content of the INTEGER

  static Result<CertificateTemplate> parse(Bytes value) noexcept {
    return parse_extension<CertificateTemplate>(value, [](der::Reader& in) noexcept {
      der::Reader fields = in.enter(der::kSequence);
      CertificateTemplate parsed;
      parsed.template_id = fields.read_oid();
      parsed.template_major_version = read_optional_integer(fields, der::kInteger);
      parsed.template_minor_version = read_optional_integer(fields, der::kInteger);
      fields.finish();
      return parsed;
    });
  }
  void visit(FieldVisitor& to) const {
    to.begin_object();
    to.member("templateID").oid(template_id);
    if (template_major_version) to.member("templateMajorVersion").integer(*template_major_version);
    if (template_minor_version) to.member("templateMinorVersion").integer(*template_minor_version);
    to.end_object();
  }
};

/// Microsoft's form of the key's purposes. [MS-WCCE], 2.2.2.7.7.3.
///
///     ApplicationCertPolicies ::= CertificatePolicies
struct ApplicationCertPolicies {
  static constexpr auto kOid = der::make_oid<1, 3, 6, 1, 4, 1, 311, 21, 10>();
  static constexpr Field kField = extension_field(28);

  der::SequenceOf<PolicyInformation> policies;  // in encoded order

  static Result<ApplicationCertPolicies> parse(Bytes value) noexcept {
    return parse_extension<ApplicationCertPolicies>(value, [](der::Reader& in) noexcept {
      return ApplicationCertPolicies{read_items<PolicyInformation>(in)};
    });
  }
  void visit(FieldVisitor& to) const { peercert::visit(policies, to); }
};

/// How often the CA's certificate (low 16 bits) and key (the bits above) were renewed. [MS-WCCE],
/// 2.2.2.7.7.
///
///     CAVersion ::= INTEGER
struct CertsrvCaVersion {
  static constexpr auto kOid = der::make_oid<1, 3, 6, 1, 4, 1, 311, 21, 1>();
  static constexpr Field kField = extension_field(25);

  Bytes version;  // content of the INTEGER

  static Result<CertsrvCaVersion> parse(Bytes value) noexcept {
    return parse_extension<CertsrvCaVersion>(
        value, [](der::Reader& in) noexcept { return CertsrvCaVersion{in.read_integer()}; });
  }
  void visit(FieldVisitor& to) const { to.integer(version); }
};

/// SHA-1 of the CA's certificate before the last renewal.
///
///     PreviousCertHash ::= OCTET STRING
struct CertsrvPreviousCertHash {
  static constexpr auto kOid = der::make_oid<1, 3, 6, 1, 4, 1, 311, 21, 2>();
  static constexpr Field kField = extension_field(26);

  Bytes hash;  // 20 bytes; their number is not checked

  static Result<CertsrvPreviousCertHash> parse(Bytes value) noexcept {
    return parse_extension<CertsrvPreviousCertHash>(value, [](der::Reader& in) noexcept {
      return CertsrvPreviousCertHash{in.read(der::kOctetString).content()};
    });
  }
  void visit(FieldVisitor& to) const { to.octets(hash); }
};

/// Whose certificate it is, by the account's security identifier. [MS-WCCE], 2.2.2.7.7.4.
///
///     NTDSCASecurityExt ::= GeneralNames, of which an otherName 1.3.6.1.4.1.311.25.2.1 holds the
///         identifier's text ("S-1-5-21-...") as OCTET STRING
struct NtdsCaSecurityExt {
  static constexpr auto kOid = der::make_oid<1, 3, 6, 1, 4, 1, 311, 25, 2>();
  /// The type of the otherName that holds the identifier.
  static constexpr auto kObjectSid = der::make_oid<1, 3, 6, 1, 4, 1, 311, 25, 2, 1>();
  static constexpr Field kField = extension_field(29);

  GeneralNamesView names;  // in encoded order

  static Result<NtdsCaSecurityExt> parse(Bytes value) noexcept {
    return parse_extension<NtdsCaSecurityExt>(value, [](der::Reader& in) noexcept {
      return NtdsCaSecurityExt{read_general_names(in, der::kSequence)};
    });
  }
  void visit(FieldVisitor& to) const {
    to.begin_list();
    for (const GeneralName name : names) {
      const OtherName other = name.other_name();
      if (other.value_tag == der::kOctetString && std::ranges::equal(other.type_id, kObjectSid)) {
        to.begin_choice("objectSid").text(utf8_text(other.value));
        to.end_choice();
      } else {
        peercert::visit(name, to);
      }
    }
    to.end_list();
  }
};

}  // namespace peercert
