// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <peercert/base/result.hpp>
#include <peercert/ssl/getpeercert.hpp>
#include <peercert/ssl/optional_owner.hpp>
#include <peercert/ssl/peer_identity.hpp>
#include <peercert/ssl/ssl_session.hpp>

namespace peercert::ssl {

class Deadline;
class SSLContext;

/// (name, protocol, secret bits) of a cipher.
struct Cipher {
  std::string name;      // "TLS_AES_256_GCM_SHA384"
  std::string protocol;  // the TLS version that introduced it
  int bits = 0;          // secret bits
  friend bool operator==(const Cipher&, const Cipher&) = default;
};

/// What Python's SSLSocket and SSLObject have in common: one TLS connection. Movable, unless one of
/// its calls is running. One thread at a time.
///
/// What reads and writes throws SSLWantReadError or SSLWantWriteError rather than wait, on an
/// SSLObject and on an SSLSocket whose timeout() is zero. Once an SSLSocket is closed or unwrapped,
/// what needs the connection throws ValueError, and what asks about it gives nullopt, 0 or false.
class SSLConnection {
 public:
  /// Runs the handshake. Throws SSLCertVerificationError if the peer's certificate is not verified
  /// as the context asks, SSLError for other failures.
  void do_handshake();

  /// Fills `into` with at most its size in bytes, and gives their number: 0 at the end of the
  /// data.
  std::size_t read(std::span<std::uint8_t> into);
  /// Writes all of `data`, and gives its size.
  std::size_t write(Bytes data);
  /// Bytes that read() gives without waiting.
  std::size_t pending() const noexcept;

  /// "TLSv1.3"; nullopt before the handshake is done.
  std::optional<std::string> version() const;
  /// nullopt before the handshake has chosen one.
  std::optional<Cipher> cipher() const;
  /// The ciphers of a server that its client offered too; nullopt on a client, and before the
  /// handshake.
  std::optional<std::vector<Cipher>> shared_ciphers() const;
  /// The name of the compression method; nullopt if there is none, as in TLS 1.3.
  std::optional<std::string> compression() const;
  /// nullopt if ALPN was not negotiated.
  std::optional<std::string> selected_alpn_protocol() const;

  /// The session that the connection has now; nullopt before the handshake has made one. A TLS 1.3
  /// client gets one that can be resumed with the data that it reads.
  OptionalOwner<SSLSession> session() const;
  /// Asks the server to resume the session. Throws ValueError if it is of another context, on a
  /// server, and after the handshake.
  void set_session(const SSLSession& session);
  /// Whether a session was resumed.
  bool session_reused() const noexcept;

  /// Asks a TLS 1.3 client for its certificate, now that the handshake is done: with the next
  /// write(). Once a read() has taken its answer getpeercert() has it. RFC 8446, 4.6.2. Throws
  /// SSLError with the reason NOT_SERVER, WRONG_SSL_VERSION, EXTENSION_NOT_RECEIVED if the client
  /// did not offer it, INVALID_CONFIG if the context does not verify clients.
  void verify_client_post_handshake();

  /// The context that the connection has now.
  const SSLContext& context() const& noexcept PEERCERT_LIFETIMEBOUND;
  const SSLContext& context() && = delete;
  /// Changes to another context, such as one with another certificate. All its settings apply to
  /// the handshake, verify_mode() included, except set_ecdh_curve(). A client does not resume its
  /// session then. Throws ValueError once the handshake has begun, except in the context's
  /// sni_callback; ValueError and SSLError where wrap_socket() does for the new context.
  void set_context(const SSLContext& context);
  /// Whether this is the server's end.
  bool server_side() const noexcept;
  /// The A-label form of what the connection was made with; empty if it was made with none.
  const std::string& server_hostname() const& noexcept PEERCERT_LIFETIMEBOUND;
  std::string server_hostname() && = delete;

  /// As ssl::getpeercert(const ssl_st*), and std::system_error (errc::not_connected) on a socket
  /// that never was connected.
  std::optional<PeerCert> getpeercert() const;
  std::optional<Der> getpeercert(binary_form_t) const;
  /// As the functions of these names for an SSL*.
  ///@{
  std::vector<Der> get_verified_chain() const;
  std::vector<Der> get_unverified_chain() const;
  VerifyResult get_verify_result() const;
  PeerIdentity peer_identity() const;
  ///@}

  /// As the free functions of `<peercert/ssl/channel_binding.hpp>`.
  ///@{
  std::optional<std::vector<std::uint8_t>> get_channel_binding(
      std::string_view type = "tls-unique") const;
  std::vector<std::uint8_t> export_keying_material(
      std::string_view label, std::size_t len, std::optional<Bytes> context = std::nullopt) const;
  ///@}

  /// OpenSSL's SSL, owned by this connection; null once an SSLSocket is closed or unwrapped.
  ssl_st* native_handle() const& noexcept PEERCERT_LIFETIMEBOUND;
  ssl_st* native_handle() && = delete;

  /// Defined and used by the library's sources alone.
  struct State;

 protected:
  explicit SSLConnection(std::unique_ptr<State> state) noexcept;  // takes the state over
  SSLConnection(SSLConnection&&) noexcept;                        // leaves the other without one
  SSLConnection& operator=(SSLConnection&&) noexcept;             // ends the connection it had
  ~SSLConnection();

  /// do_handshake() within a deadline that began earlier.
  void do_handshake_until(const Deadline& deadline);
  /// Sends close_notify, and waits for the peer's.
  void shut_down();

  std::unique_ptr<State> state_;  // null once moved from
};

}  // namespace peercert::ssl
