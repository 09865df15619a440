// SPDX-License-Identifier: Apache-2.0
// What certificates hold, made fit for a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <peercert/base/result.hpp>
#include <peercert/der/strings.hpp>

namespace peercert::render {

/// Appends the characters, those that are not printable escaped. They have to be well-formed.
void append_safe(der::StringView text, std::string& out);

/// Appends octets that are meant to be UTF-8 and may be anything: those that are not are escaped.
void append_safe(Bytes octets, std::string& out);

/// As much of the UTF-8 text as `max_len` bytes hold without a part of a character at the end.
std::string_view cut(std::string_view text, std::size_t max_len) noexcept;

/// Upper-case hexadecimal digits, with something between the octets.
std::string to_hex(Bytes octets, std::string_view separator);

}  // namespace peercert::render
