// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <exception>

#include <peercert/x509/tls_reader.hpp>

#include "ssl/context_state.hpp"
#include "ssl/ssl_connection_state.hpp"

namespace peercert::ssl {

namespace {

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

int refuse(int* alert, AlertDescription description) {
  *alert = static_cast<int>(description);
  return SSL_CLIENT_HELLO_ERROR;
}

/// The name that a client asks for, RFC 6066, 3; nullopt if it names none. What is refused here
/// OpenSSL would refuse later.
struct ServerName {
  std::optional<std::string_view> name{};
  std::optional<AlertDescription> refused{};
};

///     struct { NameType name_type = host_name(0); opaque HostName<1..2^16-1>; } ServerName;
///     struct { ServerName server_name_list<1..2^16-1> } ServerNameList;
ServerName read_server_name(SSL* ssl) {
  const unsigned char* octets = nullptr;
  std::size_t len = 0;
  if (SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_server_name, &octets, &len) != 1) return {};
  der::Progress progress{octets};
  TlsReader in({octets, len}, progress);
  TlsReader list(in.read_vector(), progress);
  const std::uint64_t type = list.read_number(1);
  const Bytes name = list.read_vector();
  if (progress.failed() || in.more() || list.more() || type != TLSEXT_NAMETYPE_host_name) {
    return {.refused = AlertDescription::decode_error};
  }
  const std::string_view text(reinterpret_cast<const char*>(name.data()), name.size());
  if (text.size() > TLSEXT_MAXLEN_host_name || text.find('\0') != text.npos) {
    return {.refused = AlertDescription::unrecognized_name};
  }
  if (!is_ascii(text)) return {.refused = AlertDescription::internal_error};
  return {.name = text};
}

/// Before OpenSSL looks for a session to resume, so that the context which the callback gives the
/// connection decides about that as well. `context` is the SSLContext::State with the callback.
int on_client_hello(SSL* ssl, int* alert, void* context) {
  SSLConnection::State* state = SSLConnection::State::of(ssl);
  if (state == nullptr) return SSL_CLIENT_HELLO_SUCCESS;
  // It owns the callback, which may give the connection another.
  const SSLContext keep_alive = state->context;
  const SniCallback& callback = static_cast<SSLContext::State*>(context)->sni_callback;
  if (!callback) return SSL_CLIENT_HELLO_SUCCESS;
  const ServerName asked = read_server_name(ssl);
  if (asked.refused) return refuse(alert, *asked.refused);
  try {
    const auto refused = callback(*state->running, asked.name);
    return refused ? refuse(alert, *refused) : SSL_CLIENT_HELLO_SUCCESS;
  } catch (...) {
    state->callback_error = std::current_exception();  // C code must not be thrown through
    return refuse(alert, AlertDescription::handshake_failure);
  }
}

/// Has the server tell the client that its name counts, and the session keep it.
int acknowledge_server_name(SSL* ssl, int*, void*) {
  return SSLConnection::State::of(ssl) != nullptr ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

}  // namespace

void SSLContext::set_sni_callback(SniCallback callback) {
  if (protocol() != Protocol::tls_server) {
    throw ValueError("sni_callback cannot be set on TLS_CLIENT context");
  }
  state_->sni_callback = std::move(callback);
  const bool on = state_->sni_callback != nullptr;
  SSL_CTX_set_client_hello_cb(native_handle(), on ? on_client_hello : nullptr, state_.get());
  int (*const acknowledge)(SSL*, int*, void*) = on ? acknowledge_server_name : nullptr;
  SSL_CTX_set_tlsext_servername_callback(native_handle(), acknowledge);
}

}  // namespace peercert::ssl
