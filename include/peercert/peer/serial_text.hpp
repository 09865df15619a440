// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include <peercert/base/result.hpp>

namespace peercert {

/// A serialNumber of more bytes is folded, as below.
inline constexpr std::size_t kMaxSerialLineLen = 35;
/// Sign, 35 bytes in hexadecimal, backslash and newline: see write_serial_text().
inline constexpr std::size_t kMaxSerialTextLen = 73;

/// Writes a serialNumber as getpeercert() gives it: the magnitude's bytes in upper-case
/// hexadecimal, "-" before negative ones. OpenSSL folds its text after 35 bytes and CPython reads
/// one line of it: longer ones end there in a backslash and a newline. `content` is that of a valid
/// INTEGER, or empty, which gives nothing; `out` has room for kMaxSerialTextLen. Gives the number
/// of characters.
std::size_t write_serial_text(Bytes content, char* out) noexcept;

/// The same as a string. Throws std::bad_alloc.
std::string to_serial_text(Bytes content);

}  // namespace peercert
