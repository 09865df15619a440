// SPDX-License-Identifier: Apache-2.0
// Character strings: which bytes are which characters.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include <peercert/base/result.hpp>
#include <peercert/der/tag.hpp>

namespace peercert::der {

/// How the bytes of a character string encode its characters.
enum class Encoding : std::uint8_t {
  none,    // not a character string
  utf8,    // UTF8String
  latin1,  // NumericString, PrintableString, TeletexString, IA5String: a byte is a code point
  ucs2,    // BMPString: two bytes, big-endian, no surrogate pairs
  ucs4,    // UniversalString: four bytes, big-endian
};

/// How OpenSSL's ASN1_STRING_to_UTF8() reads a universal string type.
Encoding encoding_of(Tag tag) noexcept;

/// Whether bytes under 0x80 are ASCII characters in the encoding.
constexpr bool is_ascii_superset(Encoding encoding) noexcept {
  return encoding == Encoding::utf8 || encoding == Encoding::latin1;
}

/// A character string in its own encoding. Borrows its bytes.
struct StringView {
  Encoding encoding = Encoding::none;  // how to read the bytes
  Bytes octets{};                      // the string's content
};

/// Whether all bytes are under 0x80. Sixteen at a time: names are nearly always ASCII.
inline bool is_ascii(Bytes octets) noexcept {
  constexpr std::size_t kWordLen = 8;
  constexpr std::uint64_t kHighBits = 0x8080808080808080U;
  const auto word = [](const std::uint8_t* at) noexcept {
    std::uint64_t loaded = 0;
    std::memcpy(&loaded, at, kWordLen);
    return loaded;
  };
  const std::uint8_t* const end = octets.data() + octets.size();
  std::uint64_t seen = 0;
  if (octets.size() >= 2 * kWordLen) {
    for (const std::uint8_t* at = octets.data(); at < end - 2 * kWordLen; at += 2 * kWordLen)
      seen |= word(at) | word(at + kWordLen);
    seen |= word(end - 2 * kWordLen) | word(end - kWordLen);  // may overlap the ones before
  } else if (octets.size() >= kWordLen) {
    seen = word(octets.data()) | word(end - kWordLen);
  } else {
    for (const std::uint8_t octet : octets) seen |= octet;
  }
  return (seen & kHighBits) == 0;
}

/// The index of the first byte that is not part of well-formed UTF-8 (RFC 3629: no overlong forms,
/// no surrogates, nothing over U+10FFFF), or the size if all are.
std::size_t utf8_error_slow(Bytes octets) noexcept;
/// The same, and fast for ASCII.
inline std::size_t utf8_error(Bytes octets) noexcept {
  return is_ascii(octets) ? octets.size() : utf8_error_slow(octets);
}

/// The index of the first byte that is not part of a character, or the size if all are. Odd
/// lengths of UCS-2 and UCS-4 are check_any()'s matter.
std::size_t encoding_error(StringView string) noexcept;

/// Takes one character off the front of a string that is not empty. If it is not well-formed, that
/// is some character, U+FFFD where it ends inside one; nothing after it is read.
char32_t next_code_point(StringView& string) noexcept;

/// The number of bytes (1 to 4) written for a code point in UTF-8. `out` has room for 4.
std::size_t encode_utf8(char32_t code_point, char* out) noexcept;

}  // namespace peercert::der
