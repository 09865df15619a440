// SPDX-License-Identifier: Apache-2.0
#include <cstring>

#include <peercert/der/strings.hpp>

namespace peercert::der {
namespace {

constexpr char32_t kMaxCodePoint = 0x10ffff;
constexpr char32_t kReplacementCharacter = 0xfffd;

constexpr bool is_surrogate(char32_t c) noexcept { return c >= 0xd800 && c < 0xe000; }

char32_t read_big_endian(const std::uint8_t* at, std::size_t num_octets) noexcept {
  char32_t value = 0;
  for (std::size_t i = 0; i < num_octets; ++i) value = value << 8 | at[i];
  return value;
}

std::size_t fixed_width_error(Bytes octets, std::size_t width) noexcept {
  for (std::size_t i = 0; i + width <= octets.size(); i += width) {
    const char32_t c = read_big_endian(octets.data() + i, width);
    if (c > kMaxCodePoint || is_surrogate(c)) return i;
  }
  return octets.size();
}

// The length of the well-formed sequence at the front of `at`, whose first octet is not ASCII; 0 if
// it is not well-formed. The bounds of the second octet are those of the Unicode Standard's table
// 3-7.
std::size_t multibyte_len(const std::uint8_t* at, std::size_t available) noexcept {
  const std::uint8_t first = at[0];
  std::uint8_t low = 0x80;
  std::uint8_t high = 0xbf;
  std::size_t len = 0;
  if (first >= 0xc2 && first <= 0xdf) {
    len = 2;
  } else if (first >= 0xe0 && first <= 0xef) {
    len = 3;
    if (first == 0xe0) low = 0xa0;   // shorter forms exist
    if (first == 0xed) high = 0x9f;  // surrogates
  } else if (first >= 0xf0 && first <= 0xf4) {
    len = 4;
    if (first == 0xf0) low = 0x90;   // shorter forms exist
    if (first == 0xf4) high = 0x8f;  // over U+10FFFF
  }
  if (len == 0 || available < len || at[1] < low || at[1] > high) return 0;
  for (std::size_t i = 2; i < len; ++i) {
    if ((at[i] & 0xc0) != 0x80) return 0;
  }
  return len;
}

std::size_t character_len(Encoding encoding, std::uint8_t first) noexcept {
  switch (encoding) {
    case Encoding::utf8: return first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
    case Encoding::ucs2: return 2;
    case Encoding::ucs4: return 4;
    case Encoding::none:
    case Encoding::latin1: break;
  }
  return 1;
}

}  // namespace

Encoding encoding_of(Tag tag) noexcept {
  switch (tag) {
    case kUtf8String: return Encoding::utf8;
    case kNumericString:
    case kPrintableString:
    case kTeletexString:
    case kIa5String: return Encoding::latin1;
    case kBmpString: return Encoding::ucs2;
    case kUniversalString: return Encoding::ucs4;
    default: return Encoding::none;
  }
}

std::size_t utf8_error_slow(Bytes octets) noexcept {
  std::size_t i = 0;
  while (i < octets.size()) {
    const bool is_ascii = octets[i] < 0x80;
    const std::size_t len = is_ascii ? 1 : multibyte_len(octets.data() + i, octets.size() - i);
    if (len == 0) return i;
    i += len;
  }
  return octets.size();
}

std::size_t encoding_error(StringView string) noexcept {
  switch (string.encoding) {
    case Encoding::utf8: return utf8_error(string.octets);
    case Encoding::ucs2: return fixed_width_error(string.octets, 2);
    case Encoding::ucs4: return fixed_width_error(string.octets, 4);
    case Encoding::none:
    case Encoding::latin1: break;
  }
  return string.octets.size();
}

char32_t next_code_point(StringView& string) noexcept {
  const std::uint8_t* const at = string.octets.data();
  const std::size_t len = character_len(string.encoding, at[0]);
  if (len > string.octets.size()) {
    string.octets = {};
    return kReplacementCharacter;
  }
  string.octets = string.octets.subspan(len);
  if (string.encoding != Encoding::utf8) return read_big_endian(at, len);
  if (len == 1) return at[0];
  char32_t c = at[0] & (0x7fU >> len);
  for (std::size_t i = 1; i < len; ++i) c = c << 6 | (at[i] & 0x3fU);
  return c;
}

std::size_t encode_utf8(char32_t c, char* out) noexcept {
  if (c < 0x80) {
    out[0] = static_cast<char>(c);
    return 1;
  }
  if (c < 0x800) {
    out[0] = static_cast<char>(0xc0 | c >> 6);
    out[1] = static_cast<char>(0x80 | (c & 0x3f));
    return 2;
  }
  if (c < 0x10000) {
    out[0] = static_cast<char>(0xe0 | c >> 12);
    out[1] = static_cast<char>(0x80 | (c >> 6 & 0x3f));
    out[2] = static_cast<char>(0x80 | (c & 0x3f));
    return 3;
  }
  out[0] = static_cast<char>(0xf0 | c >> 18);
  out[1] = static_cast<char>(0x80 | (c >> 12 & 0x3f));
  out[2] = static_cast<char>(0x80 | (c >> 6 & 0x3f));
  out[3] = static_cast<char>(0x80 | (c & 0x3f));
  return 4;
}

}  // namespace peercert::der
