// SPDX-License-Identifier: Apache-2.0
// SPIFFE IDs, and who may claim one: the SPIFFE-ID and X509-SVID standards, version 1.0.
#pragma once

#include <string_view>

#include <peercert/x509/certificate.hpp>

namespace peercert {

/// SPIFFE-ID, 2.3: bytes of a whole ID, and of its trust domain.
inline constexpr std::size_t kMaxSpiffeIdLen = 2048;
/// Of its trust domain.
inline constexpr std::size_t kMaxTrustDomainLen = 255;

/// "spiffe://trust_domain/path". Borrows the URI.
struct SpiffeId {
  std::string_view uri;           // all of it
  std::string_view trust_domain;  // what stands between "spiffe://" and the path
  std::string_view path;          // with its first slash; empty for the trust domain itself
};

/// Why there is no SPIFFE ID. `to_string()` gives the sentence.
enum class SpiffeDefect : std::uint8_t {
  none,
  no_uri,                // the certificate names no URI
  several_uris,          // X509-SVID, 2: exactly one, of whatever scheme
  not_spiffe,            // another scheme
  too_long,              // over kMaxSpiffeIdLen
  bad_trust_domain,      // SPIFFE-ID, 2.1: 1 to 255 of a-z 0-9 . - _
  bad_path,              // SPIFFE-ID, 2.2: no empty segment, "." or ".."; a-z A-Z 0-9 . - _
  no_path,               // X509-SVID, 3.1: a leaf is somebody in the trust domain
  ca,                    // X509-SVID, 4.1: basicConstraints makes it a CA
  no_key_usage,          // X509-SVID, 4.3: there has to be a keyUsage
  no_digital_signature,  // the same: with digitalSignature
  signs_certificates,    // the same: without keyCertSign
  signs_crls,            // the same: without cRLSign
  bad_extension,  // one of the extensions that this is read from is malformed, or there twice
};
/// "several URIs". Static storage.
std::string_view to_string(SpiffeDefect defect) noexcept;

/// An ID, or why there is none: the ID is empty then.
struct SpiffeResult {
  SpiffeId id{};                             // empty if there is none
  SpiffeDefect defect = SpiffeDefect::none;  // why there is none

  /// Whether there is an ID.
  explicit operator bool() const noexcept { return defect == SpiffeDefect::none; }
};

/// Reads a SPIFFE ID, with a path or without.
SpiffeResult parse_spiffe_id(std::string_view uri) noexcept;

/// Whom the certificate names, if it is an X509-SVID of a leaf: for a TLS peer. Borrows the
/// certificate's DER. Checks what the certificate says, not that anybody vouches for it: that is
/// what verification against the trust domain's own authorities is for. X509-SVID, 5.2.
SpiffeResult spiffe_id(const CertificateView& certificate) noexcept;

/// Whether any URI of the certificate has the scheme spiffe, so that it is meant to be an SVID.
bool names_spiffe(const CertificateView& certificate) noexcept;

}  // namespace peercert
