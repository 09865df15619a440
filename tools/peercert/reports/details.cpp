// SPDX-License-Identifier: Apache-2.0
#include "reports/details.hpp"

#include <peercert/crypto/fingerprint.hpp>
#include <peercert/peer/time_text.hpp>
#include <peercert/render/certificate_json.hpp>
#include <peercert/render/text.hpp>

namespace peercert::tool {

std::string certificate_text(const CertificateView& certificate, Bytes encoded,
                             std::chrono::sys_seconds now, bool details) {
  const crypto::Sha256Digest sha256 = crypto::sha256(encoded);
  TextOptions options{.now = now, .sha256 = sha256};
  if (!details) return to_text(certificate, options);
  const crypto::Sha1Digest sha1 = crypto::sha1(encoded);
  const std::string pin = crypto::spki_pin(certificate.subject_public_key_info());
  options.details = true;
  options.sha1 = sha1;
  options.spki_pin = pin;
  return to_text(certificate, options);
}

void append_chain_member(Output& out, const Der& der) {
  render::JsonObject member(out);
  member.add_hex("sha256", crypto::sha256(der));
  if (const auto certificate = Certificate::from_der(der)) {
    member.add("subject", to_text(certificate->view().subject()))
        .add("not_after", to_time_text(certificate->view().not_after()));
  }
  member.close();
}

void add_details(render::JsonObject& record, const CertificateView& certificate, Bytes encoded) {
  record.add_hex("sha1", crypto::sha1(encoded))
      .add("spki_pin", crypto::spki_pin(certificate.subject_public_key_info()));
  append_certificate_json(record.member("certificate"), certificate);
}

}  // namespace peercert::tool
