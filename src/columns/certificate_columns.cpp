// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <string>

#include <peercert/columns/certificate_columns.hpp>
#include <peercert/render/output.hpp>
#include <peercert/render/text.hpp>
#include <peercert/x509/extensions.hpp>
#include <peercert/x509/field.hpp>
#include <peercert/x509/findings.hpp>
#include <peercert/x509/object_names.hpp>

#include "peer/ip_text.hpp"
#include "render/field_values.hpp"
#include "render/json_object.hpp"
#include "x509/name_syntax.hpp"

namespace peercert::columns {
namespace {

// The value of an extension that is there once and can be read.
template <class T>
std::optional<T> extension_of(const CertificateRow& row) {
  const auto found = find_extension<T>(row.certificate.extensions());
  if (!found) return std::nullopt;
  const Result<T> parsed = T::parse(found->value);
  return parsed ? std::optional(*parsed) : std::nullopt;
}

void visit_unless_empty(std::string_view text, ValueVisitor& to) {
  if (!text.empty()) to.string(text);
}

std::string hex_text(Bytes bytes) {
  Output text;
  render::append_hex(text, bytes);
  return std::string(text.view());
}

void visit_common_name(const CertificateRow& row, ValueVisitor& to) {
  constexpr auto kCommonName = der::make_oid<2, 5, 4, 3>();
  std::optional<der::StringView> last;
  for (const RdnView rdn : row.certificate.subject()) {
    for (const Attribute attribute : rdn) {
      if (std::ranges::equal(attribute.type, kCommonName)) last = attribute.text();
    }
  }
  if (last && render::is_well_formed(*last)) to.string(render::to_utf8(*last));
}

void visit_names(const CertificateRow& row, ValueVisitor& to) {
  const auto names = extension_of<SubjectAltName>(row);
  if (!names) return;
  to.begin_list();
  for (const GeneralName name : names->names) {
    if (name.type == GeneralNameType::dns_name) to.string(as_text(name.value));
    if (name.type == GeneralNameType::ip_address) to.string(ip_address_text(name.value));
  }
  to.end_list();
}

// A string, because the standard's negative numbers are there, too: "-5".
void visit_serial(const CertificateRow& row, ValueVisitor& to) {
  const Bytes content = row.certificate.serial_number();
  if (content[0] & 0x80) return to.string(render::integer_text(content));
  const bool has_sign_byte = content.size() > 1 && content[0] == 0;
  to.string(hex_text(content.subspan(has_sign_byte ? 1 : 0)));
}

void visit_time(const TimeView& time, ValueVisitor& to) {
  if (const auto date = time.parse()) to.timestamp(date->to_sys_seconds(), TimeText::seconds);
}

void visit_days(std::chrono::seconds duration, ValueVisitor& to) {
  to.int64(std::chrono::floor<std::chrono::days>(duration).count());
}

// Both ends are within the validity: RFC 5280, 4.1.2.5.
void visit_validity_days(const CertificateRow& row, ValueVisitor& to) {
  const auto from = row.certificate.not_before().parse();
  const auto until = row.certificate.not_after().parse();
  if (!from || !until) return;
  visit_days(until->to_sys_seconds() - from->to_sys_seconds() + std::chrono::seconds(1), to);
}

void visit_days_left(const CertificateRow& row, ValueVisitor& to) {
  if (const auto until = row.certificate.not_after().parse()) {
    visit_days(until->to_sys_seconds() - row.time, to);
  }
}

void visit_key_bits(const CertificateRow& row, ValueVisitor& to) {
  const int bits = row.certificate.subject_public_key_info().bits();
  if (bits > 0) to.int64(bits);
}

void visit_curve(const CertificateRow& row, ValueVisitor& to) {
  const PublicKeyView key = row.certificate.subject_public_key_info();
  if (key.type() == KeyType::ec) visit_unless_empty(key.name(), to);
}

void visit_digest(Bytes digest, BinaryText text, ValueVisitor& to) {
  if (!digest.empty()) to.binary(digest, text);
}

void visit_is_ca(const CertificateRow& row, ValueVisitor& to) {
  const auto constraints = extension_of<BasicConstraints>(row);
  to.boolean(constraints && constraints->ca);
}

void visit_self_issued(const CertificateRow& row, ValueVisitor& to) {
  to.boolean(
      std::ranges::equal(row.certificate.issuer().content(), row.certificate.subject().content()));
}

void visit_key_usage(const CertificateRow& row, ValueVisitor& to) {
  const auto usage = extension_of<KeyUsage>(row);
  if (!usage) return;
  const std::size_t num_names = std::size(KeyUsage::kBits);
  to.begin_list();
  for (std::size_t bit = 0; bit < num_names; ++bit) {
    if (usage->bits[bit]) to.string(KeyUsage::kBits[bit]);
  }
  if (usage->bits.any_from(num_names)) {
    to.string("bits:" + hex_text(usage->bits.content().subspan(1)));
  }
  to.end_list();
}

void visit_ext_key_usage(const CertificateRow& row, ValueVisitor& to) {
  const auto usage = extension_of<ExtKeyUsage>(row);
  if (!usage) return;
  to.begin_list();
  for (const der::AnyValue purpose : usage->purposes) {
    const auto name = find_object_name(purpose.content());
    name ? to.string(name->short_name) : to.string(render::dotted_text(purpose.content()));
  }
  to.end_list();
}

void visit_policies(const CertificateRow& row, ValueVisitor& to) {
  const auto policies = extension_of<CertificatePolicies>(row);
  if (!policies) return;
  to.begin_list();
  for (const PolicyInformation policy : policies->policies) {
    to.string(render::dotted_text(policy.policy_identifier));
  }
  to.end_list();
}

void visit_must_staple(const CertificateRow& row, ValueVisitor& to) {
  const auto feature = extension_of<TlsFeature>(row);
  to.boolean(feature && feature->must_staple());
}

void visit_scts(const CertificateRow& row, ValueVisitor& to) {
  const auto scts = extension_of<SignedCertificateTimestamps>(row);
  if (!scts) return;
  scts->visit(to.begin_fields());
  to.end_fields();
}

void visit_findings(const CertificateRow& row, ValueVisitor& to) {
  to.begin_list();
  for (const Finding& finding : find_defects(row.certificate, row.encoded)) {
    to.string(name_of(finding.code));
  }
  to.end_list();
}

constexpr ColumnType kString{ValueType::string};
constexpr ColumnType kStrings{ValueType::string, true};
constexpr ColumnType kBinary{ValueType::binary};
constexpr ColumnType kBoolean{ValueType::boolean};
constexpr ColumnType kInt64{ValueType::int64};
constexpr ColumnType kTimestamp{ValueType::timestamp};
constexpr ColumnType kStructures{ValueType::structure, true};

constexpr Column<CertificateRow> kColumns[] = {
    {"subject", kString, "the subject as text, most specific first (RFC 4514)",
     [](const CertificateRow& row, ValueVisitor& to) {
       to.string(to_text(row.certificate.subject()));
     }},
    {"common_name", kString, "the last commonName of the subject", &visit_common_name},
    {"names", kStrings, "list of all dNSNames and iPAddresses of subjectAltName", &visit_names},
    {"issuer", kString, "the issuer as text (RFC 4514)",
     [](const CertificateRow& row, ValueVisitor& to) {
       to.string(to_text(row.certificate.issuer()));
     }},
    {"serial", kString, "the serial number, lower-case hexadecimal", &visit_serial},
    {"not_before", kTimestamp, "beginning of the validity (RFC 3339)",
     [](const CertificateRow& row, ValueVisitor& to) {
       visit_time(row.certificate.not_before(), to);
     }},
    {"not_after", kTimestamp, "end of the validity (RFC 3339)",
     [](const CertificateRow& row, ValueVisitor& to) {
       visit_time(row.certificate.not_after(), to);
     }},
    {"validity_days", kInt64, "whole days from the first to the last second", &visit_validity_days},
    {"days_left", kInt64, "whole days from the record's time to the end; negative after it",
     &visit_days_left},
    {"key_type", kString, "\"RSA\", \"EC\", \"Ed25519\"",
     [](const CertificateRow& row, ValueVisitor& to) {
       visit_unless_empty(to_string(row.certificate.subject_public_key_info().type()), to);
     }},
    {"key_bits", kInt64, "of the modulus, the curve's field or the key", &visit_key_bits},
    {"curve", kString, "of an EC key: \"P-256\"", &visit_curve},
    {"spki_pin", kBinary, "base64 of the SHA-256 of the SubjectPublicKeyInfo (RFC 7469)",
     [](const CertificateRow& row, ValueVisitor& to) {
       visit_digest(row.spki_sha256, BinaryText::base64, to);
     },
     needs_spki_sha256},
    {"signature_algorithm", kString, "OpenSSL's name: \"ecdsa-with-SHA256\"",
     [](const CertificateRow& row, ValueVisitor& to) {
       visit_unless_empty(row.certificate.signature_algorithm().name(), to);
     }},
    {"sha1", kBinary, "SHA-1 of the DER, lower-case hexadecimal",
     [](const CertificateRow& row, ValueVisitor& to) {
       visit_digest(row.sha1, BinaryText::hex, to);
     },
     needs_sha1},
    {"is_ca", kBoolean, "whether basicConstraints says that it is a CA", &visit_is_ca},
    {"self_issued", kBoolean, "whether subject and issuer are the same bytes", &visit_self_issued},
    {"key_usage", kStrings, "list of the bits of keyUsage: \"digitalSignature\"", &visit_key_usage},
    {"ext_key_usage", kStrings, "list of extKeyUsage: \"serverAuth\", or an OID",
     &visit_ext_key_usage},
    {"policies", kStrings, "list of the OIDs of certificatePolicies", &visit_policies},
    {"must_staple", kBoolean, "whether the server has to staple an OCSP response (RFC 7633)",
     &visit_must_staple},
    {"scts", kStructures, "list of the SCTs inside (RFC 6962), as decode --details has them",
     &visit_scts},
    {"findings", kStrings, "list of the codes of docs/findings.md", &visit_findings},
};

}  // namespace

std::span<const Column<CertificateRow>> certificate_columns() noexcept { return kColumns; }

}  // namespace peercert::columns
