// SPDX-License-Identifier: Apache-2.0
// Matching a certificate's own names with it, and the rules for paths over it, come to an end; what
// matches is a name that is there.
#include <algorithm>
#include <string>

#include <peercert/peer/match.hpp>
#include <peercert/verify/webpki.hpp>
#include <peercert/x509/extensions.hpp>

#include "fuzz.hpp"

namespace peercert::fuzz {
namespace {

void check_result(const MatchResult& result) {
  check(!to_string(result.defect).empty());
  check(result.num_malformed <= result.num_names);
  check(!result || result.num_names > result.num_malformed);
}

// A name that the certificate holds matches it, or is none that may.
void check_own_name(const CertificateView& certificate, const GeneralName& name) {
  const std::string_view text = as_text(name.value);
  const MatchResult host = match_hostname(certificate, text);
  check_result(host);
  check_result(match_email(certificate, text));
  if (name.type == GeneralNameType::dns_name) {
    check(host || host.defect == MatchDefect::bad_reference ||
          host.defect == MatchDefect::no_name_of_type ||       // the text of an address
          host.defect == MatchDefect::bad_subject_alt_name ||  // there are two of them
          host.defect == MatchDefect::not_equal);              // as before
    if (text.find('\0') != std::string_view::npos) check(!host);
  }
  const MatchResult address = match_ip(certificate, name.value);
  check_result(address);
  const bool is_address = name.value.size() == 4 || name.value.size() == 16;
  check(is_address || address.defect == MatchDefect::bad_reference);
}

void check_path(const CertificateView& certificate) {
  const CertificateView path[] = {certificate, certificate, certificate};
  verify::WebpkiOptions options;
  for (const verify::Purpose purpose :
       {verify::Purpose::server_auth, verify::Purpose::client_auth}) {
    options.purpose = purpose;
    for (const verify::Problem& problem : verify::check_webpki(path, options)) {
      check(problem.depth >= 0 && problem.depth < 3);
      check_shown(problem.message);
      check(std::ranges::any_of(verify::webpki_rules(), [&problem](const verify::Rule& rule) {
        return rule.code == problem.code;
      }));
    }
  }
}

}  // namespace

void run(Bytes input) {
  const Result<CertificateView> certificate = CertificateView::parse(input);
  if (!certificate) return;
  check_path(*certificate);
  check_result(match_hostname(*certificate, "a.example"));
  for (const Extension extension : certificate->extensions()) {
    if (!is_extension<SubjectAltName>(extension)) continue;
    const Result<SubjectAltName> parsed = SubjectAltName::parse(extension.value);
    if (!parsed) continue;
    for (const GeneralName name : parsed->names) check_own_name(*certificate, name);
  }
}

}  // namespace peercert::fuzz
