// SPDX-License-Identifier: Apache-2.0
// Whom a connection trusts, as a digest: trust anchors with their trust settings, and CRLs.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include <openssl/ssl.h>

#include <peercert/crypto/fingerprint.hpp>
#include <peercert/x509/certificate.hpp>

namespace peercert::ssl {

/// Notes what a context of our own has been given to trust: the kind, and the contents or, for what
/// is read later, the path. Throws std::bad_alloc.
void note_trust_input(SSL_CTX* ctx, std::string_view kind, std::string_view value);

/// The digest of all that was noted, in its order; zeros if nothing was.
crypto::Sha256Digest trust_inputs(const SSL_CTX* ctx) noexcept;

/// The store that the connection verifies with. Borrowed from it.
X509_STORE* verify_store(const SSL* ssl) noexcept;

/// The names of issuers in the chain, the leaf's own apart, as DER and without repetition. Throws
/// std::bad_alloc.
std::vector<Der> issuers_of(const STACK_OF(X509) * chain);

/// What a store answers.
struct StoreAnswer {
  crypto::Sha256Digest digest{};
  // When all CRLs are current that were so at the time of the check: seconds since 1970.
  std::int64_t not_before = INT64_MIN;
  std::int64_t not_after = INT64_MAX;
};

/// What the connection's store has for each name of the chain: certificates with their trust
/// settings, and CRLs where `flags`, X509_V_FLAG_*, ask for them. Path validation asks the store
/// for nothing else, so that it has the same outcome as long as the digest is the same. Other
/// objects of the store do not matter: directories of hashed names are read issuer by issuer, so
/// that all of a store is never known. The digest is of trust_inputs() as well. Throws
/// std::bad_alloc, SSLError.
StoreAnswer ask_store(const SSL* ssl, const X509* leaf, const std::vector<Der>& issuers,
                      std::uint64_t flags, std::int64_t check_time);

}  // namespace peercert::ssl
