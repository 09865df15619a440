// SPDX-License-Identifier: Apache-2.0
// What the certificates of a peer may cost a connection before anything is verified: OpenSSL
// decodes the key of each, and computes for curves that a certificate makes up.
#pragma once

#include <cstddef>

#include <openssl/ssl.h>

namespace peercert::ssl {

/// EC keys with explicit curve parameters (RFC 5480, 2.1.1) that a peer may send in one message:
/// OpenSSL takes up to a quarter of a second for each. One over a binary field counts twice.
inline constexpr std::size_t kMaxExplicitCurves = 4;

/// Has the context's connections refuse a peer that sends more, before any is decoded, with
/// X509_V_ERR_EC_KEY_EXPLICIT_PARAMS. Uses the context's message callback.
void bound_explicit_curves(SSL_CTX* ctx) noexcept;

}  // namespace peercert::ssl
