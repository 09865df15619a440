// SPDX-License-Identifier: Apache-2.0
#include "details.hpp"

#include <peercert/render/certificate_json.hpp>
#include <peercert/render/text.hpp>
#include <peercert/ssl/fingerprint.hpp>

#include "json.hpp"

namespace peercert::tool {

std::string certificate_text(const CertificateView& certificate, Bytes encoded,
                             std::chrono::sys_seconds now, bool details) {
  const ssl::Sha256Digest sha256 = ssl::sha256(encoded);
  TextOptions options{.now = now, .sha256 = sha256};
  if (!details) return to_text(certificate, options);
  const ssl::Sha1Digest sha1 = ssl::sha1(encoded);
  const std::string pin = ssl::spki_pin(certificate.subject_public_key_info());
  options.details = true;
  options.sha1 = sha1;
  options.spki_pin = pin;
  return to_text(certificate, options);
}

void append_details_json(Output& out, const CertificateView& certificate, Bytes encoded) {
  out.append(R"("sha1":")");
  out.append(to_hex(ssl::sha1(encoded)));
  out.append(R"(","spki_pin":")");
  out.append(ssl::spki_pin(certificate.subject_public_key_info()));
  out.append(R"(","certificate":)");
  append_certificate_json(out, certificate);
}

}  // namespace peercert::tool
