// SPDX-License-Identifier: Apache-2.0
// Matching a certificate's own names with it, and the rules for paths over it, come to an end; what
// matches is a name that is there, and that OpenSSL takes for a match too.
#include <algorithm>
#include <memory>
#include <string>

#include <openssl/err.h>
#include <openssl/x509v3.h>

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

using X509Ptr = std::unique_ptr<X509, decltype(&X509_free)>;

X509Ptr parse_by_openssl(Bytes der) {
  const unsigned char* at = der.data();
  X509Ptr parsed(d2i_X509(nullptr, &at, static_cast<long>(der.size())), &X509_free);
  ERR_clear_error();
  return parsed;
}

// OpenSSL is looser: it lets underscores and other octets match, and compares local parts of other
// alphabets. It agrees on addresses.
void check_with_openssl(const CertificateView& certificate, X509* other, const GeneralName& name) {
  constexpr unsigned kFlags = X509_CHECK_FLAG_NEVER_CHECK_SUBJECT;
  std::string text(as_text(name.value));
  if (text.starts_with('*')) text[0] = 'a';
  const char* const data = text.data();
  const MatchResult host = match_hostname(certificate, text);
  const bool is_address = text.size() == 4 || text.size() == 16;
  if (host && name.type == GeneralNameType::dns_name) {
    check(X509_check_host(other, data, text.size(), kFlags, nullptr) == 1);
  }
  if (match_email(certificate, text) && name.type == GeneralNameType::rfc822_name) {
    check(X509_check_email(other, data, text.size(), kFlags) == 1);
  }
  if (is_address) {
    const bool is_match = X509_check_ip(other, name.value.data(), name.value.size(), kFlags) == 1;
    check(static_cast<bool>(match_ip(certificate, name.value)) == is_match);
  }
  ERR_clear_error();
}

// A name that the certificate holds matches it, or is none that may.
void check_own_name(const CertificateView& certificate, const GeneralName& name) {
  const std::string_view text = as_text(name.value);
  const MatchResult host = match_hostname(certificate, text);
  check_result(host);
  check_result(match_email(certificate, text));
  if (name.type == GeneralNameType::dns_name) {
    check(host || host.defect == MatchDefect::bad_reference ||
          text.ends_with('.') ||                          // a reference's, not a presented name's
          host.defect == MatchDefect::no_name_of_type ||  // the text of an address
          host.defect == MatchDefect::bad_subject_alt_name ||  // there are two of them
          host.defect == MatchDefect::not_equal);              // as before
    if (text.find('\0') != std::string_view::npos) check(!host);
  }
  const MatchResult address = match_ip(certificate, name.value);
  check_result(address);
  const bool is_address = name.value.size() == 4 || name.value.size() == 16;
  check(is_address || address.defect == MatchDefect::bad_reference);
}

void check_problem(const verify::Problem& problem) {
  check(problem.depth >= 0 && problem.depth < 3);
  check_shown(problem.message);
  check(std::ranges::any_of(verify::webpki_rules(), [&problem](const verify::Rule& rule) {
    return rule.code == problem.code;
  }));
}

void check_path(const CertificateView& certificate) {
  const CertificateView path[] = {certificate, certificate, certificate};
  verify::WebpkiOptions options;
  for (const verify::Purpose purpose :
       {verify::Purpose::server_auth, verify::Purpose::client_auth}) {
    options.purpose = purpose;
    for (const verify::Problem& problem : verify::check_cabf(path, options)) {
      check_problem(problem);
    }
  }
}

}  // namespace

void run(Bytes input) {
  const Result<CertificateView> certificate = CertificateView::parse(input);
  if (!certificate) return;
  check_path(*certificate);
  check_result(match_hostname(*certificate, "a.example"));
  const X509Ptr other = parse_by_openssl(certificate->der());
  for (const Extension extension : certificate->extensions()) {
    if (!is_extension<SubjectAltName>(extension)) continue;
    const Result<SubjectAltName> parsed = SubjectAltName::parse(extension.value);
    if (!parsed) continue;
    for (const GeneralName name : parsed->names) {
      check_own_name(*certificate, name);
      if (other) check_with_openssl(*certificate, other.get(), name);
    }
  }
}

}  // namespace peercert::fuzz
