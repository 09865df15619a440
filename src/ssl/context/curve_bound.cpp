// SPDX-License-Identifier: Apache-2.0
#include "ssl/context/curve_bound.hpp"

#include <cstdint>

#include <openssl/x509_vfy.h>

#include "crypto/error_queue.hpp"
#include "crypto/openssl_ptr.hpp"
#include "ssl/context/lean_library_context.hpp"
#include "verify/path/explicit_curve.hpp"

namespace peercert::ssl {
namespace {

/// Refuses the peer, whatever the verify mode says.
int refuse_chain(X509_STORE_CTX* context, void*) noexcept {
  auto* const ssl =
      static_cast<SSL*>(X509_STORE_CTX_get_ex_data(context, SSL_get_ex_data_X509_STORE_CTX_idx()));
  SSL_set_verify(ssl, SSL_get_verify_mode(ssl) | SSL_VERIFY_PEER, SSL_get_verify_callback(ssl));
  X509_STORE_CTX_set_error(context, X509_V_ERR_EC_KEY_EXPLICIT_PARAMS);
  return 0;
}

SslCtxPtr make_refusing_context() noexcept {
  const DroppedErrors guard;
  SslCtxPtr ctx(SSL_CTX_new_ex(lean_library_context(KeyDecoders::none), nullptr, TLS_method()));
  if (ctx) SSL_CTX_set_cert_verify_callback(ctx.get(), refuse_chain, nullptr);
  return ctx;
}

/// Decodes no key, and refuses every certificate. Null if there is no memory.
SSL_CTX* refusing_context() noexcept {
  static const SslCtxPtr context = make_refusing_context();
  return context.get();
}

/// Sees a message before OpenSSL does anything with it, and has no say but for its SSL's context.
void on_message(int written, int, int content_type, const void* data, std::size_t len, SSL* ssl,
                void*) noexcept {
  if (written != 0 || content_type != SSL3_RT_HANDSHAKE || len == 0) return;
  const Bytes message(static_cast<const std::uint8_t*>(data), len);
  if (message[0] != SSL3_MT_CERTIFICATE) return;
  if (verify::num_explicit_curves(message) <= kMaxExplicitCurves) return;
  if (SSL_CTX* const refusing = refusing_context()) SSL_set_SSL_CTX(ssl, refusing);
}

}  // namespace

void bound_explicit_curves(SSL_CTX* ctx) noexcept { SSL_CTX_set_msg_callback(ctx, on_message); }

}  // namespace peercert::ssl
