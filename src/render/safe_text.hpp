// SPDX-License-Identifier: Apache-2.0
// What certificates hold, made fit for a terminal.
#pragma once

#include <string>
#include <string_view>

#include <peercert/der/strings.hpp>
#include <peercert/result.hpp>

namespace peercert::render {

/// Appends the characters, those that are not printable escaped. They have to be well-formed.
void append_safe(der::StringView text, std::string& out);

/// Appends octets that are meant to be UTF-8 and may be anything: those that are not are escaped.
void append_safe(Bytes octets, std::string& out);

/// Upper-case hexadecimal digits, with something between the octets.
std::string to_hex(Bytes octets, std::string_view separator);

}  // namespace peercert::render
