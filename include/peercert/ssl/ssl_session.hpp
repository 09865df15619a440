// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include <peercert/base/result.hpp>

struct ssl_session_st;  // OpenSSL's SSL_SESSION

namespace peercert::ssl {

/// Python's ssl.SSLSession: what lets a client's later connection, made with the same context, do
/// without a full handshake. The server's certificate comes with it and is not verified again, not
/// even for another server_hostname: use it for the name that it was made for.
///
/// A copy of what the connection had at that moment, so that nothing that befalls the connection
/// afterwards changes it. Copies share it; any number of threads may read it and connect with it.
class SSLSession {
 public:
  /// The identifier; with a ticket, a client's own. RFC 5246, 7.4.1.2; RFC 5077, 3.4.
  std::vector<std::uint8_t> id() const;
  /// When it was established.
  std::chrono::sys_seconds time() const noexcept;
  /// For how long from time() it may be used.
  std::chrono::seconds timeout() const noexcept;
  /// For how long the server said that its ticket lasts; zero if it did not say. RFC 5077, 3.3.
  std::chrono::seconds ticket_lifetime_hint() const noexcept;
  /// A TLS 1.3 session has one only once the client has read what the server sent after the
  /// handshake. RFC 8446, 4.6.1.
  bool has_ticket() const noexcept;

  /// Whether the identifiers are equal, which is what Python compares.
  friend bool operator==(const SSLSession& a, const SSLSession& b) noexcept;

  /// OpenSSL's SSL_SESSION, which the copies own together.
  ssl_session_st* native_handle() const& noexcept PEERCERT_LIFETIMEBOUND;
  ssl_session_st* native_handle() && = delete;

 private:
  friend class SSLConnection;
  struct State;
  explicit SSLSession(std::shared_ptr<const State> state) noexcept;

  std::shared_ptr<const State> state_;
};

}  // namespace peercert::ssl
