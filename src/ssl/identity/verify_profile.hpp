// SPDX-License-Identifier: Apache-2.0
// The rules of verify::VerifyProfile::webpki on the chains that TLS connections verify.
#pragma once

#include <vector>

#include <openssl/ssl.h>

#include <peercert/verify/verifier.hpp>

namespace peercert::ssl {

/// The profile that connections of the context are verified by; openssl unless set. To be set
/// before connections are made. Throws std::bad_alloc.
void set_verify_profile(SSL_CTX* ctx, verify::VerifyProfile profile,
                        verify::PublicSuffixTest is_public_suffix);
verify::VerifyProfile verify_profile(const SSL_CTX* ctx) noexcept;
/// Null unless set.
verify::PublicSuffixTest public_suffix_test(const SSL_CTX* ctx) noexcept;

/// X509_CHECK_FLAG_NEVER_CHECK_SUBJECT where the profile is not OpenSSL's: RFC 9525, 2, takes no
/// name from the commonName, and RFC 5280, 4.2.1.10, constrains none there. Else 0.
unsigned int profile_host_flags(const SSL_CTX* ctx) noexcept;

/// What the profile has against the chain that X509_verify_cert() accepted for the connection.
/// Throws std::bad_alloc.
std::vector<verify::Problem> profile_problems(const SSL* ssl, X509_STORE_CTX* context);

}  // namespace peercert::ssl
