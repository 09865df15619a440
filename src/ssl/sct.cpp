// SPDX-License-Identifier: Apache-2.0
#include <openssl/ct.h>
#include <openssl/ssl.h>

#include <peercert/ssl/sct.hpp>
#include <peercert/x509/tls_reader.hpp>

#include "libcrypto/error_queue.hpp"
#include "ssl/outcome.hpp"

namespace peercert::ssl {

namespace {

SctSource source_of(const SCT* sct) {
  switch (SCT_get_source(sct)) {
    case SCT_SOURCE_TLS_EXTENSION: return SctSource::tls_extension;
    case SCT_SOURCE_OCSP_STAPLED_RESPONSE: return SctSource::ocsp_staple;
    default: return SctSource::certificate;
  }
}

std::vector<std::uint8_t> to_octets(const SCT* sct) {
  const int len = i2o_SCT(sct, nullptr);
  if (len <= 0) return {};
  std::vector<std::uint8_t> octets(static_cast<std::size_t>(len));
  unsigned char* out = octets.data();
  i2o_SCT(sct, &out);
  return octets;
}

int accept_any(const CT_POLICY_EVAL_CTX*, const STACK_OF(SCT) *, void*) { return 1; }

}  // namespace

SignedCertificateTimestamp PresentedSct::view() const noexcept {
  der::Progress progress{octets.data()};
  return SignedCertificateTimestamp::read({octets, progress});
}

std::vector<PresentedSct> signed_certificate_timestamps(const ssl_st* ssl) {
  const DroppedErrors guard;
  std::vector<PresentedSct> presented;
  // OpenSSL reads them once, and what it reads before the handshake is done would stay.
  if (SSL_is_init_finished(ssl) != 1 || SSL_is_server(ssl) == 1) return presented;
  const STACK_OF(SCT)* scts = SSL_get0_peer_scts(const_cast<SSL*>(ssl));
  for (int i = 0; i < sk_SCT_num(scts); ++i) {
    const SCT* sct = sk_SCT_value(scts, i);
    presented.push_back({source_of(sct), to_octets(sct)});
  }
  return presented;
}

void request_scts(ssl_ctx_st* ctx) {
  clear_errors();
  if (SSL_CTX_set_ct_validation_callback(ctx, accept_any, nullptr) != 1) {
    throw_last_error("request_scts");
  }
}

}  // namespace peercert::ssl
