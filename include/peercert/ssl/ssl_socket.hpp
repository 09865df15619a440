// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include <peercert/ssl/socket.hpp>
#include <peercert/ssl/ssl_connection.hpp>

namespace peercert::ssl {

/// The arguments of SSLContext.wrap_socket(), with Python's names and defaults.
struct WrapOptions {
  bool server_side = false;
  bool do_handshake_on_connect = true;
  bool suppress_ragged_eofs = true;  // read() gives 0 when the peer closes without close_notify
  // A name, sent as SNI, or an IP address; checked if the context says so. UTF-8: U-labels become
  // A-labels, by IDNA 2008. Empty: Python's None.
  std::string server_hostname{};
  std::optional<SSLSession> session{};  // to be resumed; of a client of the same context
};

/// Python's ssl.SSLSocket: a TLS connection over a socket that it owns.
///
/// Every call is bounded by timeout(): it throws TimeoutError once its deadline passes. One
/// deadline bounds a whole handshake, and a whole read or write.
class SSLSocket : public SSLConnection {
 public:
  SSLSocket(SSLSocket&&) noexcept = default;
  SSLSocket& operator=(SSLSocket&&) noexcept = default;
  /// Closes the socket without close_notify, as Python does.
  ~SSLSocket() = default;

  /// Exchanges close_notify, and gives the TCP socket back.
  [[nodiscard]] Socket unwrap();
  /// Closes the socket at once, without close_notify.
  void close() noexcept;

  const Timeout& timeout() const noexcept;
  void set_timeout(Timeout timeout);
  int fileno() const noexcept;
  SocketAddress getpeername() const;
  SocketAddress getsockname() const;
  /// A listening socket's next connection, wrapped with the same context and options.
  SSLSocket accept() const;

 private:
  friend class SSLContext;
  using SSLConnection::SSLConnection;
};

}  // namespace peercert::ssl
