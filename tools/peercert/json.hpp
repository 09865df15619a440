// SPDX-License-Identifier: Apache-2.0
// The little of JSON that records need beyond to_json().
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include <peercert/render/json.hpp>
#include <peercert/result.hpp>

namespace peercert::tool {

/// A JSON object, built member by member, on one line.
class JsonObject {
 public:
  /// A member whose value is JSON already.
  JsonObject& add_json(std::string_view key, std::string_view json) {
    fmt::format_to(std::back_inserter(text_), "{}\"{}\":{}", text_.empty() ? "" : ",", key, json);
    return *this;
  }
  /// Members that are JSON already, with commas between them.
  JsonObject& add_members(std::string_view members) {
    if (!text_.empty()) text_ += ',';
    text_ += members;
    return *this;
  }
  JsonObject& add(std::string_view key, std::string_view utf8) {
    return add_json(key, to_json(utf8));
  }
  JsonObject& add(std::string_view key, std::int64_t number) {
    return add_json(key, std::to_string(number));
  }

  std::string str() const { return fmt::format("{{{}}}", text_); }

 private:
  std::string text_;
};

/// Lower-case hexadecimal.
inline std::string to_hex(Bytes octets) {
  std::string hex;
  for (const std::uint8_t octet : octets) {
    fmt::format_to(std::back_inserter(hex), "{:02x}", octet);
  }
  return hex;
}

/// Octets for an interface that takes characters.
inline std::string_view as_text(Bytes octets) {
  return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}

}  // namespace peercert::tool
