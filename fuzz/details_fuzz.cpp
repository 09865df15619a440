// SPDX-License-Identifier: Apache-2.0
// All that a certificate says, as text and as JSON: fit for a terminal, lines of ours, JSON that
// RapidJSON reads; and a SPIFFE ID that reads as itself again.
#include <rapidjson/document.h>

#include <peercert/render/certificate_json.hpp>
#include <peercert/render/text.hpp>
#include <peercert/x509/spiffe.hpp>

#include "fuzz.hpp"

namespace peercert::fuzz {
namespace {

void check_json(const CertificateView& certificate) {
  Output out;
  append_certificate_json(out, certificate);
  check_shown(out.view());
  rapidjson::Document document;
  // Lists may be nested in parameters as deep as kMaxAnyDepth only, so that recursion does no harm.
  document.Parse<rapidjson::kParseValidateEncodingFlag>(out.view().data(), out.size());
  check(!document.HasParseError() && document.IsObject());
  check(document.HasMember("subjectPublicKeyInfo") && document.HasMember("signatureValue"));
}

void check_text(const CertificateView& certificate) {
  const std::string text = to_text(certificate, {.details = true});
  check_shown(text);
  check(text.starts_with("  Version") && text.ends_with('\n'));
  for (std::size_t at = text.find('\n'); at + 1 < text.size(); at = text.find('\n', at + 1)) {
    check(text.compare(at + 1, 2, "  ") == 0);
  }
}

void check_spiffe(const CertificateView& certificate) {
  const SpiffeResult found = spiffe_id(certificate);
  if (!found) return check(found.id.uri.empty());
  check(names_spiffe(certificate) && !found.id.path.empty());
  check(found.id.uri.size() <= kMaxSpiffeIdLen);
  check(parse_spiffe_id(found.id.uri).id.trust_domain == found.id.trust_domain);
}

}  // namespace

void run(Bytes input) {
  const Result<Certificate> certificate = Certificate::from_der(input);
  if (!certificate) return;
  check_json(certificate->view());
  check_text(certificate->view());
  check_spiffe(certificate->view());
}

}  // namespace peercert::fuzz
