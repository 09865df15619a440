// SPDX-License-Identifier: Apache-2.0
// The rules that X.690 sets for the content of primitive types.
#pragma once

#include <peercert/base/result.hpp>
#include <peercert/der/strings.hpp>
#include <peercert/der/tag.hpp>

namespace peercert::der {

/// Whether some byte is 0x80.
inline bool has_octet_80(Bytes content) noexcept {
  constexpr std::uint64_t kOnes = 0x0101010101010101U;
  constexpr std::uint64_t kHighBits = 0x8080808080808080U;
  const auto has_80 = [](std::uint64_t word) {
    word ^= kHighBits;  // where a byte is zero now, subtraction borrows
    return ((word - kOnes) & ~word & kHighBits) != 0;
  };
  std::uint64_t word = 0;
  if (content.size() < sizeof(word)) {
    for (const std::uint8_t octet : content) word = word << 8 | octet;
    return has_80(word);
  }
  const std::uint8_t* const last = content.data() + content.size() - sizeof(word);
  for (const std::uint8_t* at = content.data(); at < last; at += sizeof(word)) {
    std::memcpy(&word, at, sizeof(word));
    if (has_80(word)) return true;
  }
  std::memcpy(&word, last, sizeof(word));  // may overlap the one before it
  return has_80(word);
}

/// Errc::ok, or what is wrong with the content of an OBJECT IDENTIFIER: its subidentifiers have to
/// be whole and without padding. X.690, 8.19.2.
Errc check_oid_slow(Bytes content) noexcept;
/// The same, and fast for nearly all.
inline Errc check_oid(Bytes content) noexcept {
  if (content.empty() || content.back() >= 0x80) return Errc::bad_oid;
  // Padding is a byte 0x80, which most do not hold anywhere.
  return has_octet_80(content) ? check_oid_slow(content) : Errc::ok;
}

/// Errc::ok, or what is wrong with the content of an INTEGER: it has to be minimal. X.690, 8.3.2.
inline Errc check_integer(Bytes content) noexcept {
  if (content.empty()) return Errc::bad_integer;
  if (content.size() == 1) return Errc::ok;
  const bool second_is_negative = content[1] & 0x80;
  const bool redundant = content[0] == (second_is_negative ? 0xff : 0x00);
  return redundant ? Errc::bad_integer : Errc::ok;
}

/// Errc::ok, or what is wrong with the content of a BIT STRING: its first byte counts 0 to 7 unused
/// bits. X.690, 8.6.2.
inline Errc check_bit_string(Bytes content) noexcept {
  return content.empty() || content[0] > 7 ? Errc::bad_bit_string : Errc::ok;
}

/// The bytes of a checked BIT STRING, its unused bits cleared as OpenSSL clears them. Borrows
/// them.
class BitString {
 public:
  /// Takes a content that check_bit_string() accepts.
  explicit BitString(Bytes content) noexcept
      : octets_(content.subspan(1)), last_mask_(static_cast<std::uint8_t>(0xff << content[0])) {}
  /// How many bytes there are, without the one that counts unused bits.
  std::size_t size() const noexcept { return octets_.size(); }
  /// The byte at `i`, with its unused bits zero.
  std::uint8_t operator[](std::size_t i) const noexcept {
    return i + 1 == octets_.size() ? octets_[i] & last_mask_ : octets_[i];
  }

 private:
  Bytes octets_;
  std::uint8_t last_mask_;
};

/// The content rules of whatever universal type the element claims to be; ok for all other classes.
Errc check_any_slow(Tag tag, Bytes content) noexcept;
/// The same, and fast for nearly all.
inline Errc check_any(Tag tag, Bytes content) noexcept {
  switch (tag) {
    case kPrintableString:
    case kUtf8String:
    case kIa5String:
    case kSequence: return Errc::ok;  // nearly all; their content has no rule here
    default: return check_any_slow(tag, content);
  }
}

/// Whether BER may split the type's content into segments (X.690, 8.7.3 and 8.21).
bool is_string_type(Tag tag) noexcept;

}  // namespace peercert::der
