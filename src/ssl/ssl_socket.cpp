// SPDX-License-Identifier: Apache-2.0
#include <cerrno>

#include <poll.h>

#include <peercert/ssl/context.hpp>
#include <peercert/ssl/error.hpp>
#include <peercert/ssl/ssl_socket.hpp>

#include "ssl/connect.hpp"
#include "ssl/connection.hpp"
#include "ssl/context_state.hpp"
#include "ssl/deadline.hpp"
#include "ssl/resolve.hpp"

namespace peercert::ssl {

struct SSLSocket::State {
  SSLContext context;
  WrapOptions options;
  Socket socket;
  bool was_connected = false;
  Connection connection{};  // not open while listening or unconnected, and after close or unwrap

  bool is_non_blocking() const { return socket.timeout() == std::chrono::milliseconds(0); }

  /// The connection. Python's errors: OSError if there never was one, ValueError if it is over.
  Connection& require(const char* when_closed = "Call on closed or unwrapped SSL socket.") {
    if (connection) return connection;
    if (!was_connected) static_cast<void>(socket.getpeername());
    throw ValueError(when_closed);
  }

  /// Repeats a call until it is done, waiting for the socket in between under one deadline.
  template <class Call>
  Outcome run(const char* operation, Call call) {
    const Deadline deadline(socket.timeout());
    connection.set_deadline(is_non_blocking() ? Deadline(std::nullopt) : deadline);
    for (;;) {
      const Outcome outcome = call();
      const bool reading = outcome.status == Status::want_read;
      const bool waiting = reading || outcome.status == Status::want_write;
      if (!waiting || is_non_blocking()) return outcome;
      if (!wait_until_ready(socket.fileno(), reading ? POLLIN : POLLOUT, deadline)) {
        throw TimeoutError(std::string("The ") + operation + " operation timed out");
      }
    }
  }

  void require_ok(const Outcome& outcome) const {
    if (!outcome) throw_outcome(outcome, connection.native_handle(), options.server_hostname);
  }
};

namespace {

void check_options(const SSLContext& context, const Socket& socket, const WrapOptions& options) {
  const std::string& host = options.server_hostname;
  if (options.server_side && !host.empty()) {
    throw ValueError("server_hostname can only be specified in client mode");
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
  if (options.do_handshake_on_connect && socket.timeout() == std::chrono::milliseconds(0)) {
    throw ValueError("do_handshake_on_connect should not be specified for non-blocking sockets");
  }
}

/// Whether the socket has a peer. One that has gone already must have left nothing behind: octets
/// in plain text could be taken for the connection's.
bool is_connected(const Socket& socket) {
  RawAddress peer;
  if (::getpeername(socket.fileno(), peer.get(), &peer.len) == 0) return true;
  if (errno != ENOTCONN) throw std::system_error(errno, std::generic_category(), "getpeername");
  char octet = 0;
  if (::recv(socket.fileno(), &octet, 1, MSG_DONTWAIT) > 0) {
    throw SSLError(SSLErrorNumber::ssl, "", "",
                   "Closed before TLS handshake with data in recv buffer.");
  }
  return false;
}

}  // namespace

SSLSocket SSLContext::wrap_socket(Socket socket, const WrapOptions& options) const {
  check_options(*this, socket, options);
  auto state = std::make_unique<SSLSocket::State>(
      SSLSocket::State{*this, options, std::move(socket), false});
  state->was_connected = is_connected(state->socket);
  if (state->was_connected) {
    state->require_ok(state->connection.open(native_handle(), state->socket.fileno(),
                                             {.server_side = options.server_side,
                                              .check_hostname = state_->check_hostname,
                                              .host_flags = state_->host_flags,
                                              .server_hostname = options.server_hostname}));
  }
  SSLSocket connection(std::move(state));
  if (connection.state_->was_connected && options.do_handshake_on_connect) {
    connection.do_handshake();
  }
  return connection;
}

SSLSocket::SSLSocket(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
SSLSocket::SSLSocket(SSLSocket&&) noexcept = default;
SSLSocket& SSLSocket::operator=(SSLSocket&&) noexcept = default;
SSLSocket::~SSLSocket() = default;

void SSLSocket::do_handshake() {
  Connection& connection = state_->require();
  state_->require_ok(state_->run("handshake", [&] { return connection.do_handshake(); }));
}

std::size_t SSLSocket::read(std::span<std::uint8_t> into) {
  Connection& connection = state_->require("Read on closed or unwrapped SSL socket.");
  if (into.empty()) return 0;
  std::size_t len = 0;
  const Outcome outcome = state_->run("read", [&] { return connection.read(into, len); });
  if (outcome) return len;
  if (outcome.status == Status::zero_return) return 0;
  if (outcome.status == Status::eof && state_->options.suppress_ragged_eofs) return 0;
  throw_outcome(outcome, connection.native_handle(), state_->options.server_hostname);
}

std::size_t SSLSocket::write(Bytes data) {
  Connection& connection = state_->require("Write on closed or unwrapped SSL socket.");
  if (data.empty()) return 0;
  state_->require_ok(state_->run("write", [&] { return connection.write(data); }));
  return data.size();
}

std::size_t SSLSocket::pending() const noexcept {
  const SSL* ssl = native_handle();
  return ssl == nullptr ? 0 : static_cast<std::size_t>(SSL_pending(ssl));
}

Socket SSLSocket::unwrap() {
  Connection& connection = state_->require("No SSL wrapper around this socket");
  bool done = false;
  // The first call sends close_notify and the second waits for the peer's.
  for (int attempt = 0; attempt < 2 && !done; ++attempt) {
    state_->require_ok(state_->run("read", [&] { return connection.shutdown(done); }));
  }
  connection.reset();
  return std::move(state_->socket);
}

void SSLSocket::close() noexcept {
  state_->connection.reset();
  state_->socket.close();
}

const Timeout& SSLSocket::timeout() const noexcept { return state_->socket.timeout(); }
void SSLSocket::set_timeout(Timeout timeout) { state_->socket.set_timeout(timeout); }
int SSLSocket::fileno() const noexcept { return state_->socket.fileno(); }
SocketAddress SSLSocket::getpeername() const { return state_->socket.getpeername(); }
SocketAddress SSLSocket::getsockname() const { return state_->socket.getsockname(); }

SSLSocket SSLSocket::accept() const {
  return state_->context.wrap_socket(state_->socket.accept(), state_->options);
}

std::optional<std::string> SSLSocket::version() const {
  const SSL* ssl = native_handle();
  if (ssl == nullptr || SSL_is_init_finished(ssl) != 1) return std::nullopt;
  return SSL_get_version(ssl);
}

std::optional<Cipher> SSLSocket::cipher() const {
  const SSL* ssl = native_handle();
  const SSL_CIPHER* cipher = ssl == nullptr ? nullptr : SSL_get_current_cipher(ssl);
  if (cipher == nullptr) return std::nullopt;
  return Cipher{SSL_CIPHER_get_name(cipher), SSL_CIPHER_get_version(cipher),
                SSL_CIPHER_get_bits(cipher, nullptr)};
}

std::optional<std::string> SSLSocket::selected_alpn_protocol() const {
  const unsigned char* name = nullptr;
  unsigned int len = 0;
  if (const SSL* ssl = native_handle()) SSL_get0_alpn_selected(ssl, &name, &len);
  if (len == 0) return std::nullopt;
  return std::string(reinterpret_cast<const char*>(name), len);
}

const SSLContext& SSLSocket::context() const noexcept { return state_->context; }
bool SSLSocket::server_side() const noexcept { return state_->options.server_side; }
const std::string& SSLSocket::server_hostname() const noexcept {
  return state_->options.server_hostname;
}

std::optional<PeerCert> SSLSocket::getpeercert() const {
  return ssl::getpeercert(state_->require().native_handle());
}
std::optional<Der> SSLSocket::getpeercert(binary_form_t) const {
  return ssl::getpeercert(state_->require().native_handle(), binary_form);
}
std::vector<Der> SSLSocket::get_verified_chain() const {
  return ssl::get_verified_chain(state_->require().native_handle());
}
std::vector<Der> SSLSocket::get_unverified_chain() const {
  return ssl::get_unverified_chain(state_->require().native_handle());
}
VerifyResult SSLSocket::get_verify_result() const {
  return ssl::get_verify_result(state_->require().native_handle());
}

ssl_st* SSLSocket::native_handle() const noexcept { return state_->connection.native_handle(); }

}  // namespace peercert::ssl
