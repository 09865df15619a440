// SPDX-License-Identifier: Apache-2.0
#include "scan/targets/address_network.hpp"

#include <charconv>

#include <peercert/ssl/error.hpp>

namespace peercert::scan {
namespace {

// Which bits of the octet are behind the prefix.
std::uint8_t host_mask(unsigned prefix_len, std::size_t octet) noexcept {
  const std::size_t begin = octet * 8;
  if (prefix_len >= begin + 8) return 0;
  return prefix_len <= begin ? 0xff : static_cast<std::uint8_t>(0xff >> (prefix_len - begin));
}

unsigned parse_prefix_len(std::string_view digits, std::size_t num_bits) {
  unsigned bits = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, bits);
  if (error != std::errc{} || stop != end || bits > num_bits) {
    throw ssl::ValueError("behind the '/' of a network is the number of its bits, up to 32 or 128");
  }
  return bits;
}

}  // namespace

AddressNetwork network_of(IpAddress address, unsigned prefix_len) noexcept {
  for (std::size_t i = 0; i < address.len; ++i) {
    address.octets[i] &= static_cast<std::uint8_t>(~host_mask(prefix_len, i));
  }
  return {address, prefix_len};
}

IpAddress last_address(const AddressNetwork& network) noexcept {
  IpAddress last = network.first;
  for (std::size_t i = 0; i < last.len; ++i) last.octets[i] |= host_mask(network.prefix_len, i);
  return last;
}

IpAddress nth_address(const AddressNetwork& network, std::uint64_t n) noexcept {
  IpAddress address = network.first;
  for (std::size_t i = address.len; i > 0 && n > 0; --i, n >>= 8) {
    address.octets[i - 1] |= static_cast<std::uint8_t>(n);
  }
  return address;
}

AddressNetwork parse_network(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto address = parse_ip_address(text.substr(0, slash));
  if (!address) {
    throw ssl::ValueError(
        "that is no network: in front of the '/' is no address; a URL has https://");
  }
  const std::size_t num_bits = address->len * 8;
  if (slash == text.npos) return network_of(*address, static_cast<unsigned>(num_bits));
  return network_of(*address, parse_prefix_len(text.substr(slash + 1), num_bits));
}

}  // namespace peercert::scan
