// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <string_view>

#include <peercert/ssl/socket.hpp>

#include "hostile/octets.hpp"

namespace peercert::hostile {

/// How long either side waits for the other before a test fails.
constexpr std::chrono::seconds kPatience{20};

/// The other side has closed or reset the connection, or kept still for too long.
struct PeerGone {};

/// The hostile end of a connection. Every call throws PeerGone.
class Wire {
 public:
  explicit Wire(ssl::Socket socket);

  void send(std::string_view octets) const;
  Octets receive_exactly(std::size_t len) const;
  /// What is there, at least one octet.
  Octets receive() const;
  /// One TLS record, with its header.
  Octets receive_record() const;

  /// Says that nothing more will come (FIN).
  void half_close() const;
  /// RST. Nothing can be done with the connection afterwards.
  void reset();
  /// Reads until the other side closes.
  void drain() const;
  /// Reads nothing for a second, then does.
  void ignore() const;
  /// Sends the octets again and again until the other side closes.
  void flood(std::string_view octets) const;

 private:
  ssl::Socket socket_;
};

}  // namespace peercert::hostile
