// SPDX-License-Identifier: Apache-2.0
// OpenSSL with fewer algorithms, for connections by the thousand.
#pragma once

#include <cstdint>

struct ossl_lib_ctx_st;  // OpenSSL's OSSL_LIB_CTX

namespace peercert::ssl {

/// Which public keys of certificates are decoded.
enum class KeyDecoders : std::uint8_t {
  usual,  // RSA, ECDSA and Ed25519: what certificates of servers have
  none,   // for connections that end before a key is needed
};

/// OpenSSL's default provider without most of its algorithms. d2i_X509() asks all decoders and key
/// managers whether they know the public key, which is three quarters of what it does; here it
/// takes a fifth of the time. Where a certificate has another kind of key, decoding the key fails,
/// and a connection has to be made again with the default context.
///
/// Ephemeral keys of X25519 are used for several connections, so that what goes over them is less
/// secret than over others. It is for connections that carry nothing.
///
/// Lives as long as the process. Null, each time, if OpenSSL cannot make one.
ossl_lib_ctx_st* lean_library_context(KeyDecoders decoders) noexcept;

}  // namespace peercert::ssl
