// SPDX-License-Identifier: Apache-2.0
// What a connection asks of its peer's certificate, and how two such policies differ.
#pragma once

#include <string>

#include <openssl/ssl.h>

#include "crypto/openssl_ptr.hpp"
#include "ssl/identity/verification_record.hpp"

namespace peercert::ssl {

/// Functions that an application can put into an X509_STORE in place of OpenSSL's. The first ones
/// are checks; the others bring what is checked.
enum class StoreHook : std::uint8_t {
  verify,
  check_issued,
  check_revocation,
  check_crl,
  cert_crl,
  check_policy,
  get_issuer,
  get_crl,
  lookup_certs,
  lookup_crls,
};

/// Verification as OpenSSL would set it up for the connection now, to be run or looked at: the
/// parameters of store, side and SSL, the security level and Suite B. Without a callback of the
/// SSL's, and without DANE. The leaf and the untrusted certificates may be null, and have to
/// outlive it. Throws std::bad_alloc.
X509StoreCtxPtr make_store_context(const SSL* ssl, X509* leaf, STACK_OF(X509) * untrusted);

/// What the connection asks now. Throws std::bad_alloc, SSLError.
VerifyPolicy verify_policy(const SSL* ssl);

/// The moment that the policy verifies for: seconds since 1970.
std::int64_t check_time(const VerifyPolicy& policy);

/// Which of the policy's names the certificate has, by the functions that verification uses; empty
/// if none. Asked again since there are ways to pass verification without them, such as DANE.
std::string checked_name(X509* leaf, const VerifyPolicy& policy);

/// The hook of the store that takes the place of a check, "check_revocation"; empty if there is
/// none. What such a hook lets pass nobody can see.
std::string replaced_check(const VerifyPolicy& policy);

/// Why no later connection can be compared with the policy; empty if one can.
std::string incomparable(const VerifyPolicy& policy);

/// What the first policy asks for and the second does not: "another purpose". Empty if they are the
/// same.
std::string difference(const VerifyPolicy& first, const VerifyPolicy& second);

}  // namespace peercert::ssl
