// SPDX-License-Identifier: Apache-2.0
#include "render/safe_text.hpp"

#include "render/escape.hpp"

namespace peercert::render {

void append_safe(der::StringView text, std::string& out) {
  char escaped[kMaxEscapedLen];
  while (!text.octets.empty()) {
    const char* end = put_escaped(escaped, der::next_code_point(text), kNoQuote);
    out.append(static_cast<const char*>(escaped), end);
  }
}

void append_safe(Bytes octets, std::string& out) {
  for (;;) {
    const std::size_t len = der::utf8_error(octets);
    append_safe(der::StringView{der::Encoding::utf8, octets.first(len)}, out);
    if (len == octets.size()) return;
    char escaped[kMaxEscapedLen];
    const char* end = put_hex_escape(escaped, octets[len]);
    out.append(static_cast<const char*>(escaped), end);
    octets = octets.subspan(len + 1);
  }
}

std::string to_hex(Bytes octets, std::string_view separator) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const std::uint8_t octet : octets) {
    if (!out.empty()) out += separator;
    out += kHex[octet >> 4];
    out += kHex[octet & 0x0f];
  }
  return out;
}

}  // namespace peercert::render
