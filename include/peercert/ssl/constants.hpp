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
constexpr VerifyFlags operator|(VerifyFlags a, VerifyFlags b) noexcept {
  return static_cast<VerifyFlags>(static_cast<unsigned long>(a) | static_cast<unsigned long>(b));
}
constexpr VerifyFlags operator&(VerifyFlags a, VerifyFlags b) noexcept {
  return static_cast<VerifyFlags>(static_cast<unsigned long>(a) & static_cast<unsigned long>(b));
}
constexpr VerifyFlags operator~(VerifyFlags a) noexcept {
  return static_cast<VerifyFlags>(~static_cast<unsigned long>(a));
}

}  // namespace peercert::ssl
