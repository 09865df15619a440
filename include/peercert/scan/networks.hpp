// SPDX-License-Identifier: Apache-2.0
// Which addresses a scan may talk to.
#pragma once

#include <array>
#include <cstdint>
#include <iosfwd>
#include <string_view>
#include <vector>

#include <peercert/base/result.hpp>

namespace peercert::scan {

/// A set of addresses, as networks. IPv4-mapped addresses of IPv6 (RFC 4291, 2.5.5.2) are those of
/// IPv4; ::/0 is IPv6 alone.
class NetworkSet {
 public:
  /// Adds "192.0.2.0/24", "2001:db8::/32", or an address. What is behind the prefix does not count.
  /// Throws ssl::ValueError.
  void add(std::string_view network);
  /// Adds a network for each line; what is behind # is a comment. Throws ssl::ValueError that
  /// begins with the number of the line, and std::ios_base::failure if the input cannot be read;
  /// the set is then as before.
  void add_lines(std::istream& lines);

  /// Whether the address, 4 or 16 octets as in sockaddr, is in one of the networks. In O(log n).
  bool contains(Bytes address) const noexcept;
  bool empty() const noexcept { return ipv4_.empty() && ipv6_.empty(); }

 private:
  using Key = std::array<std::uint8_t, 16>;
  struct Range {
    Key first{}, last{};
  };
  void append(std::string_view text);
  void merge();

  // In order, and without those inside of others.
  std::vector<Range> ipv4_{}, ipv6_{};
};

/// Lists of networks. Nothing is denied by itself: not even private addresses.
struct Networks {
  NetworkSet allowed{};  // if empty, all addresses are
  NetworkSet denied{};   // whatever is allowed

  bool permits(Bytes address) const noexcept {
    return !denied.contains(address) && (allowed.empty() || allowed.contains(address));
  }
};

}  // namespace peercert::scan
