// SPDX-License-Identifier: Apache-2.0
// For the tests: a server that needs no keys, and so can present any certificates.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include <sys/socket.h>

#include <peercert/ssl/socket.hpp>
#include <peercert/x509/certificate.hpp>

#include "support/der_writer.hpp"

namespace peercert::test {

/// A vector<0..2^24-1> of TLS: RFC 8446, 3.4.
inline Octets with_length(const Octets& content) {
  const std::size_t len = content.size();
  return concat(Octets{static_cast<std::uint8_t>(len >> 16), static_cast<std::uint8_t>(len >> 8),
                       static_cast<std::uint8_t>(len)},
                content);
}

/// ServerHello and Certificate of TLS 1.2 in their records: RFC 5246, 7.4.2.
inline Octets certificate_flight(const std::vector<Der>& entries) {
  constexpr std::size_t kMaxFragment = 1 << 14;
  Octets list;
  for (const Der& entry : entries) {
    const Octets one = with_length(entry);
    list.insert(list.end(), one.begin(), one.end());
  }
  // The cipher is ECDHE-RSA-AES128-GCM-SHA256.
  const Octets hello = concat(hex("0303"), Octets(32, 0x5a), hex("00 c02f 00"));
  const Octets messages =
      concat(hex("02"), with_length(hello), hex("0b"), with_length(with_length(list)));
  Octets records;
  for (std::size_t at = 0; at < messages.size(); at += kMaxFragment) {
    const std::size_t len = std::min(kMaxFragment, messages.size() - at);
    const Octets header = {22, 3, 3, static_cast<std::uint8_t>(len >> 8),
                           static_cast<std::uint8_t>(len)};
    records = concat(records, header, Bytes(messages).subspan(at, len));
  }
  return records;
}

/// Answers ClientHello with these certificates, and waits until the client has left.
inline void present(ssl::Socket socket, const std::vector<Der>& entries) {
  socket.set_timeout(std::nullopt);
  const auto is_there = [&socket] {
    std::array<std::uint8_t, 4096> octets{};
    return ::recv(socket.fileno(), octets.data(), octets.size(), 0) > 0;
  };
  if (!is_there()) return;
  const Octets flight = certificate_flight(entries);
  if (::send(socket.fileno(), flight.data(), flight.size(), MSG_NOSIGNAL) <= 0) return;
  ::shutdown(socket.fileno(), SHUT_WR);
  while (is_there()) {
  }
}

}  // namespace peercert::test
