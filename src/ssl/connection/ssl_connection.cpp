// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include <peercert/ssl/channel_binding.hpp>

#include "ssl/connection/ssl_connection_state.hpp"
#include "ssl/context/context_state.hpp"
#include "ssl/context/session_id_context.hpp"
#include "ssl/net/idna.hpp"

namespace peercert::ssl {

namespace {

void check_options(const SSLContext& context, const WrapOptions& options) {
  const std::string& host = options.server_hostname;
  if (options.server_side && !host.empty()) {
    throw ValueError("server_hostname can only be specified in client mode");
  }
  if (options.server_side && options.session) {
    throw ValueError("session can only be specified in client mode");
  }
  if (context.check_hostname() && host.empty()) {
    throw ValueError("check_hostname requires server_hostname");
  }
  if (!host.empty()) {
    const std::string_view problem = server_hostname_problem(host);
    if (!problem.empty()) throw ValueError(std::string(problem));
  }
  const bool server_context = context.protocol() == Protocol::tls_server;
  if (server_context != options.server_side) {
    throw SSLError(SSLErrorNumber::none, "", "",
                   server_context
                       ? "Cannot create a client socket with a PROTOCOL_TLS_SERVER context"
                       : "Cannot create a server socket with a PROTOCOL_TLS_CLIENT context");
  }
}

/// The slot of an SSL for the State that owns it.
int state_index() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

Cipher describe(const SSL_CIPHER* cipher) {
  return {SSL_CIPHER_get_name(cipher), SSL_CIPHER_get_version(cipher),
          SSL_CIPHER_get_bits(cipher, nullptr)};
}

}  // namespace

SSLConnection::State::State(const SSLContext& shared_context, WrapOptions own_options,
                            Socket own_socket)
    : context(SSLContext::State::share(shared_context)),
      options(std::move(own_options)),
      socket(std::move(own_socket)) {
  options.server_hostname = to_a_labels(options.server_hostname);
  check_options(context, options);
}

ConnectionOptions SSLConnection::State::connection_options() const {
  return {
      .server_side = options.server_side,
      .check_hostname = context.check_hostname(),
      .post_handshake_auth = context.post_handshake_auth(),
      .host_flags = X509_VERIFY_PARAM_get_hostflags(SSL_CTX_get0_param(context.native_handle())),
      .server_hostname = options.server_hostname};
}

void SSLConnection::State::finish_opening(const Outcome& outcome) {
  require_ok(outcome);
  if (SSL_set_ex_data(connection.native_handle(), state_index(), this) != 1) throw std::bad_alloc();
  // The context may have been configured through its native_handle() as well.
  if (options.server_side) set_session_id_context(connection.native_handle());
}

SSLConnection::State* SSLConnection::State::of(const SSL* ssl) noexcept {
  return static_cast<State*>(SSL_get_ex_data(ssl, state_index()));
}

SSLConnection::SSLConnection(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
SSLConnection::SSLConnection(SSLConnection&&) noexcept = default;
SSLConnection& SSLConnection::operator=(SSLConnection&&) noexcept = default;
SSLConnection::~SSLConnection() = default;

void SSLConnection::do_handshake() { do_handshake_until(Deadline(state_->socket.timeout())); }

void SSLConnection::do_handshake_until(const Deadline& deadline) {
  Connection& connection = state_->require();
  state_->require_ok(
      state_->run(*this, "handshake", deadline, [&] { return connection.do_handshake(); }));
}

std::size_t SSLConnection::read(std::span<std::uint8_t> into) {
  Connection& connection = state_->require("Read on closed or unwrapped SSL socket.");
  if (into.empty()) return 0;
  std::size_t len = 0;
  const Outcome outcome = state_->run(*this, "read", [&] { return connection.read(into, len); });
  if (outcome) return len;
  // Once close_notify was sent as well there is nothing left to read from.
  const bool half_closed = SSL_get_shutdown(connection.native_handle()) == SSL_RECEIVED_SHUTDOWN;
  if (outcome.status == Status::zero_return && half_closed) return 0;
  if (outcome.status == Status::eof && state_->options.suppress_ragged_eofs) return 0;
  throw_outcome(outcome, connection.native_handle(), state_->options.server_hostname);
}

std::size_t SSLConnection::write(Bytes data) {
  Connection& connection = state_->require("Write on closed or unwrapped SSL socket.");
  if (data.empty()) return 0;
  state_->require_ok(state_->run(*this, "write", [&] { return connection.write(data); }));
  return data.size();
}

void SSLConnection::shut_down() {
  Connection& connection = state_->require("No SSL wrapper around this socket");
  bool done = false;
  // The first call sends close_notify and the second waits for the peer's.
  for (int attempt = 0; attempt < 2 && !done; ++attempt) {
    state_->require_ok(state_->run(*this, "read", [&] { return connection.shutdown(done); }));
  }
}

void SSLConnection::verify_client_post_handshake() {
  state_->require_ok(state_->require().verify_client_post_handshake());
}

void SSLConnection::State::set_context(const SSLContext& other) {
  SSL* ssl = require().native_handle();
  if (SSL_in_before(ssl) != 1 && !may_set_context) {
    throw ValueError(
        "set_context() comes too late, since the handshake has begun: call it before, or from the "
        "sni_callback of the context that the connection was made with");
  }
  check_options(other, options);
  context = SSLContext::State::share(other);
  require_ok(connection.set_context(other.native_handle(), connection_options()));
  if (SSL_is_server(ssl) == 1) set_session_id_context(ssl);
  adopt_psk_callbacks(ssl, other);
}

void SSLConnection::set_context(const SSLContext& context) { state_->set_context(context); }

std::size_t SSLConnection::pending() const noexcept {
  const SSL* ssl = native_handle();
  return ssl == nullptr ? 0 : static_cast<std::size_t>(SSL_pending(ssl));
}

std::optional<std::string> SSLConnection::version() const {
  const SSL* ssl = native_handle();
  if (ssl == nullptr || SSL_is_init_finished(ssl) != 1) return std::nullopt;
  return SSL_get_version(ssl);
}

std::optional<Cipher> SSLConnection::cipher() const {
  const SSL* ssl = native_handle();
  const SSL_CIPHER* cipher = ssl == nullptr ? nullptr : SSL_get_current_cipher(ssl);
  if (cipher == nullptr) return std::nullopt;
  return describe(cipher);
}

std::optional<std::vector<Cipher>> SSLConnection::shared_ciphers() const {
  const SSL* ssl = native_handle();
  const STACK_OF(SSL_CIPHER)* offered = ssl == nullptr ? nullptr : SSL_get_client_ciphers(ssl);
  if (offered == nullptr) return std::nullopt;
  std::vector<Cipher> shared;
  const STACK_OF(SSL_CIPHER)* own = SSL_get_ciphers(ssl);
  for (int i = 0; i < sk_SSL_CIPHER_num(own); ++i) {
    const SSL_CIPHER* cipher = sk_SSL_CIPHER_value(own, i);
    for (int j = 0; j < sk_SSL_CIPHER_num(offered); ++j) {
      if (sk_SSL_CIPHER_value(offered, j) == cipher) shared.push_back(describe(cipher));
    }
  }
  return shared;
}

std::optional<std::string> SSLConnection::compression() const {
  const SSL* ssl = native_handle();
  const COMP_METHOD* method = ssl == nullptr ? nullptr : SSL_get_current_compression(ssl);
  if (method == nullptr) return std::nullopt;
  return SSL_COMP_get_name(method);
}

std::optional<std::string> SSLConnection::selected_alpn_protocol() const {
  const unsigned char* name = nullptr;
  unsigned int len = 0;
  if (const SSL* ssl = native_handle()) SSL_get0_alpn_selected(ssl, &name, &len);
  if (len == 0) return std::nullopt;
  return std::string(reinterpret_cast<const char*>(name), len);
}

const SSLContext& SSLConnection::context() const& noexcept { return state_->context; }
bool SSLConnection::server_side() const noexcept { return state_->options.server_side; }
const std::string& SSLConnection::server_hostname() const& noexcept {
  return state_->options.server_hostname;
}

std::optional<PeerCert> SSLConnection::getpeercert() const {
  return ssl::getpeercert(state_->require().native_handle());
}
std::optional<Der> SSLConnection::getpeercert(binary_form_t) const {
  return ssl::getpeercert(state_->require().native_handle(), binary_form);
}
std::vector<Der> SSLConnection::get_verified_chain() const {
  return ssl::get_verified_chain(state_->require().native_handle());
}
std::vector<Der> SSLConnection::get_unverified_chain() const {
  return ssl::get_unverified_chain(state_->require().native_handle());
}
VerifyResult SSLConnection::get_verify_result() const {
  return ssl::get_verify_result(state_->require().native_handle());
}
PeerIdentity SSLConnection::peer_identity() const {
  return ssl::peer_identity(state_->require().native_handle());
}

std::optional<std::vector<std::uint8_t>> SSLConnection::get_channel_binding(
    std::string_view type) const {
  return ssl::get_channel_binding(state_->require().native_handle(), type);
}
std::vector<std::uint8_t> SSLConnection::export_keying_material(
    std::string_view label, std::size_t len, std::optional<Bytes> context) const {
  return ssl::export_keying_material(state_->require().native_handle(), label, len, context);
}

ssl_st* SSLConnection::native_handle() const& noexcept {
  return state_->connection.native_handle();
}

}  // namespace peercert::ssl
