// SPDX-License-Identifier: Apache-2.0
#include <openssl/ct.h>
#include <openssl/ocsp.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <peercert/ssl/sct.hpp>
#include <peercert/x509/tls_reader.hpp>

#include "libcrypto/error_queue.hpp"
#include "libcrypto/openssl_ptr.hpp"
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

using SctListPtr = OpenSSLPtr<STACK_OF(SCT), SCT_LIST_free>;
constexpr int kNotThere = -1;  // what OpenSSL gives for the critical of an extension

bool has_bad_list_in_certificate(const SSL* ssl) {
  const X509* leaf = SSL_get0_peer_certificate(ssl);
  if (leaf == nullptr) return false;
  int critical = 0;
  const SctListPtr list(
      static_cast<STACK_OF(SCT)*>(X509_get_ext_d2i(leaf, NID_ct_precert_scts, &critical, nullptr)));
  return !list && critical != kNotThere;
}

/// One that has no BasicOCSPResponse has no list either: ocsp_staple() tells.
bool has_bad_list_in_staple(const SSL* ssl) {
  const unsigned char* at = nullptr;
  const long len = SSL_get_tlsext_status_ocsp_resp(const_cast<SSL*>(ssl), &at);
  if (at == nullptr || len <= 0) return false;
  const OpenSSLPtr<OCSP_RESPONSE, OCSP_RESPONSE_free> response(
      d2i_OCSP_RESPONSE(nullptr, &at, len));
  if (!response) return false;
  const OpenSSLPtr<OCSP_BASICRESP, OCSP_BASICRESP_free> basic(
      OCSP_response_get1_basic(response.get()));
  for (int i = 0; basic && i < OCSP_resp_count(basic.get()); ++i) {
    OCSP_SINGLERESP* single = OCSP_resp_get0(basic.get(), i);
    int critical = 0;
    const SctListPtr list(static_cast<STACK_OF(SCT)*>(
        OCSP_SINGLERESP_get1_ext_d2i(single, NID_ct_cert_scts, &critical, nullptr)));
    if (!list && critical != kNotThere) return true;
  }
  return false;
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
  const STACK_OF(SCT)* scts = SSL_get0_peer_scts(const_cast<SSL*>(ssl));
  for (int i = 0; i < sk_SCT_num(scts); ++i) {
    const SCT* sct = sk_SCT_value(scts, i);
    presented.push_back({source_of(sct), to_octets(sct)});
  }
  return presented;
}

std::vector<SctSource> malformed_sct_lists(const ssl_st* ssl) {
  const DroppedErrors guard;
  std::vector<SctSource> malformed;
  if (SSL_is_init_finished(ssl) != 1 || SSL_is_server(ssl) == 1) return malformed;
  if (has_bad_list_in_certificate(ssl)) malformed.push_back(SctSource::certificate);
  if (has_bad_list_in_staple(ssl)) malformed.push_back(SctSource::ocsp_staple);
  return malformed;
}

void request_scts(ssl_ctx_st* ctx) {
  clear_errors();
  if (SSL_CTX_set_ct_validation_callback(ctx, accept_any, nullptr) != 1) {
    throw_last_error("request_scts");
  }
}

}  // namespace peercert::ssl
