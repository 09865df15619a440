// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include <peercert/peer/peer_cert.hpp>
#include <peercert/peer/serial_text.hpp>
#include <peercert/render/text.hpp>

#include "render/details_text.hpp"
#include "render/name_text.hpp"
#include "render/rows.hpp"
#include "render/safe_text.hpp"

namespace peercert {
namespace {

using render::Rows;

std::vector<std::string> names_of(const PeerCertView& peer) {
  std::vector<std::string> names;
  if (!peer.subject_alt_name) return names;
  for (const GeneralName name : *peer.subject_alt_name)
    names.push_back(render::alt_name_text(name));
  return names;
}

template <class Uris>
std::vector<std::string> texts_of(const Uris& uris) {
  std::vector<std::string> texts;
  uris.for_each([&texts](Bytes uri) { render::append_safe(uri, texts.emplace_back()); });
  return texts;
}

std::string serial_text(Bytes content) {
  std::string text = to_serial_text(content);
  if (text.ends_with('\n')) text.replace(text.size() - 2, 2, "...");
  return text;
}

}  // namespace

std::string to_text(const CertificateView& certificate, const TextOptions& options) {
  if (options.details) return render::details_text(certificate, options);
  Rows rows(options.indent);
  const std::string subject = to_text(certificate.subject());
  rows.add("Subject", subject.empty() ? "(empty)" : subject);
  const Result<PeerCertView> peer = PeerCertView::from(certificate);
  if (peer) rows.add_list("Names", names_of(*peer));
  rows.add("Valid", render::period_text(certificate, options.now));
  rows.add("Issuer", to_text(certificate.issuer()));
  rows.add("Key", render::key_text(certificate.subject_public_key_info()));
  rows.add("Signature", render::algorithm_text(certificate.signature_algorithm()));
  rows.add("Serial", serial_text(certificate.serial_number()));
  if (!options.sha256.empty()) rows.add("SHA-256", render::to_hex(options.sha256, ":"));
  if (peer) {
    rows.add_list("OCSP", texts_of(peer->ocsp));
    rows.add_list("CA issuers", texts_of(peer->ca_issuers));
    rows.add_list("CRL", texts_of(peer->crl_distribution_points));
  } else {
    rows.add("Note", "getpeercert() cannot present it: " + to_string(peer.error()));
  }
  return rows.take();
}

}  // namespace peercert
