// SPDX-License-Identifier: Apache-2.0
// Verification once more, where nobody saw all of that of the handshake.
#pragma once

#include <optional>
#include <string>

#include <openssl/ssl.h>

#include <peercert/ssl/peer_identity.hpp>

namespace peercert::ssl {

/// What a verification of the chain, and the profile, object to as the SSL and its context ask now,
/// without any callback of the application's; nullopt if nothing. Throws std::bad_alloc.
std::optional<VerifyError> verify_again(const SSL* ssl, X509* leaf, STACK_OF(X509) * untrusted);

/// Why an SSL that nobody has watched does not prove that its peer was verified; empty if it does.
/// The chain that the peer sent is verified anew, as the SSL and its context ask now, without any
/// callback of the application's: what a callback let pass leaves no trace in an SSL. The names
/// that the SSL asks for have to be those of the handshake, as far as OpenSSL tells. Costs what a
/// verification costs. Throws std::bad_alloc, SSLError.
std::string unproven_by(const SSL* ssl);

}  // namespace peercert::ssl
