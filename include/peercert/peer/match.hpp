// SPDX-License-Identifier: Apache-2.0
// Whether a certificate names a host, an address or a mailbox: RFC 9525.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <peercert/x509/certificate.hpp>

namespace peercert {

/// Why a name does not match. `to_string()` gives the sentence.
enum class MatchDefect : std::uint8_t {
  none,
  bad_reference,         // what the caller asks for is not such a name; the certificate may be good
  no_subject_alt_name,   // the commonName is never read: RFC 9525, 2
  bad_subject_alt_name,  // malformed, or there twice
  no_name_of_type,       // there are names, but of other types
  not_equal,             // well-formed names of the type, but none is the one
  wildcard_not_allowed,  // "*" with something beside it, not in front, or over a single label
  malformed_names,       // nothing of the type that is such a name
};
/// "no name is equal". Static storage.
std::string_view to_string(MatchDefect defect) noexcept;

/// True if a name matches; else why none does, and how many names of the type there were.
struct MatchResult {
  MatchDefect defect = MatchDefect::none;  // why no name matches; none if one does
  std::size_t num_names = 0;               // of the type, the matching one included
  std::size_t num_malformed = 0;           // of them, names that can never match

  /// Whether a name matches.
  explicit operator bool() const noexcept { return defect == MatchDefect::none; }
};

// None of these says that anybody vouches for the certificate: verify the path first. All of them
// take time that is linear in the size of the certificate, and allocate nothing.

/// Whether a dNSName of subjectAltName matches the host. The host is ASCII, with A-labels ("xn--")
/// where it is international, and may end with one dot. Case is ignored. A wildcard is the whole
/// left-most label of the certificate's name and stands for one whole label; what is after it has
/// two labels at least. If the host is the text of an IP address that is match_ip(). RFC 9525, 6.3.
MatchResult match_hostname(const CertificateView& certificate, std::string_view host) noexcept;

/// Whether an iPAddress of subjectAltName is the address: "192.0.2.1" without leading zeros, or
/// IPv6 in any form of RFC 4291, without brackets and without zone. An IPv4-mapped IPv6 address is
/// not the IPv4 address. RFC 9525, 6.4.
MatchResult match_ip(const CertificateView& certificate, std::string_view address) noexcept;
/// The same for 4 or 16 bytes in network order.
MatchResult match_ip(const CertificateView& certificate, Bytes address) noexcept;

/// Whether an rfc822Name of subjectAltName is the address: the local part byte for byte, the host
/// without regard to case. If the local part is not ASCII, then UTF-8, and the SmtpUTF8Mailbox
/// names are compared instead; the host has A-labels in any case. RFC 5280, 7.5; RFC 9598, 3.
MatchResult match_email(const CertificateView& certificate, std::string_view address) noexcept;

}  // namespace peercert
