// SPDX-License-Identifier: Apache-2.0
// The little of JSON that records need beyond the dict.
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include <peercert/render/json.hpp>
#include <peercert/render/output.hpp>

#include "x509/encoding/base64.hpp"

namespace peercert::render {

/// A decimal number.
inline void append_number(Output& out, std::int64_t number) {
  constexpr std::size_t kMaxLen = 20;
  char* const at = out.reserve(kMaxLen);
  out.set_end(std::to_chars(at, at + kMaxLen, number).ptr);
}

/// The two digits of each byte, one after the other.
inline constexpr auto kHexPairs = [] {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::array<char, 512> pairs{};
  for (std::size_t byte = 0; byte < pairs.size() / 2; ++byte) {
    pairs[2 * byte] = kDigits[byte >> 4];
    pairs[2 * byte + 1] = kDigits[byte & 0x0f];
  }
  return pairs;
}();

/// Lower-case hexadecimal.
inline void append_hex(Output& out, Bytes bytes) {
  char* at = out.reserve(bytes.size() * 2);
  for (const std::uint8_t byte : bytes) {
    std::memcpy(at, kHexPairs.data() + 2 * std::size_t{byte}, 2);
    at += 2;
  }
  out.set_end(at);
}

/// Base64 on one line: RFC 4648, 4.
inline void append_base64(Output& out, Bytes octets) {
  out.set_end(base64::encode(octets, out.reserve((octets.size() + 2) / 3 * 4)));
}

/// "[a,b]" of what `append` writes for each of the items.
template <class Items, class Append>
void append_array(Output& out, const Items& items, Append append) {
  out.append('[');
  bool is_first = true;
  for (const auto& item : items) {
    if (!is_first) out.append(',');
    is_first = false;
    append(item);
  }
  out.append(']');
}

/// A JSON object on one line, written member by member at the end of an Output. Names are ASCII
/// without anything to escape.
class JsonObject {
 public:
  explicit JsonObject(Output& out) : out_(out) { out_.append('{'); }

  /// Names a member. Its value, which is JSON, has to be appended to what this gives.
  Output& member(std::string_view name) {
    constexpr std::size_t kSignsLen = 4;
    char* at = out_.reserve(name.size() + kSignsLen);
    if (has_members_) *at++ = ',';
    has_members_ = true;
    *at++ = '"';
    at = std::copy_n(name.data(), name.size(), at);
    *at++ = '"';
    *at++ = ':';
    out_.set_end(at);
    return out_;
  }
  JsonObject& add(std::string_view name, std::string_view utf8) {
    append_json(member(name), utf8);
    return *this;
  }
  JsonObject& add(std::string_view name, std::int64_t number) {
    append_number(member(name), number);
    return *this;
  }
  JsonObject& add_hex(std::string_view name, Bytes octets) {
    Output& out = member(name);
    out.append('"');
    append_hex(out, octets);
    out.append('"');
    return *this;
  }
  void close() { out_.append('}'); }

 private:
  Output& out_;
  bool has_members_ = false;
};

}  // namespace peercert::render
