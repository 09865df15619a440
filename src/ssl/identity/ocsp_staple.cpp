// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <mutex>
#include <new>

#include <openssl/ssl.h>

#include <peercert/ssl/ocsp_staple.hpp>

#include "crypto/error_queue.hpp"
#include "ssl/identity/ocsp_response.hpp"

namespace peercert::ssl {

namespace {

/// The chain that was built, or else the one that was sent.
STACK_OF(X509) * chain_of(const SSL* ssl) {
  STACK_OF(X509)* built = SSL_get0_verified_chain(ssl);
  return sk_X509_num(built) > 1 ? built : SSL_get_peer_cert_chain(ssl);
}

OcspSubject subject_of(const SSL* ssl) {
  return {.leaf = SSL_get0_peer_certificate(ssl),
          .chain = chain_of(ssl),
          .store = SSL_CTX_get_cert_store(SSL_get_SSL_CTX(ssl)),
          .verify_flags = X509_VERIFY_PARAM_get_flags(SSL_get0_param(const_cast<SSL*>(ssl)))};
}

/// What a server's context sends.
struct Staple {
  std::mutex mutex;
  std::vector<std::uint8_t> octets;
};

void free_staple(void*, void* staple, CRYPTO_EX_DATA*, int, long, void*) {
  delete static_cast<Staple*>(staple);
}
int staple_index() {
  static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, free_staple);
  return index;
}

/// OpenSSL's callback of a server whose client asks for a staple.
int send_staple(SSL* ssl, void* argument) noexcept {
  auto& staple = *static_cast<Staple*>(argument);
  const std::lock_guard lock(staple.mutex);
  if (staple.octets.empty()) return SSL_TLSEXT_ERR_NOACK;
  void* copy = OPENSSL_memdup(staple.octets.data(), staple.octets.size());
  if (copy == nullptr) return SSL_TLSEXT_ERR_NOACK;
  SSL_set_tlsext_status_ocsp_resp(ssl, copy, static_cast<long>(staple.octets.size()));
  return SSL_TLSEXT_ERR_OK;
}

/// The context's, which is made and installed once: others may be using it already.
Staple& staple_of(SSL_CTX* ctx) {
  if (void* kept = SSL_CTX_get_ex_data(ctx, staple_index())) return *static_cast<Staple*>(kept);
  auto made = std::make_unique<Staple>();
  if (SSL_CTX_set_ex_data(ctx, staple_index(), made.get()) != 1) throw std::bad_alloc();
  SSL_CTX_set_tlsext_status_arg(ctx, made.get());
  SSL_CTX_set_tlsext_status_cb(ctx, send_staple);
  return *made.release();
}

}  // namespace

std::string_view to_string(OcspVerdict verdict) noexcept {
  switch (verdict) {
    case OcspVerdict::absent: return "absent";
    case OcspVerdict::unusable: return "unusable";
    case OcspVerdict::good: return "good";
    case OcspVerdict::revoked: return "revoked";
    case OcspVerdict::unknown: return "unknown";
  }
  return {};
}

OcspStaple ocsp_staple(const ssl_st* ssl) {
  const DroppedErrors guard;
  OcspStaple staple;
  unsigned char* octets = nullptr;
  const long len = SSL_get_tlsext_status_ocsp_resp(const_cast<SSL*>(ssl), &octets);
  if (octets == nullptr || len <= 0 || SSL_is_server(ssl) == 1) return staple;
  const Bytes response(octets, static_cast<std::size_t>(len));
  staple = read_ocsp_response(response, subject_of(ssl));
  staple.octets.assign(response.begin(), response.end());
  return staple;
}

void request_ocsp_staple(ssl_ctx_st* ctx, bool on) noexcept {
  SSL_CTX_set_tlsext_status_type(ctx, on ? TLSEXT_STATUSTYPE_ocsp : -1);
}

void set_ocsp_staple(ssl_ctx_st* ctx, Bytes response) {
  Staple& staple = staple_of(ctx);
  std::vector<std::uint8_t> octets(response.begin(), response.end());
  const std::lock_guard lock(staple.mutex);
  staple.octets.swap(octets);
}

}  // namespace peercert::ssl
