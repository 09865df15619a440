// SPDX-License-Identifier: Apache-2.0
// One TLS connection without exceptions: each function makes one call of OpenSSL's and tells how it
// ended. What to do then, wait or give up, is the caller's affair: SSLSocket waits under a
// deadline, an event loop registers the descriptor.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <peercert/base/result.hpp>

#include "crypto/openssl_ptr.hpp"
#include "ssl/connection/outcome.hpp"
#include "ssl/net/deadline.hpp"
#include "ssl/net/idna.hpp"

namespace peercert::ssl {

struct ConnectionOptions {
  bool server_side = false;
  bool check_hostname = false;
  bool post_handshake_auth = false;
  unsigned int host_flags = 0;    // X509_CHECK_FLAG_*
  std::string server_hostname{};  // passes server_hostname_problem(); empty: no SNI, no check
};

/// Has verification compare the name, or the address if it is one, with the certificate, under
/// these flags besides those that are set. May leave an error in the queue also where it succeeds.
bool set_checked_name(SSL* ssl, const std::string& name, unsigned int host_flags) noexcept;

/// Says whom the connection is for: SNI for a name, RFC 6066, 3, which an address must not be sent
/// as; and what the certificate has to name, if that is to be checked. The queue as above.
bool set_server_hostname(SSL* ssl, const ConnectionOptions& options) noexcept;

class Connection {
 public:
  Connection() = default;

  /// A connection over the descriptor, which it does not own.
  Outcome open(SSL_CTX* context, int fd, const ConnectionOptions& options) noexcept;
  /// A connection that reads from one BIO and writes to another. None is null.
  Outcome open(SSL_CTX* context, BioPtr incoming, BioPtr outgoing,
               const ConnectionOptions& options) noexcept;
  /// Has the connection take all that the context says, but for the groups of the key exchange,
  /// and drop a session that it was to resume. Before the handshake, or while the ClientHello is
  /// looked at. If it fails the connection must not be used.
  Outcome set_context(SSL_CTX* context, const ConnectionOptions& options) noexcept;
  /// Frees the SSL; nothing is sent.
  void reset() noexcept { ssl_.reset(); }

  /// Forgets the descriptor: what would read or write fails with EBADF. The SSL stays.
  void detach() noexcept;

  /// The moment from which calls end with Status::want_read or want_write, even if the peer has
  /// sent more. Never, if not set.
  void set_deadline(const Deadline& deadline) noexcept;

  Outcome do_handshake() noexcept;
  /// Fills `into`, gives the number of octets in `len`. Status::zero_return and eof are the two
  /// ends.
  Outcome read(std::span<std::uint8_t> into, std::size_t& len) noexcept;
  /// Writes all of `data` or nothing; after want_read or want_write call again with the same data.
  Outcome write(Bytes data) noexcept;
  /// Asks the client for its certificate; the request goes out with what is written next.
  Outcome verify_client_post_handshake() noexcept;
  /// Sends close_notify the first time, then waits for the peer's, which `done` tells.
  Outcome shutdown(bool& done) noexcept;

  SSL* native_handle() const noexcept { return ssl_.get(); }
  explicit operator bool() const noexcept { return ssl_ != nullptr; }

 private:
  SslPtr ssl_;
};

}  // namespace peercert::ssl
