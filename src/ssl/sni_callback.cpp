// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <exception>

#include "ssl/context_state.hpp"
#include "ssl/ssl_connection_state.hpp"

namespace peercert::ssl {

namespace {

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

int refuse(int* alert, AlertDescription description) {
  *alert = static_cast<int>(description);
  return SSL_TLSEXT_ERR_ALERT_FATAL;
}

/// `context` is the SSLContext::State that has the callback.
int on_server_name(SSL* ssl, int* alert, void* context) {
  SSLConnection::State* state = SSLConnection::State::of(ssl);
  if (state == nullptr) return SSL_TLSEXT_ERR_NOACK;
  // It owns the callback, which may give the connection another.
  const SSLContext keep_alive = state->context;
  const SniCallback& callback = static_cast<SSLContext::State*>(context)->sni_callback;
  if (!callback) return SSL_TLSEXT_ERR_NOACK;
  const char* name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
  if (name != nullptr && !is_ascii(name)) return refuse(alert, AlertDescription::internal_error);
  try {
    const auto refused = callback(
        *state->running, name == nullptr ? std::nullopt : std::optional<std::string_view>(name));
    return refused ? refuse(alert, *refused) : SSL_TLSEXT_ERR_OK;
  } catch (...) {
    state->callback_error = std::current_exception();  // C code must not be thrown through
    return refuse(alert, AlertDescription::handshake_failure);
  }
}

}  // namespace

void SSLContext::set_sni_callback(SniCallback callback) {
  if (protocol() != Protocol::tls_server) {
    throw ValueError("sni_callback cannot be set on TLS_CLIENT context");
  }
  state_->sni_callback = std::move(callback);
  SSL_CTX_set_tlsext_servername_callback(native_handle(), on_server_name);
  SSL_CTX_set_tlsext_servername_arg(native_handle(), state_.get());
}

}  // namespace peercert::ssl
