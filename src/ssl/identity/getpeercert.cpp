// SPDX-License-Identifier: Apache-2.0
#include <openssl/ssl.h>

#include <peercert/ssl/error.hpp>
#include <peercert/ssl/getpeercert.hpp>

#include "ssl/connection/outcome.hpp"
#include "ssl/identity/x509_der.hpp"

namespace peercert::ssl {

namespace {

/// Null if the peer sent none. Owned by the connection.
const X509* peer_certificate(const ssl_st* ssl) {
  if (SSL_is_init_finished(ssl) != 1) throw ValueError("handshake not done yet");
  return SSL_get0_peer_certificate(ssl);
}

/// What Python asks: the context that the connection has now, not the one it was verified under.
bool verifies_peers(const ssl_st* ssl) {
  return (SSL_CTX_get_verify_mode(SSL_get_SSL_CTX(ssl)) & SSL_VERIFY_PEER) != 0;
}

[[noreturn]] void throw_undecodable(Error error) {
  if (error.code == Errc::invalid_characters) throw UnicodeDecodeError(error);
  throw SSLError(SSLErrorNumber::none, "", "", to_string(error));
}

}  // namespace

PeerCert to_dict(const x509_st* certificate) {
  Result<PeerCert> cert = to_peer_cert(to_der(certificate));
  if (!cert) throw_undecodable(cert.error());
  return *std::move(cert);
}

std::optional<PeerCert> getpeercert(const ssl_st* ssl) {
  const X509* certificate = peer_certificate(ssl);
  if (certificate == nullptr) return std::nullopt;
  if (!verifies_peers(ssl)) return PeerCert{};
  return to_dict(certificate);
}

std::optional<Der> getpeercert(const ssl_st* ssl, binary_form_t) {
  const X509* certificate = peer_certificate(ssl);
  if (certificate == nullptr) return std::nullopt;
  return to_der(certificate);
}

std::vector<Der> get_verified_chain(const ssl_st* ssl) {
  return to_chain(SSL_get0_verified_chain(ssl));
}

std::vector<Der> get_unverified_chain(const ssl_st* ssl) {
  const STACK_OF(X509)* certificates = SSL_get_peer_cert_chain(ssl);
  std::vector<Der> chain = to_chain(certificates);
  // OpenSSL leaves the peer's own certificate out of a server's chain.
  const bool without_leaf = certificates != nullptr && SSL_is_server(ssl) == 1;
  const X509* leaf = without_leaf ? SSL_get0_peer_certificate(ssl) : nullptr;
  if (leaf != nullptr) chain.insert(chain.begin(), to_der(leaf));
  return chain;
}

VerifyResult get_verify_result(const ssl_st* ssl) {
  const long code = SSL_get_verify_result(ssl);
  return {code, X509_verify_cert_error_string(code)};
}

}  // namespace peercert::ssl
