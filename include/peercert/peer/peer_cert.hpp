// SPDX-License-Identifier: Apache-2.0
// The dict of Python's SSLSocket.getpeercert(): same keys, same order, absent is not the same as
// empty.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <peercert/base/result.hpp>
#include <peercert/peer/time_text.hpp>
#include <peercert/peer/uris.hpp>
#include <peercert/x509/certificate.hpp>

namespace peercert {

/// The dict of a certificate, decoded as it is read. Borrows the certificate's DER.
struct PeerCertView {
  NameView subject;                                  // `subject`
  NameView issuer;                                   // `issuer`
  std::int64_t version = 0;                          // `version`: 1, 2 or 3
  Bytes serial_number;                               // content of the INTEGER
  TimeView not_before;                               // `notBefore`
  TimeView not_after;                                // `notAfter`
  std::optional<GeneralNamesView> subject_alt_name;  // `subjectAltName`
  AccessUris ocsp;                  // these three are absent from the dict when they are empty
  AccessUris ca_issuers;            // `caIssuers`
  CrlUris crl_distribution_points;  // `crlDistributionPoints`

  /// Checks that every value of the dict can be presented. Errors: Errc::unsupported_value for an
  /// attribute value without text (Python raises SSLError), Errc::invalid_characters for a name
  /// that is not UTF-8 (UnicodeDecodeError), Errc::oid_too_long. Extensions that are malformed or
  /// stand there twice are left out, as Python does.
  static Result<PeerCertView> from(const CertificateView& certificate) noexcept;
};

/// Decodes certificates one after the other, as Python does: what has to be rewritten is.
class PeerCertDecoder {
 public:
  /// The dict of the certificate at the start of `input`, or why there is none. Borrows the input
  /// and this object: valid until the next decode().
  Result<PeerCertView> decode(Bytes input) & PEERCERT_LIFETIMEBOUND;
  Result<PeerCertView> decode(Bytes input) && = delete;

  /// The certificate that decode() read last, and whether it got that far: a certificate may be
  /// readable that the dict cannot present.
  const CertificateView& certificate() const& noexcept PEERCERT_LIFETIMEBOUND {
    return certificate_;
  }
  CertificateView certificate() && = delete;
  /// The certificate's bytes as they were given, which certificate().der() is not if it
  /// is_rewritten(): what a fingerprint is the digest of. Empty if decode() did not get that far.
  Bytes encoded() const noexcept { return encoded_; }
  /// Whether decode() got as far as a certificate.
  bool has_certificate() const noexcept { return !certificate_.der().empty(); }

 private:
  Result<PeerCertView> decode_ber(Bytes input);

  CertificateView certificate_;
  Bytes encoded_{};
  Certificate rewritten_;
};

/// A BIT STRING as an attribute's value: Python's bytes.
using BitStringOctets = std::vector<std::uint8_t>;
/// Text in UTF-8, Python's bytes, or Python's None (an empty BIT STRING).
using AttributeValue = std::variant<std::string, BitStringOctets, std::monostate>;

/// ('commonName', 'example.org').
struct NameAttribute {
  std::string type;      // OpenSSL's long name, else dotted decimal
  AttributeValue value;  // as Python gives it
  friend bool operator==(const NameAttribute&, const NameAttribute&) = default;
};
/// The attributes of one RDN, in encoded order.
using RelativeDistinguishedName = std::vector<NameAttribute>;
/// A Name: its RDNs in encoded order.
using DistinguishedName = std::vector<RelativeDistinguishedName>;

/// ('DNS', 'example.org'), or ('DirName', (...)).
struct AltName {
  std::string kind;   // DNS, IP Address, email, URI, DirName, Registered ID, othername, X400Name,
                      // EdiPartyName
  std::string value;  // UTF-8; empty for DirName
  DistinguishedName directory_name;  // for DirName
  friend bool operator==(const AltName&, const AltName&) = default;
};

/// The dict with strings of its own.
struct PeerCert {
  DistinguishedName subject;                             // `subject`
  DistinguishedName issuer;                              // `issuer`
  std::int64_t version = 0;                              // `version`: 1, 2 or 3
  std::string serial_number;                             // upper-case hexadecimal
  std::string not_before;                                // "Jun  1 12:00:00 2026 GMT"
  std::string not_after;                                 // `notAfter`, in the same form
  std::optional<std::vector<AltName>> subject_alt_name;  // `subjectAltName`; absent is not empty
  std::optional<std::vector<std::string>> ocsp;          // `OCSP`: the URIs of responders
  std::optional<std::vector<std::string>> ca_issuers;    // `caIssuers`: URIs
  std::optional<std::vector<std::string>> crl_distribution_points;  // `crlDistributionPoints`: URIs

  /// Whether this is `{}`: a certificate was sent, and verification was not asked for.
  bool empty() const noexcept { return serial_number.empty(); }

  friend bool operator==(const PeerCert&, const PeerCert&) = default;
};

/// The dict as strings of its own. Throws std::bad_alloc.
PeerCert to_peer_cert(const PeerCertView& view);
/// As PeerCertView::from() and to_peer_cert() of it.
Result<PeerCert> to_peer_cert(const CertificateView& certificate);
/// The dict of the certificate at the start of `input`, as PeerCertDecoder gives it.
Result<PeerCert> to_peer_cert(Bytes input);

}  // namespace peercert
