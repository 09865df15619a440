// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include <openssl/crypto.h>

#include <peercert/base/result.hpp>

namespace peercert::fuzz {

/// Whether some octets may be a length of zero in the long form, such as 81 00, and OpenSSL is one
/// that reads it differently: before 3.0.22, it took such a length, as the last octets of a
/// container, for a cut one.
inline bool may_hold_misread_length(Bytes input) noexcept {
  const bool is_old =
      OPENSSL_version_major() == 3 && OPENSSL_version_minor() == 0 && OPENSSL_version_patch() < 22;
  for (std::size_t i = 0; is_old && i < input.size(); ++i) {
    const std::size_t num_octets = input[i] > 0x80 ? input[i] & 0x7fU : input.size();
    if (num_octets >= input.size() - i) continue;
    const Bytes length = input.subspan(i + 1, num_octets);
    if (std::ranges::all_of(length, [](std::uint8_t octet) { return octet == 0; })) return true;
  }
  return false;
}

}  // namespace peercert::fuzz
