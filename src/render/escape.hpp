// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace peercert::render {

/// The longest form of one character: \U0010ffff.
inline constexpr std::size_t kMaxEscapedLen = 10;

/// str.isprintable() of one character: neither a control, format or bidirectional character, nor a
/// space other than U+0020, nor unassigned in CPython 3.13's Unicode 15.1.
bool is_printable(char32_t c) noexcept;

/// Backslash, x, and the octet in two hexadecimal digits. Gives the end of what was written.
char* put_hex_escape(char* at, unsigned octet) noexcept;

/// For put_escaped(): a text without quotes around it.
inline constexpr char kNoQuote = '\0';

/// A character as it stands in Python's repr(): escaped if it is not printable, a backslash, or the
/// quote. Gives the end of what was written; `at` has room for kMaxEscapedLen.
char* put_escaped(char* at, char32_t c, char quote) noexcept;

}  // namespace peercert::render
