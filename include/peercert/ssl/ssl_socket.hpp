// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include <peercert/ssl/socket.hpp>
#include <peercert/ssl/ssl_connection.hpp>

namespace peercert::ssl {

/// The arguments of SSLContext.wrap_socket(), with Python's names and defaults.
struct WrapOptions {
  bool server_side = false;             // a server's end; else a client's
  bool do_handshake_on_connect = true;  // else call do_handshake()
  bool suppress_ragged_eofs = true;     // read() gives 0 when the peer closes without close_notify
  // A name, sent as SNI, or an IP address; checked if the context says so. UTF-8: U-labels become
  // A-labels, by IDNA 2008. Empty: Python's None.
  std::string server_hostname{};        // for SNI, and to be compared
  std::optional<SSLSession> session{};  // to be resumed; of a client of the same context
};

/// Python's ssl.SSLSocket: a TLS connection over a socket that it owns.
///
/// Every call is bounded by timeout(): it throws TimeoutError once its deadline passes. One
/// deadline bounds a whole connect(), a whole handshake, and a whole read or write.
class SSLSocket : public SSLConnection {
 public:
  SSLSocket(SSLSocket&&) noexcept = default;
  SSLSocket& operator=(SSLSocket&&) noexcept = default;
  /// Closes the socket without close_notify, as Python does.
  ~SSLSocket() = default;

  /// Connects what was wrapped unconnected, and runs the handshake unless the options say
  /// otherwise. The host is a name or an address of the socket's family. Throws ValueError on a
  /// server and where there was a connection already, gaierror, std::system_error
  /// (errc::operation_in_progress with a timeout() of zero: call again once the socket is
  /// writable), and what do_handshake() throws.
  void connect(const SocketAddress& address);

  /// Exchanges close_notify, and gives the TCP socket back.
  [[nodiscard]] Socket unwrap();
  /// Gives the descriptor away, or -1 if there is none; nothing is sent. What the connection knows
  /// can still be asked, getpeercert() included; whatever would use the descriptor throws
  /// std::system_error (errc::bad_file_descriptor).
  [[nodiscard]] int detach() noexcept;
  /// As Socket::shutdown(). TLS ends before, without close_notify: from then on the socket is as
  /// one that was unwrapped.
  void shutdown(ShutdownHow how);
  /// Closes the socket at once, without close_notify.
  void close() noexcept;

  Timeout timeout() const noexcept;
  void set_timeout(Timeout timeout);
  int fileno() const noexcept;
  SocketAddress getpeername() const;
  SocketAddress getsockname() const;
  /// A listening socket's next connection, wrapped with the same context and options.
  SSLSocket accept() const;

 private:
  friend class SSLContext;
  using SSLConnection::SSLConnection;

  /// Puts TLS on the socket, which is connected.
  void begin(const Deadline& deadline);
};

}  // namespace peercert::ssl
