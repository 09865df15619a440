// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include <peercert/result.hpp>

namespace peercert::render {

/// The number of octets at the front that are printable ASCII and none of backslash, ' and ": those
/// that no format escapes. Eight at a time: names and URIs are nearly always that, whole.
inline std::size_t plain_run_len(Bytes octets) noexcept {
  constexpr std::uint64_t kOnes = 0x0101010101010101U;
  constexpr std::uint64_t kHighBits = 0x8080808080808080U;
  // Each sets the high bit of octets that match, and perhaps of octets above one that does: enough
  // to know that a word holds none. Octets over 0x7f are looked for apart.
  const auto has_zero = [](std::uint64_t word) { return (word - kOnes) & ~word; };
  const auto has = [has_zero](std::uint64_t word, std::uint8_t c) {
    return has_zero(word ^ (kOnes * c));
  };
  std::size_t i = 0;
  for (; i + 8 <= octets.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, octets.data() + i, 8);
    const std::uint64_t below_space = word - kOnes * 0x20;
    const std::uint64_t special =
        word | below_space | has(word, '"') | has(word, '\'') | has(word, '\\') | has(word, 0x7f);
    if (special & kHighBits) break;
  }
  const auto is_plain = [](std::uint8_t c) {
    return c >= 0x20 && c < 0x7f && c != '"' && c != '\'' && c != '\\';
  };
  while (i < octets.size() && is_plain(octets[i])) ++i;
  return i;
}

}  // namespace peercert::render
