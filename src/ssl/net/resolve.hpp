// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <sys/socket.h>

#include <peercert/ssl/socket.hpp>

#include "ssl/net/deadline.hpp"

namespace peercert::ssl {

/// What connect(), bind() and accept() take and give.
struct RawAddress {
  sockaddr_storage storage{};
  socklen_t len = sizeof(sockaddr_storage);

  const sockaddr* get() const noexcept { return reinterpret_cast<const sockaddr*>(&storage); }
  sockaddr* get() noexcept { return reinterpret_cast<sockaddr*>(&storage); }
  int family() const noexcept { return storage.ss_family; }
};

/// The address in numbers. Throws gaierror for one that is neither IPv4 nor IPv6.
SocketAddress to_socket_address(const RawAddress& address);

/// The TCP addresses of a host, in getaddrinfo()'s order, never empty. Numeric hosts ask nobody.
/// The deadline holds although getaddrinfo() has none: a lookup that is late goes on in a thread of
/// its own, and its answer is dropped. Throws gaierror, TimeoutError.
std::vector<RawAddress> resolve(const std::string& host, std::uint16_t port,
                                const Deadline& deadline);

}  // namespace peercert::ssl
