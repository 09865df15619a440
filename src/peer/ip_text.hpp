// SPDX-License-Identifier: Apache-2.0
// IP addresses as text.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "x509/name_syntax.hpp"

namespace peercert {

/// 4 or 16 octets.
struct IpAddress {
  std::array<std::uint8_t, kIpv6AddressLen> octets{};
  std::size_t len = 0;

  Bytes bytes() const noexcept { return Bytes(octets).first(len); }
};

/// Reads "192.0.2.1", without leading zeros (RFC 3986, 3.2.2), or any form of RFC 4291, 2.2
/// ("2001:DB8::1", "::ffff:192.0.2.1"); no brackets, no zone.
std::optional<IpAddress> parse_ip_address(std::string_view text) noexcept;

/// The address as RFC 3986, 3.2.2, and RFC 5952, 4, write it; empty if it does not have 4 or 16
/// octets.
std::string ip_address_text(Bytes address);

}  // namespace peercert
