// SPDX-License-Identifier: Apache-2.0
#include "render/details_text.hpp"

#include <algorithm>

#include <peercert/peer/peer_cert.hpp>
#include <peercert/render/extension.hpp>
#include <peercert/x509/key_fields.hpp>
#include <peercert/x509/spiffe.hpp>

#include "render/field_values.hpp"
#include "render/rows.hpp"
#include "render/safe_text.hpp"

namespace peercert::render {
namespace {

constexpr std::size_t kExtensionIndent = 2;

// Octets, as every tool shows them, and the number if a person could say it.
std::string serial_text(Bytes content) {
  if (content[0] & 0x80) return integer_text(content) + " (negative)";
  const bool has_sign_octet = content.size() > 1 && content[0] == 0;
  const std::string octets = to_hex(content.subspan(has_sign_octet ? 1 : 0), ":");
  return is_small_integer(content) ? octets + " (" + integer_text(content) + ")" : octets;
}

std::string name_text(NameView name) {
  const std::string text = to_text(name);
  return text.empty() ? "(empty)" : text;
}

void add_algorithm(std::string_view label, const AlgorithmIdentifier& algorithm, Rows& rows) {
  if (!has_parameters(algorithm)) return rows.add(label, algorithm_text(algorithm));
  rows.add_fields(label, algorithm_text(algorithm),
                  [&](FieldVisitor& to) { visit_parameters(algorithm, to); });
}

// Type and size, and what the algorithm is called.
std::string full_key_text(const PublicKeyView& key) {
  const std::string type = key_text(key);
  const std::string algorithm = algorithm_text(key.algorithm);
  return type == algorithm ? type : type + " (" + algorithm + ")";
}

bool is_same(const AlgorithmIdentifier& a, const AlgorithmIdentifier& b) noexcept {
  return std::ranges::equal(a.algorithm, b.algorithm) &&
         std::ranges::equal(a.parameters, b.parameters);
}

// A BIT STRING, of whose content the first octet counts the unused bits; none if it is absent.
void add_bits(std::string_view label, Bytes bits, Rows& rows) {
  if (bits.empty()) return;
  rows.add_fields(label, {}, [&](FieldVisitor& to) { to.octets(bits.subspan(1)); });
}

// The parameters once more only if they are others than in the signed part.
void add_signature(const CertificateView& certificate, Rows& rows) {
  const AlgorithmIdentifier algorithm = certificate.signature_algorithm();
  const bool is_new = has_parameters(algorithm) && !is_same(algorithm, certificate.signature());
  rows.add_fields("Signature", algorithm_text(algorithm), [&](FieldVisitor& to) {
    to.begin_object();
    if (is_new) visit_parameters(algorithm, to.member("parameters"));
    to.member("value").octets(certificate.signature_value().subspan(1));
    to.end_object();
  });
}

void add_extensions(const CertificateView& certificate, std::string_view indent, Rows& rows) {
  if (certificate.extensions().empty()) return;
  rows.add("Extensions", {});
  for (const Extension extension : certificate.extensions()) {
    append_extension_text(rows.text(), extension, indent.size() + kExtensionIndent);
  }
}

void add_spiffe_id(const CertificateView& certificate, Rows& rows) {
  if (!names_spiffe(certificate)) return;
  const SpiffeResult found = spiffe_id(certificate);
  rows.add("SPIFFE ID",
           found ? std::string(found.id.uri) : "none: " + std::string(to_string(found.defect)));
}

void add_fingerprints(const TextOptions& options, Rows& rows) {
  if (!options.sha256.empty()) rows.add("SHA-256", to_hex(options.sha256, ":"));
  if (!options.sha1.empty()) rows.add("SHA-1", to_hex(options.sha1, ":"));
  if (!options.spki_pin.empty()) rows.add("SPKI pin", options.spki_pin);
}

}  // namespace

std::string details_text(const CertificateView& certificate, const TextOptions& options) {
  Rows rows(options.indent);
  rows.add("Version", std::to_string(certificate.version()));
  rows.add("Serial", serial_text(certificate.serial_number()));
  add_algorithm("Signature", certificate.signature(), rows);
  rows.add("Issuer", name_text(certificate.issuer()));
  rows.add("Valid", period_text(certificate, options.now));
  rows.add("Subject", name_text(certificate.subject()));
  const PublicKeyView key = certificate.subject_public_key_info();
  rows.add_fields("Key", full_key_text(key), [&](FieldVisitor& to) { visit_key(key, to); });
  add_bits("Issuer ID", certificate.issuer_unique_id(), rows);
  add_bits("Subject ID", certificate.subject_unique_id(), rows);
  add_extensions(certificate, options.indent, rows);
  add_signature(certificate, rows);
  add_fingerprints(options, rows);
  add_spiffe_id(certificate, rows);
  const Result<PeerCertView> peer = PeerCertView::from(certificate);
  if (!peer) rows.add("Note", "getpeercert() cannot present it: " + to_string(peer.error()));
  return rows.take();
}

}  // namespace peercert::render
