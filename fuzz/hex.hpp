// SPDX-License-Identifier: Apache-2.0
// Certificates that stand in a target as text.
#pragma once

#include <string_view>

#include <peercert/x509/certificate.hpp>

namespace peercert::fuzz {

/// Of lower-case digits.
inline Der from_hex(std::string_view digits) {
  const auto value_of = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  Der der;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    der.push_back(static_cast<std::uint8_t>(value_of(digits[i]) << 4 | value_of(digits[i + 1])));
  }
  return der;
}

}  // namespace peercert::fuzz
