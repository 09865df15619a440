// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace peercert::der {

/// The number of bytes of a subidentifier, which hold seven bits each.
constexpr std::size_t subidentifier_len(std::uint64_t number) noexcept {
  std::size_t len = 1;
  for (number >>= 7; number > 0; number >>= 7) ++len;
  return len;
}

/// The content bytes of an OBJECT IDENTIFIER, encoded by the compiler: make_oid<2, 5, 29, 15>().
/// X.690, 8.19.
template <std::uint64_t first, std::uint64_t second, std::uint64_t... others>
consteval auto make_oid() noexcept {
  constexpr std::size_t kLen =
      (subidentifier_len(first * 40 + second) + ... + subidentifier_len(others));
  std::array<std::uint8_t, kLen> content{};
  std::size_t at = 0;
  for (const std::uint64_t number : {first * 40 + second, others...}) {
    for (std::size_t left = subidentifier_len(number); left-- > 0;) {
      const std::uint64_t septet = number >> (left * 7) & 0x7f;
      content[at++] = static_cast<std::uint8_t>(left > 0 ? septet | 0x80 : septet);
    }
  }
  return content;
}

}  // namespace peercert::der
