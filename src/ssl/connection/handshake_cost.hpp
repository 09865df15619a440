// SPDX-License-Identifier: Apache-2.0
// What a handshake may cost whoever scans. The peer chooses the numbers that OpenSSL computes with,
// and OpenSSL takes sizes of which one operation needs a second. Everything else waits meanwhile.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include <peercert/base/result.hpp>

#include "tls/certificate_message.hpp"

struct x509_st;  // OpenSSL's X509

namespace peercert::ssl {

/// Bytes of a peer's Certificate message; OpenSSL's own bound is 100 KB. A name of two bytes takes
/// over 200 in memory, so that this keeps a connection below 8 MB. A chain is usually below 8 KB.
inline constexpr std::size_t kMaxCertificatesLen = 64 << 10;
inline constexpr std::size_t kMaxDhBits = 4096;         // of the prime of a DHE group
inline constexpr std::size_t kMaxKeyBits = 8192;        // of the modulus of an RSA or DSA key
inline constexpr std::size_t kMaxRsaExponentBits = 64;  // OpenSSL's bound for moduli over 3,072

/// What of a handshake is too costly.
enum class CostKind : std::uint8_t {
  none,            // nothing
  certificates,    // more of them than tls::kMaxCertificates
  explicit_curve,  // an EC key whose curve the certificate makes up: RFC 5480, 2.1.1 forbids it
  dh_group,        // over kMaxDhBits
  key,             // over kMaxKeyBits
  rsa_exponent,    // over kMaxRsaExponentBits
  message,         // over kMaxCertificatesLen: OpenSSL does not read it
};

struct ExcessiveCost {
  CostKind kind = CostKind::none;
  std::size_t size = 0;  // bits, or certificates; 0 where there is no number

  constexpr explicit operator bool() const noexcept { return kind != CostKind::none; }
};

/// A sentence for it, with the limit; empty if there is nothing to say.
std::string to_string(ExcessiveCost cost);

/// Of decoding the certificates of a Certificate message. `message` is what `entries` were read
/// from.
ExcessiveCost cost_of_certificates(Bytes message, const tls::CertificateMessage& entries) noexcept;

/// Of the key exchange that a ServerKeyExchange message of a DHE cipher asks for: RFC 5246, 7.4.3.
/// `message` begins with its Handshake header.
ExcessiveCost cost_of_dh(Bytes message) noexcept;

/// Of verifying a signature by the certificate's key, or encrypting with it. A key that was not
/// decoded costs nothing.
ExcessiveCost cost_of_key(const x509_st* certificate) noexcept;

}  // namespace peercert::ssl
