// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace peercert::scan {

/// The string that a member of the JSON object (RFC 8259) holds: "a", or "a.b" for the member b of
/// the object that is the member a. Of two members of a name the first. Throws ssl::ValueError if
/// that is no object or has no such string.
std::string json_field(std::string_view object, std::string_view path);

}  // namespace peercert::scan
