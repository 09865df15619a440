// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include <peercert/ssl/memory_bio.hpp>
#include <peercert/ssl/ssl_connection.hpp>

namespace peercert::ssl {

/// The arguments of SSLContext.wrap_bio(), with Python's names and defaults.
struct BioOptions {
  bool server_side = false;             // a server's end; else a client's
  std::string server_hostname{};        // as in WrapOptions
  std::optional<SSLSession> session{};  // as in WrapOptions
};

/// Python's ssl.SSLObject: a TLS connection that does no I/O, for event loops. It reads records
/// from one MemoryBIO and writes them to another, and somebody else carries them.
///
/// On SSLWantReadError carry what is in the outgoing MemoryBIO, put what the peer sent into the
/// incoming one, and call again. A peer that ends without close_notify is an SSLEOFError.
class SSLObject : public SSLConnection {
 public:
  SSLObject(SSLObject&&) noexcept = default;
  SSLObject& operator=(SSLObject&&) noexcept = default;
  ~SSLObject() = default;

  /// Writes close_notify, and throws SSLWantReadError until the peer's is there.
  void unwrap();

 private:
  friend class SSLContext;
  using SSLConnection::SSLConnection;
};

}  // namespace peercert::ssl
