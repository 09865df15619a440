// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <exception>
#include <span>

#include <openssl/crypto.h>

#include <peercert/x509/field_visitor.hpp>

#include "ssl/connection/ssl_connection_state.hpp"
#include "ssl/context/context_state.hpp"

namespace peercert::ssl {

namespace {

using Octets = std::vector<std::uint8_t>;

// Longer than any key, so that OpenSSL ends the handshake with an alert. For 0 it would go on.
constexpr unsigned int kFailure = PSK_MAX_PSK_LEN + 1;

/// Python's None for a text that is absent or empty.
std::optional<std::string_view> to_optional(const char* text) {
  if (text == nullptr || *text == '\0') return std::nullopt;
  return text;
}

bool is_utf8(std::string_view text) {
  const Bytes octets(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  return der::encoding_error(utf8_text(octets)) == octets.size();
}

/// Copies the key to OpenSSL, leaves no other copy of it, and gives its length.
unsigned int hand_over(Octets& key, std::span<unsigned char> to) {
  if (key.size() > to.size()) throw ValueError("a pre-shared key is too long");
  std::ranges::copy(key, to.begin());
  OPENSSL_cleanse(key.data(), key.size());
  return static_cast<unsigned int>(key.size());
}

/// Calls `ask` with the connection's State, and keeps what it throws: C code must not be thrown
/// through. Connections that some other code made have no keys.
template <class Ask>
unsigned int ask_for_key(const SSL* ssl, std::string_view told, Ask ask) noexcept {
  SSLConnection::State* state = SSLConnection::State::of(ssl);
  if (state == nullptr || !is_utf8(told)) return 0;
  try {
    const SSLContext keep_alive = SSLContext::State::share(state->context);
    return ask(SSLContext::State::of(keep_alive));
  } catch (...) {
    state->callback_error = std::current_exception();
    return kFailure;
  }
}

/// `identity` has room for `max_identity_len` octets, of which one is for the NUL.
unsigned int on_client(SSL* ssl, const char* hint, char* identity, unsigned int max_identity_len,
                       unsigned char* key, unsigned int max_key_len) noexcept {
  const auto told = to_optional(hint);
  return ask_for_key(ssl, told.value_or(""), [&](const SSLContext::State& context) {
    if (!context.psk_client_callback) return 0U;
    ClientPsk psk = context.psk_client_callback(told);
    const std::string own = psk.identity.value_or("");
    if (own.size() >= max_identity_len || own.find('\0') != own.npos) {
      throw ValueError("the identity of a pre-shared key is too long, or has a null character");
    }
    own.copy(identity, own.size());
    identity[own.size()] = '\0';
    return hand_over(psk.key, {key, max_key_len});
  });
}

unsigned int on_server(SSL* ssl, const char* identity, unsigned char* key,
                       unsigned int max_key_len) noexcept {
  const auto told = to_optional(identity);
  return ask_for_key(ssl, told.value_or(""), [&](const SSLContext::State& context) {
    if (!context.psk_server_callback) return 0U;
    Octets answer = context.psk_server_callback(told);
    return hand_over(answer, {key, max_key_len});
  });
}

}  // namespace

void adopt_psk_callbacks(SSL* ssl, const SSLContext& context) noexcept {
  const SSLContext::State& state = SSLContext::State::of(context);
  SSL_set_psk_client_callback(ssl, state.psk_client_callback ? on_client : nullptr);
  SSL_set_psk_server_callback(ssl, state.psk_server_callback ? on_server : nullptr);
}

void SSLContext::set_psk_client_callback(PskClientCallback callback) {
  if (protocol() != Protocol::tls_client) {
    throw SSLError(SSLErrorNumber::none, "", "",
                   "Cannot add PSK client callback to a PROTOCOL_TLS_SERVER context");
  }
  state_->psk_client_callback = std::move(callback);
  SSL_CTX_set_psk_client_callback(native_handle(),
                                  state_->psk_client_callback ? on_client : nullptr);
}

void SSLContext::set_psk_server_callback(PskServerCallback callback,
                                         const std::string& identity_hint) {
  if (protocol() != Protocol::tls_server) {
    throw SSLError(SSLErrorNumber::none, "", "",
                   "Cannot add PSK server callback to a PROTOCOL_TLS_CLIENT context");
  }
  if (identity_hint.find('\0') != identity_hint.npos) {
    throw ValueError("identity_hint has an embedded null character");
  }
  clear_errors();
  if (SSL_CTX_use_psk_identity_hint(native_handle(), identity_hint.c_str()) != 1) {
    throw_last_error();
  }
  state_->psk_server_callback = std::move(callback);
  SSL_CTX_set_psk_server_callback(native_handle(),
                                  state_->psk_server_callback ? on_server : nullptr);
}

}  // namespace peercert::ssl
