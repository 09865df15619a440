// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <exception>
#include <utility>

#include <peercert/x509/tls_reader.hpp>

#include "ssl/connection/ssl_connection_state.hpp"
#include "ssl/context/context_state.hpp"

namespace peercert::ssl {

namespace {

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

int refuse(int* alert, AlertDescription description) {
  *alert = static_cast<int>(description);
  return SSL_CLIENT_HELLO_ERROR;
}

/// Read from the contents of the extension server_name, RFC 6066, 3:
///     struct { NameType name_type; opaque HostName<1..2^16-1>; } ServerName;
///     struct { ServerName server_name_list<1..2^16-1> } ServerNameList;
/// One name, as OpenSSL has it; nullopt for anything else, which OpenSSL refuses later.
std::optional<std::string_view> parse_server_name(Bytes extension) {
  constexpr std::uint64_t kHostName = 0;
  constexpr std::size_t kMaxLen = 255;
  der::Progress progress{.origin = extension.data()};
  TlsReader outer(extension, progress);
  TlsReader list(outer.read_vector(), progress);
  outer.finish();
  const bool is_host = list.read_number(1) == kHostName;
  const Bytes name = list.read_vector();
  list.finish();
  const std::string_view text(reinterpret_cast<const char*>(name.data()), name.size());
  if (progress.failed() || !is_host || text.size() > kMaxLen) return std::nullopt;
  return text.find('\0') == text.npos ? std::optional(text) : std::nullopt;
}

/// Calls the callback, and keeps what it throws: C code must not be thrown through.
int tell(SSLConnection::State& state, const SniCallback& callback,
         std::optional<std::string_view> name, int* alert) {
  state.may_set_context = true;
  std::optional<AlertDescription> refused;
  try {
    refused = callback(*state.running, name);
  } catch (...) {
    state.callback_error = std::current_exception();
    refused = AlertDescription::handshake_failure;
  }
  state.may_set_context = false;
  return refused ? refuse(alert, *refused) : SSL_CLIENT_HELLO_SUCCESS;
}

/// Before OpenSSL chooses a version, resumes a session or asks for anything, so that all that
/// another context says is obeyed. `context` is the SSLContext::State that has the callback.
int on_client_hello(SSL* ssl, int* alert, void* context) noexcept {
  SSLConnection::State* state = SSLConnection::State::of(ssl);
  // A second ClientHello has to name the same server: RFC 8446, 4.1.2.
  if (state == nullptr || std::exchange(state->is_sni_told, true)) return SSL_CLIENT_HELLO_SUCCESS;
  // It owns the callback, which may give the connection another.
  const SSLContext keep_alive = SSLContext::State::share(state->context);
  const SniCallback& callback = static_cast<SSLContext::State*>(context)->sni_callback;
  if (!callback) return SSL_CLIENT_HELLO_SUCCESS;
  const unsigned char* extension = nullptr;
  std::size_t len = 0;
  if (SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_server_name, &extension, &len) != 1) {
    return tell(*state, callback, std::nullopt, alert);
  }
  const auto name = parse_server_name({extension, len});
  if (!name) return SSL_CLIENT_HELLO_SUCCESS;
  if (!is_ascii(*name)) return refuse(alert, AlertDescription::internal_error);
  return tell(*state, callback, *name, alert);
}

/// Has the server acknowledge the name to clients that a callback was told of.
int on_server_name(SSL* ssl, int*, void*) noexcept {
  const SSLConnection::State* state = SSLConnection::State::of(ssl);
  return state != nullptr && state->is_sni_told ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

}  // namespace

void SSLContext::set_sni_callback(SniCallback callback) {
  if (protocol() != Protocol::tls_server) {
    throw ValueError("sni_callback cannot be set on TLS_CLIENT context");
  }
  state_->sni_callback = std::move(callback);
  const bool on = state_->sni_callback != nullptr;
  SSL_CTX_set_client_hello_cb(native_handle(), on ? on_client_hello : nullptr, state_.get());
  int (*const acknowledge)(SSL*, int*, void*) = on ? on_server_name : nullptr;
  SSL_CTX_set_tlsext_servername_callback(native_handle(), acknowledge);
}

}  // namespace peercert::ssl
