// SPDX-License-Identifier: Apache-2.0
// The long names of the attributes 2.5.4.x, which nearly all attributes of Names are.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace peercert {

/// A name in a field of fixed size, which costs less to copy than one whose size has to be looked
/// at first. Ends in NULs.
struct X520Name {
  static constexpr std::size_t kFieldLen = 32;
  char text[kFieldLen];
  std::uint8_t len;  // 0: OpenSSL knows no such attribute
};

/// By the last octet of 2.5.4.x.
inline constexpr std::size_t kNumX520Names = 128;
extern const std::array<X520Name, kNumX520Names> kX520Names;

}  // namespace peercert
