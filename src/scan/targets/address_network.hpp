// SPDX-License-Identifier: Apache-2.0
// Addresses that have their first bits in common.
#pragma once

#include <cstdint>
#include <string_view>

#include "peer/ip_text.hpp"

namespace peercert::scan {

/// RFC 4632, 3.1, and RFC 4291, 2.3.
struct AddressNetwork {
  IpAddress first{};        // zeros behind the prefix
  unsigned prefix_len = 0;  // in bits

  unsigned num_host_bits() const noexcept {
    return static_cast<unsigned>(first.len * 8) - prefix_len;
  }
};

/// Reads "192.0.2.0/24" or "2001:db8::/32"; an address alone is a network of one. Of an address
/// inside the network, "192.0.2.7/24", the bits behind the prefix do not count. Throws
/// ssl::ValueError.
AddressNetwork parse_network(std::string_view text);

/// The network of that length around the address; its bits behind the prefix become 0.
AddressNetwork network_of(IpAddress address, unsigned prefix_len) noexcept;

/// The address behind so many others in the network.
IpAddress nth_address(const AddressNetwork& network, std::uint64_t n) noexcept;
/// The last address of the network.
IpAddress last_address(const AddressNetwork& network) noexcept;

}  // namespace peercert::scan
