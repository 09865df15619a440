// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <peercert/result.hpp>
#include <peercert/ssl/getpeercert.hpp>
#include <peercert/ssl/socket.hpp>

namespace peercert::ssl {

class SSLContext;

/// The arguments of SSLContext.wrap_socket(), with Python's names and defaults.
struct WrapOptions {
  bool server_side = false;
  bool do_handshake_on_connect = true;
  bool suppress_ragged_eofs = true;  // read() gives 0 when the peer closes without close_notify
  // A name, sent as SNI, or an IP address; checked if the context says so. Empty: Python's None.
  std::string server_hostname{};
};

/// (name, protocol, secret bits) of the negotiated cipher.
struct Cipher {
  std::string name;      // "TLS_AES_256_GCM_SHA384"
  std::string protocol;  // the TLS version that introduced it
  int bits = 0;
};

/// Python's ssl.SSLSocket: one TLS connection over a socket that it owns. Movable. One thread at a
/// time.
///
/// Every call is bounded by timeout(): on a non-blocking socket it throws SSLWantReadError or
/// SSLWantWriteError, else TimeoutError once its deadline passes. After close() or unwrap(), calls
/// that need the connection throw ValueError.
class SSLSocket {
 public:
  SSLSocket(SSLSocket&&) noexcept;
  SSLSocket& operator=(SSLSocket&&) noexcept;
  /// Closes the socket without close_notify, as Python does.
  ~SSLSocket();

  /// Runs the handshake; the timeout is one deadline for all of it. Throws SSLCertVerificationError
  /// if the peer's certificate is not verified as the context asks, SSLError for other failures.
  void do_handshake();

  /// Fills `into` with at most its size in octets, and gives their number: 0 at the end of the
  /// data.
  std::size_t read(std::span<std::uint8_t> into);
  /// Writes all of `data`, and gives its size.
  std::size_t write(Bytes data);
  /// Octets that read() gives without waiting.
  std::size_t pending() const noexcept;

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

  /// "TLSv1.3"; nullopt before the handshake is done.
  std::optional<std::string> version() const;
  /// nullopt before the handshake has chosen one.
  std::optional<Cipher> cipher() const;
  /// nullopt if ALPN was not negotiated.
  std::optional<std::string> selected_alpn_protocol() const;

  const SSLContext& context() const noexcept;
  bool server_side() const noexcept;
  const std::string& server_hostname() const noexcept;

  /// As ssl::getpeercert(const ssl_st*), and std::system_error (errc::not_connected) on a socket
  /// that never was connected.
  std::optional<PeerCert> getpeercert() const;
  std::optional<Der> getpeercert(binary_form_t) const;
  std::vector<Der> get_verified_chain() const;
  std::vector<Der> get_unverified_chain() const;
  VerifyResult get_verify_result() const;

  /// OpenSSL's SSL, owned by this socket; null after close() or unwrap().
  ssl_st* native_handle() const noexcept;

 private:
  friend class SSLContext;
  struct State;
  explicit SSLSocket(std::unique_ptr<State> state) noexcept;

  std::unique_ptr<State> state_;
};

}  // namespace peercert::ssl
