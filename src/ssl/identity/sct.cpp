// SPDX-License-Identifier: Apache-2.0
#include <openssl/ct.h>
#include <openssl/ssl.h>

#include <peercert/ssl/sct.hpp>
#include <peercert/x509/tls_reader.hpp>

#include "crypto/error_queue.hpp"
#include "ssl/connection/outcome.hpp"
#include "ssl/identity/sct_list.hpp"

namespace peercert::ssl {

namespace {

/// Empty if there is none.
Bytes sent_staple(const SSL* ssl) {
  const unsigned char* octets = nullptr;
  const long len = SSL_get_tlsext_status_ocsp_resp(const_cast<SSL*>(ssl), &octets);
  if (octets == nullptr || len <= 0) return {};
  return {octets, static_cast<std::size_t>(len)};
}

int accept_any(const CT_POLICY_EVAL_CTX*, const STACK_OF(SCT) *, void*) { return 1; }

}  // namespace

SignedCertificateTimestamp PresentedSct::view() const& noexcept {
  der::Progress progress{octets.data()};
  return SignedCertificateTimestamp::read({octets, progress});
}

std::vector<PresentedSct> signed_certificate_timestamps(const ssl_st* ssl) {
  const DroppedErrors guard;
  std::vector<PresentedSct> presented;
  // OpenSSL reads them once, and what it reads before the handshake is done would stay.
  if (SSL_is_init_finished(ssl) != 1 || SSL_is_server(ssl) == 1) return presented;
  presented = to_presented(SSL_get0_peer_scts(const_cast<SSL*>(ssl)));
  return presented;
}

std::vector<SctSource> malformed_sct_lists(const ssl_st* ssl) {
  const DroppedErrors guard;
  std::vector<SctSource> malformed;
  if (SSL_is_init_finished(ssl) != 1 || SSL_is_server(ssl) == 1) return malformed;
  const X509* const leaf = SSL_get0_peer_certificate(ssl);
  if (leaf != nullptr && has_malformed_sct_list(leaf)) malformed.push_back(SctSource::certificate);
  if (has_malformed_sct_list(sent_staple(ssl))) malformed.push_back(SctSource::ocsp_staple);
  return malformed;
}

void request_scts(ssl_ctx_st* ctx) {
  clear_errors();
  if (SSL_CTX_set_ct_validation_callback(ctx, accept_any, nullptr) != 1) {
    throw_last_error("request_scts");
  }
}

}  // namespace peercert::ssl
