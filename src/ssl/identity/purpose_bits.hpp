// SPDX-License-Identifier: Apache-2.0
// The purpose and the trust setting of an X509_VERIFY_PARAM, which OpenSSL 3.0 does not tell.
#pragma once

#include <cstdint>

#include <openssl/x509_vfy.h>

namespace peercert::ssl {

/// Which kinds of certificates the parameters let pass, as bits; 0 for what a TLS connection asks
/// by default: on a server a client's certificate, else a server's. Parameters with the same bits
/// have the same purpose and trust setting as far as OpenSSL's own checks can tell. Throws
/// std::bad_alloc, SSLError.
std::uint32_t purpose_bits(X509_VERIFY_PARAM* param, bool server);

}  // namespace peercert::ssl
