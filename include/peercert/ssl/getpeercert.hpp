// SPDX-License-Identifier: Apache-2.0
// Who is at the other end, for any connection of OpenSSL's, whoever made it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <peercert/peer/peer_cert.hpp>
#include <peercert/x509/certificate.hpp>

struct ssl_st;  // OpenSSL's SSL

namespace peercert::ssl {

/// Selects Python's `getpeercert(binary_form=True)`.
struct binary_form_t {
  explicit binary_form_t() = default;
};
/// The argument that selects it: `getpeercert(binary_form)`.
inline constexpr binary_form_t binary_form{};

/// Python's getpeercert(): nullopt if the peer sent no certificate; an empty() PeerCert if the
/// connection's SSL_CTX does not verify peers *now*; else the decoded certificate. As in Python the
/// dict is therefore no proof that the certificate was verified: a context may have been changed or
/// swapped since the handshake. Throws ValueError("handshake not done yet"), UnicodeDecodeError for
/// a name that is not UTF-8, SSLError for an attribute value that has no text.
std::optional<PeerCert> getpeercert(const ssl_st* ssl);

/// Python's getpeercert(binary_form=True): the certificate's DER whether it was verified or not, or
/// nullopt if the peer sent none. Throws ValueError("handshake not done yet").
std::optional<Der> getpeercert(const ssl_st* ssl, binary_form_t);

/// The chain that verification built, leaf first, up to the trust anchor. Empty if there is none,
/// as on a resumed session. It is filled also when verification failed or was not asked for, and
/// then proves nothing: see get_verify_result().
std::vector<Der> get_verified_chain(const ssl_st* ssl);

/// The chain as the peer sent it, leaf first, on clients and servers alike. Empty if there is none.
/// Also there after a handshake that failed verification.
std::vector<Der> get_unverified_chain(const ssl_st* ssl);

/// OpenSSL's SSL_get_verify_result(): its X509_V_* code, 0 for X509_V_OK, and the sentence for it.
/// The code is 0 also when the peer sent no certificate.
struct VerifyResult {
  long code = 0;        // an X509_V_* code
  std::string message;  // the sentence for it
};
/// What OpenSSL's verification ended with. Throws std::bad_alloc.
VerifyResult get_verify_result(const ssl_st* ssl);

}  // namespace peercert::ssl
