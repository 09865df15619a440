// SPDX-License-Identifier: Apache-2.0
#include <cerrno>

#include <peercert/ssl/ssl_socket.hpp>

#include "ssl/resolve.hpp"
#include "ssl/ssl_connection_state.hpp"

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
  state->was_connected = is_connected(state->socket);
  if (state->was_connected) {
    state->finish_opening(state->connection.open(native_handle(), state->socket.fileno(),
                                                 state->connection_options()));
  }
  SSLSocket connection(std::move(state));
  if (!connection.state_->was_connected) return connection;
  if (options.session) connection.set_session(*options.session);
  if (options.do_handshake_on_connect) connection.do_handshake();
  return connection;
}

Socket SSLSocket::unwrap() {
  shut_down();
  state_->connection.reset();
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

}  // namespace peercert::ssl
