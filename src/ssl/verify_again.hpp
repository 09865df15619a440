// SPDX-License-Identifier: Apache-2.0
// Verification once more, where nobody recorded that of the handshake.
#pragma once

#include <string>

#include <openssl/ssl.h>

namespace peercert::ssl {

/// Why an SSL that nobody has watched does not prove that its peer was verified; empty if it does.
/// The chain that the peer sent is verified anew, as the SSL and its context ask now, without any
/// callback of the application's: what a callback let pass leaves no trace in an SSL. The names
/// that the SSL asks for have to be those of the handshake, as far as OpenSSL tells. Costs what a
/// verification costs. Throws std::bad_alloc, SSLError.
std::string unproven_by(const SSL* ssl);

}  // namespace peercert::ssl
