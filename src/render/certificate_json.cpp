// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <peercert/render/certificate_json.hpp>
#include <peercert/render/extension.hpp>
#include <peercert/x509/key_fields.hpp>
#include <peercert/x509/spiffe.hpp>

#include "render/field_json.hpp"

namespace peercert {
namespace {

using render::JsonFields;

// As an INTEGER, since a version may be any.
void put_version(std::int64_t version, JsonFields& json) {
  std::array<std::uint8_t, sizeof(version)> content{};
  auto rest = static_cast<std::uint64_t>(version);
  for (std::size_t i = content.size(); i-- > 0; rest >>= 8) {
    content[i] = static_cast<std::uint8_t>(rest);
  }
  json.member("version").integer(content);
}

void put_extensions(ExtensionsView extensions, JsonFields& json, Output& out) {
  json.member("extensions");
  json.begin_list();
  const char* separator = "";
  for (const Extension extension : extensions) {
    out.append(separator);
    append_extension_json(out, extension);
    separator = ",";
  }
  json.end_list();
}

void put_validity(const CertificateView& certificate, JsonFields& json) {
  json.member("validity").begin_object();
  visit(certificate.not_before(), json.member("notBefore"));
  visit(certificate.not_after(), json.member("notAfter"));
  json.end_object();
}

void put_spiffe(const CertificateView& certificate, JsonFields& json) {
  if (!names_spiffe(certificate)) return;
  const SpiffeResult found = spiffe_id(certificate);
  json.member("spiffe").begin_object();
  if (found) {
    json.member("id").word(found.id.uri);  // of characters that need no escapes
    json.member("trustDomain").word(found.id.trust_domain);
    json.member("path").word(found.id.path);
  } else {
    json.member("error").word(to_string(found.defect));
  }
  json.end_object();
}

// A BIT STRING, of whose content the first octet counts the unused bits; nothing if it is absent.
void put_bits(std::string_view name, Bytes bits, JsonFields& json) {
  if (!bits.empty()) json.member(name).octets(bits.subspan(1));
}

}  // namespace

void append_certificate_json(Output& out, const CertificateView& certificate) {
  JsonFields json(out);
  json.begin_object();
  put_version(certificate.version(), json);
  visit_serial_number(certificate.serial_number(), json.member("serialNumber"));
  visit(certificate.signature(), json.member("signature"));
  json.member("issuer").name(certificate.issuer());
  put_validity(certificate, json);
  json.member("subject").name(certificate.subject());
  visit(certificate.subject_public_key_info(), json.member("subjectPublicKeyInfo"));
  put_bits("issuerUniqueID", certificate.issuer_unique_id(), json);
  put_bits("subjectUniqueID", certificate.subject_unique_id(), json);
  put_extensions(certificate.extensions(), json, out);
  visit(certificate.signature_algorithm(), json.member("signatureAlgorithm"));
  put_bits("signatureValue", certificate.signature_value(), json);
  put_spiffe(certificate, json);
  json.end_object();
}

}  // namespace peercert
