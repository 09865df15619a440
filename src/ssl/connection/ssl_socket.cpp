// SPDX-License-Identifier: Apache-2.0
#include <cerrno>

#include <peercert/ssl/ssl_socket.hpp>

#include "ssl/connection/ssl_connection_state.hpp"
#include "ssl/net/resolve.hpp"

namespace peercert::ssl {

namespace {

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
  auto state = std::make_unique<SSLConnection::State>(*this, options, std::move(socket));
  if (options.do_handshake_on_connect && state->socket.timeout() == std::chrono::milliseconds(0)) {
    throw ValueError("do_handshake_on_connect should not be specified for non-blocking sockets");
  }
  const bool has_peer = is_connected(state->socket);
  SSLSocket connection(std::move(state));
  if (has_peer) connection.begin(Deadline(connection.timeout()));
  return connection;
}

void SSLSocket::begin(const Deadline& deadline) {
  state_->was_connected = true;
  state_->finish_opening(state_->connection.open(state_->context.native_handle(), fileno(),
                                                 state_->connection_options()));
  if (state_->options.session) set_session(*state_->options.session);
  if (state_->options.do_handshake_on_connect) do_handshake_until(deadline);
}

void SSLSocket::connect(const SocketAddress& address) {
  if (server_side()) throw ValueError("can't connect in server-side mode");
  if (state_->was_connected) throw ValueError("attempt to connect already-connected SSLSocket!");
  const Deadline deadline(timeout());
  connect_socket(state_->socket, address, deadline);
  begin(deadline);
}

Socket SSLSocket::unwrap() {
  shut_down();
  state_->connection.reset();
  return std::move(state_->socket);
}

int SSLSocket::detach() noexcept {
  if (state_->connection) state_->connection.detach();
  return state_->socket.detach();
}

void SSLSocket::shutdown(ShutdownHow how) {
  state_->connection.reset();
  state_->socket.shutdown(how);
}

void SSLSocket::close() noexcept {
  state_->connection.reset();
  state_->socket.close();
}

Timeout SSLSocket::timeout() const noexcept { return state_->socket.timeout(); }
void SSLSocket::set_timeout(Timeout timeout) { state_->socket.set_timeout(timeout); }
int SSLSocket::fileno() const noexcept { return state_->socket.fileno(); }
SocketAddress SSLSocket::getpeername() const { return state_->socket.getpeername(); }
SocketAddress SSLSocket::getsockname() const { return state_->socket.getsockname(); }

SSLSocket SSLSocket::accept() const {
  return state_->context.wrap_socket(state_->socket.accept(), state_->options);
}

}  // namespace peercert::ssl
