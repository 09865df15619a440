// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <peercert/peer/match.hpp>
#include <peercert/x509/extensions.hpp>

#include "peer/ip_text.hpp"
#include "peer/mailbox.hpp"
#include "x509/oids.hpp"

namespace peercert {
namespace {

// What a name of the certificate turned out to be.
enum class Verdict : std::uint8_t { other_type, equal, not_equal, wildcard_not_allowed, malformed };

// The one subjectAltName.
MatchDefect find_names(const CertificateView& certificate, GeneralNamesView& names) noexcept {
  bool is_found = false;
  for (const Extension extension : certificate.extensions()) {
    if (!is_extension<SubjectAltName>(extension)) continue;
    const Result<SubjectAltName> parsed = SubjectAltName::parse(extension.value);
    if (is_found || !parsed) return MatchDefect::bad_subject_alt_name;
    names = parsed->names;
    is_found = true;
  }
  return is_found ? MatchDefect::none : MatchDefect::no_subject_alt_name;
}

template <class Compare>
MatchResult match_any(const CertificateView& certificate, Compare compare) noexcept {
  GeneralNamesView names;
  MatchResult result;
  result.defect = find_names(certificate, names);
  if (!result) return result;
  result.defect = MatchDefect::no_name_of_type;
  bool is_well_formed = false;
  bool is_wildcard = false;
  for (const GeneralName name : names) {
    const Verdict verdict = compare(name);
    if (verdict == Verdict::other_type) continue;
    ++result.num_names;
    if (verdict == Verdict::equal) {
      result.defect = MatchDefect::none;
      return result;
    }
    is_well_formed = is_well_formed || verdict == Verdict::not_equal;
    is_wildcard = is_wildcard || verdict == Verdict::wildcard_not_allowed;
    if (verdict != Verdict::not_equal) ++result.num_malformed;
  }
  if (result.num_names == 0) return result;
  if (is_well_formed) {
    result.defect = MatchDefect::not_equal;
  } else {
    result.defect = is_wildcard ? MatchDefect::wildcard_not_allowed : MatchDefect::malformed_names;
  }
  return result;
}

MatchResult refused_reference() noexcept { return {MatchDefect::bad_reference, 0, 0}; }

// RFC 9525, 6.3.
Verdict compare_dns(std::string_view presented, std::string_view host) noexcept {
  switch (dns_name_form(presented)) {
    case DnsNameForm::malformed: return Verdict::malformed;
    case DnsNameForm::misplaced_wildcard: return Verdict::wildcard_not_allowed;
    case DnsNameForm::host_name:
      return equal_ignoring_case(presented, host) ? Verdict::equal : Verdict::not_equal;
    case DnsNameForm::wildcard: break;
  }
  const std::string_view base = presented.substr(kWildcard.size());
  if (base.find('.') == std::string_view::npos) return Verdict::wildcard_not_allowed;
  const std::size_t dot = host.find('.');
  const bool is_below = dot != std::string_view::npos;
  return is_below && equal_ignoring_case(base, host.substr(dot + 1)) ? Verdict::equal
                                                                     : Verdict::not_equal;
}

Verdict compare_ip(const GeneralName& name, Bytes address) noexcept {
  if (name.type != GeneralNameType::ip_address) return Verdict::other_type;
  if (name.value.size() != kIpv4AddressLen && name.value.size() != kIpv6AddressLen)
    return Verdict::malformed;
  return std::ranges::equal(name.value, address) ? Verdict::equal : Verdict::not_equal;
}

// The text of an rfc822Name, or of a SmtpUTF8Mailbox; nullopt if the name is another.
std::optional<std::string_view> address_of(const GeneralName& name, bool is_utf8) noexcept {
  if (!is_utf8) {
    if (name.type != GeneralNameType::rfc822_name) return std::nullopt;
    return as_text(name.value);
  }
  return smtp_utf8_mailbox(name);
}

}  // namespace

std::string_view to_string(MatchDefect defect) noexcept {
  switch (defect) {
    case MatchDefect::none: return "a name matches";
    case MatchDefect::bad_reference: return "what is asked for is not such a name";
    case MatchDefect::no_subject_alt_name: return "no subjectAltName";
    case MatchDefect::bad_subject_alt_name: return "subjectAltName is malformed or repeated";
    case MatchDefect::no_name_of_type: return "no name of that type";
    case MatchDefect::not_equal: return "no name is equal";
    case MatchDefect::wildcard_not_allowed: return "a wildcard where none is allowed";
    case MatchDefect::malformed_names: return "no well-formed name of that type";
  }
  return "";
}

MatchResult match_hostname(const CertificateView& certificate, std::string_view host) noexcept {
  if (const std::optional<IpAddress> address = parse_ip_address(host)) {
    return match_ip(certificate, address->bytes());
  }
  if (host.ends_with('.')) host.remove_suffix(1);
  if (dns_name_form(host) != DnsNameForm::host_name) return refused_reference();
  return match_any(certificate, [host](const GeneralName& name) noexcept {
    if (name.type != GeneralNameType::dns_name) return Verdict::other_type;
    return compare_dns(as_text(name.value), host);
  });
}

MatchResult match_ip(const CertificateView& certificate, std::string_view address) noexcept {
  const std::optional<IpAddress> parsed = parse_ip_address(address);
  return parsed ? match_ip(certificate, parsed->bytes()) : refused_reference();
}

MatchResult match_ip(const CertificateView& certificate, Bytes address) noexcept {
  if (address.size() != kIpv4AddressLen && address.size() != kIpv6AddressLen)
    return refused_reference();
  return match_any(certificate, [address](const GeneralName& name) noexcept {
    return compare_ip(name, address);
  });
}

MatchResult match_email(const CertificateView& certificate, std::string_view address) noexcept {
  const std::optional<Mailbox> wanted = parse_mailbox(address);
  if (!wanted) return refused_reference();
  return match_any(certificate, [&wanted](const GeneralName& name) noexcept {
    const std::optional<std::string_view> presented = address_of(name, wanted->is_utf8);
    if (!presented) return Verdict::other_type;
    const std::optional<Mailbox> mailbox = parse_mailbox(*presented);
    if (!mailbox || mailbox->is_utf8 != wanted->is_utf8) return Verdict::malformed;
    const bool is_equal =
        mailbox->local == wanted->local && equal_ignoring_case(mailbox->host, wanted->host);
    return is_equal ? Verdict::equal : Verdict::not_equal;
  });
}

}  // namespace peercert
