// SPDX-License-Identifier: Apache-2.0
// The part of Python's socket module that TLS stands on.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace peercert::ssl {

/// nullopt: wait without limit. Zero: non-blocking. Else each call has this long in all.
using Timeout = std::optional<std::chrono::milliseconds>;

/// An address and port; str() gives "127.0.0.1:443" or "[::1]:443".
struct SocketAddress {
  std::string host;         // a name, or an address without brackets
  std::uint16_t port = 0;   // in the machine's byte order
  std::string str() const;  // "127.0.0.1:443" or "[::1]:443"
};

/// SHUT_RD, SHUT_WR and SHUT_RDWR: which directions of a connection end.
enum class ShutdownHow : std::uint8_t { rd, wr, rdwr };

/// Owns one TCP socket's file descriptor. Movable; closes it when destroyed.
class Socket {
 public:
  Socket() = default;
  explicit Socket(int fd) noexcept : fd_(fd) {}
  Socket(Socket&& other) noexcept;
  Socket& operator=(Socket&& other) noexcept;  // closes the descriptor that was here
  ~Socket();

  /// The descriptor, or -1 once closed or detached.
  int fileno() const noexcept { return fd_; }
  /// Gives the descriptor away.
  int detach() noexcept;
  void close() noexcept;  // does nothing the second time
  /// Ends the connection, or half of it, and keeps the descriptor. Throws std::system_error
  /// (errc::not_connected, errc::bad_file_descriptor).
  void shutdown(ShutdownHow how) const;

  Timeout timeout() const noexcept { return timeout_; }  // none at first
  /// Also switches the descriptor to blocking or non-blocking mode. Throws std::system_error.
  void set_timeout(Timeout timeout);

  /// The two ends. Throw std::system_error (errc::not_connected, errc::bad_file_descriptor).
  SocketAddress getpeername() const;
  SocketAddress getsockname() const;

  /// A listening socket's next connection, within the timeout. Throws TimeoutError, system_error.
  Socket accept() const;

 private:
  int fd_ = -1;
  Timeout timeout_;
};

/// A TCP connection to the first address of `host` that accepts one, IPv6 and IPv4 in the
/// resolver's order. The timeout is one deadline over the name's resolution and all the attempts,
/// and becomes the socket's timeout(). Throws gaierror, TimeoutError, or std::system_error whose
/// text lists what happened at each address.
Socket create_connection(std::string_view host, std::uint16_t port, Timeout timeout = std::nullopt);

/// A socket that listens on the address; port 0 lets the system choose one. Throws
/// std::system_error.
Socket create_server(std::string_view host, std::uint16_t port, int backlog = 128);

}  // namespace peercert::ssl
