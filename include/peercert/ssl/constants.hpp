// SPDX-License-Identifier: Apache-2.0
// The enumerations of Python's ssl module. Their values are Python's and OpenSSL's.
#pragma once

#include <cstdint>

namespace peercert::ssl {

/// PROTOCOL_TLS_CLIENT and PROTOCOL_TLS_SERVER: which side of a connection a context is for.
enum class Protocol : std::uint8_t { tls_client = 16, tls_server = 17 };

/// CERT_NONE, CERT_OPTIONAL, CERT_REQUIRED. On a client, `optional` verifies exactly as `required`.
enum class VerifyMode : std::uint8_t { none = 0, optional = 1, required = 2 };

/// Purpose.SERVER_AUTH makes client contexts, Purpose.CLIENT_AUTH server contexts.
enum class Purpose : std::uint8_t { server_auth, client_auth };

/// What a TLS alert says. RFC 8446, 6; those of RFC 5246 that TLS 1.3 has not are there too.
enum class AlertDescription : std::uint8_t {
  close_notify = 0,
  unexpected_message = 10,
  bad_record_mac = 20,
  record_overflow = 22,
  decompression_failure = 30,
  handshake_failure = 40,
  bad_certificate = 42,
  unsupported_certificate = 43,
  certificate_revoked = 44,
  certificate_expired = 45,
  certificate_unknown = 46,
  illegal_parameter = 47,
  unknown_ca = 48,
  access_denied = 49,
  decode_error = 50,
  decrypt_error = 51,
  protocol_version = 70,
  insufficient_security = 71,
  internal_error = 80,
  user_cancelled = 90,
  no_renegotiation = 100,
  unsupported_extension = 110,
  certificate_unobtainable = 111,
  unrecognized_name = 112,
  bad_certificate_status_response = 113,
  bad_certificate_hash_value = 114,
  unknown_psk_identity = 115,
};

/// Python's ssl.TLSVersion. The numbers are those of the protocol.
enum class TLSVersion : int {
  minimum_supported = -2,
  maximum_supported = -1,
  tls1 = 0x0301,
  tls1_1 = 0x0302,
  tls1_2 = 0x0303,
  tls1_3 = 0x0304,
};

/// Flags of certificate verification; combine with `|`.
enum class VerifyFlags : unsigned long {
  none = 0,
  crl_check_leaf = 0x4,
  crl_check_chain = 0xc,
  x509_strict = 0x20,
  allow_proxy_certs = 0x40,
  x509_trusted_first = 0x8000,
  x509_partial_chain = 0x80000,
};
/// The flags of both.
constexpr VerifyFlags operator|(VerifyFlags a, VerifyFlags b) noexcept {
  return static_cast<VerifyFlags>(static_cast<unsigned long>(a) | static_cast<unsigned long>(b));
}
/// The flags that both have.
constexpr VerifyFlags operator&(VerifyFlags a, VerifyFlags b) noexcept {
  return static_cast<VerifyFlags>(static_cast<unsigned long>(a) & static_cast<unsigned long>(b));
}
/// All other flags.
constexpr VerifyFlags operator~(VerifyFlags a) noexcept {
  return static_cast<VerifyFlags>(~static_cast<unsigned long>(a));
}

}  // namespace peercert::ssl
