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

std::string_view cut(std::string_view text, std::size_t max_len) noexcept {
  if (text.size() <= max_len) return text;
  const auto is_inside = [&](std::size_t at) {  // a character: 10xxxxxx, RFC 3629, 3
    return (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
  };
  while (max_len > 0 && is_inside(max_len)) --max_len;
  return text.substr(0, max_len);
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
