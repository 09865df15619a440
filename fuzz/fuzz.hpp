// SPDX-License-Identifier: Apache-2.0
// What the targets share: their entry, and how they say that a property does not hold.
#pragma once

#include <string_view>

#include <peercert/base/result.hpp>

namespace peercert::fuzz {

/// One input: each *_fuzz.cpp defines it, entry.cpp calls it.
void run(Bytes input);

/// Aborts if a property does not hold, whatever the build type. The caller's line says which.
void check(bool holds, const char* file = __builtin_FILE(), int line = __builtin_LINE());

/// The input as text.
inline std::string_view as_text(Bytes input) noexcept {
  return {reinterpret_cast<const char*>(input.data()), input.size()};
}
inline Bytes as_bytes(std::string_view text) noexcept {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// UTF-8 without control characters other than newlines: what a terminal may be given.
void check_shown(std::string_view text);

}  // namespace peercert::fuzz
