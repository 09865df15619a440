// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace peercert::tool {

/// Whom to connect to.
struct Target {
  std::string text;  // as the user wrote it
  std::string host;  // a name or an address, without brackets
  std::uint16_t port = 443;

  /// The host as a certificate may name it: without the zone of an IPv6 address (RFC 4007, 11).
  std::string server_hostname() const { return host.substr(0, host.find('%')); }
};

/// Reads host, host:port, [v6]:port, a bare IPv6 address, or https://host[:port]/anything.
/// Whether the host exists is the resolver's matter. Throws ssl::ValueError that says what is
/// wrong.
Target parse_target(std::string_view text);

}  // namespace peercert::tool
