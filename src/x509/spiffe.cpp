// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <peercert/x509/extensions.hpp>
#include <peercert/x509/spiffe.hpp>

#include "x509/name_syntax.hpp"

namespace peercert {
namespace {

constexpr std::string_view kScheme = "spiffe://";

bool is_digit_or_mark(char c) noexcept {
  return (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}
bool is_trust_domain_char(char c) noexcept { return (c >= 'a' && c <= 'z') || is_digit_or_mark(c); }
bool is_path_char(char c) noexcept { return (c >= 'A' && c <= 'Z') || is_trust_domain_char(c); }

bool is_trust_domain(std::string_view text) noexcept {
  return !text.empty() && text.size() <= kMaxTrustDomainLen &&
         std::ranges::all_of(text, is_trust_domain_char);
}

bool is_segment(std::string_view text) noexcept {
  return !text.empty() && text != "." && text != ".." && std::ranges::all_of(text, is_path_char);
}

// Segments, each behind its slash; none at all is a path too.
bool is_path(std::string_view text) noexcept {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('/', 1), text.size());
    if (!is_segment(text.substr(1, end - 1))) return false;
    text.remove_prefix(end);
  }
  return true;
}

bool is_spiffe_uri(const GeneralName& name) noexcept {
  return name.type == GeneralNameType::uniform_resource_identifier &&
         as_text(name.value).starts_with(kScheme);
}

bool has_spiffe_uri(const Extension& extension) noexcept {
  if (!is_extension<SubjectAltName>(extension)) return false;
  const Result<SubjectAltName> parsed = SubjectAltName::parse(extension.value);
  return parsed && std::ranges::any_of(parsed->names, is_spiffe_uri);
}

// An extension that decides something may be there once, and has to be readable.
template <class T>
struct Sought {
  std::optional<T> value{};
  bool is_bad = false;

  explicit Sought(ExtensionsView extensions) noexcept {
    for (const Extension extension : extensions) {
      if (!is_extension<T>(extension)) continue;
      const Result<T> parsed = T::parse(extension.value);
      is_bad = is_bad || value || !parsed;
      if (parsed) value = *parsed;
    }
  }
};

// X509-SVID, 4.1 and 4.3.
SpiffeDefect leaf_defect(ExtensionsView extensions) noexcept {
  const Sought<BasicConstraints> constraints(extensions);
  const Sought<KeyUsage> usage(extensions);
  if (constraints.is_bad || usage.is_bad) return SpiffeDefect::bad_extension;
  if (constraints.value && constraints.value->ca) return SpiffeDefect::ca;
  if (!usage.value) return SpiffeDefect::no_key_usage;
  if (usage.value->key_cert_sign()) return SpiffeDefect::signs_certificates;
  if (usage.value->crl_sign()) return SpiffeDefect::signs_crls;
  if (!usage.value->digital_signature()) return SpiffeDefect::no_digital_signature;
  return SpiffeDefect::none;
}

// X509-SVID, 2: the one URI.
SpiffeResult lone_uri(ExtensionsView extensions) noexcept {
  const Sought<SubjectAltName> names(extensions);
  if (names.is_bad) return {{}, SpiffeDefect::bad_extension};
  SpiffeResult found{{}, SpiffeDefect::no_uri};
  if (!names.value) return found;
  for (const GeneralName name : names.value->names) {
    if (name.type != GeneralNameType::uniform_resource_identifier) continue;
    if (found) return {{}, SpiffeDefect::several_uris};
    found = {{as_text(name.value), {}, {}}, SpiffeDefect::none};
  }
  return found;
}

}  // namespace

std::string_view to_string(SpiffeDefect defect) noexcept {
  switch (defect) {
    case SpiffeDefect::none: return "no defect";
    case SpiffeDefect::no_uri: return "no URI";
    case SpiffeDefect::several_uris: return "several URIs";
    case SpiffeDefect::not_spiffe: return "the URI is not of the scheme spiffe";
    case SpiffeDefect::too_long: return "over 2048 octets";
    case SpiffeDefect::bad_trust_domain: return "malformed trust domain";
    case SpiffeDefect::bad_path: return "malformed path";
    case SpiffeDefect::no_path: return "no path behind the trust domain";
    case SpiffeDefect::ca: return "the certificate is a CA's";
    case SpiffeDefect::no_key_usage: return "no keyUsage";
    case SpiffeDefect::no_digital_signature: return "keyUsage without digitalSignature";
    case SpiffeDefect::signs_certificates: return "keyUsage with keyCertSign";
    case SpiffeDefect::signs_crls: return "keyUsage with cRLSign";
    case SpiffeDefect::bad_extension: return "an extension is malformed or repeated";
  }
  return "";
}

SpiffeResult parse_spiffe_id(std::string_view uri) noexcept {
  if (!uri.starts_with(kScheme)) return {{}, SpiffeDefect::not_spiffe};
  if (uri.size() > kMaxSpiffeIdLen) return {{}, SpiffeDefect::too_long};
  const std::string_view rest = uri.substr(kScheme.size());
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  const SpiffeId id{uri, rest.substr(0, slash), rest.substr(slash)};
  if (!is_trust_domain(id.trust_domain)) return {{}, SpiffeDefect::bad_trust_domain};
  if (!is_path(id.path)) return {{}, SpiffeDefect::bad_path};
  return {id, SpiffeDefect::none};
}

SpiffeResult spiffe_id(const CertificateView& certificate) noexcept {
  const SpiffeResult uri = lone_uri(certificate.extensions());
  if (!uri) return uri;
  const SpiffeResult parsed = parse_spiffe_id(uri.id.uri);
  if (!parsed) return parsed;
  if (parsed.id.path.empty()) return {{}, SpiffeDefect::no_path};
  const SpiffeDefect defect = leaf_defect(certificate.extensions());
  if (defect != SpiffeDefect::none) return {{}, defect};
  return parsed;
}

bool names_spiffe(const CertificateView& certificate) noexcept {
  return std::ranges::any_of(certificate.extensions(), has_spiffe_uri);
}

}  // namespace peercert
