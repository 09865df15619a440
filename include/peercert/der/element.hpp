// SPDX-License-Identifier: Apache-2.0
// One tag, length, value: the only place where lengths are read and bounds are checked.
#pragma once

#include <peercert/base/result.hpp>
#include <peercert/der/tag.hpp>

namespace peercert::der {

/// A TLV. Borrows the input. An element that was not there has no bytes at all. 16 bytes, so that
/// it travels in registers.
class Element {
 public:
  Element() = default;
  Element(Tag identifier, const std::uint8_t* begin, std::size_t header_len,
          std::size_t content_len) noexcept
      : begin_(begin),
        content_len_(static_cast<std::uint32_t>(content_len)),
        header_len_(static_cast<std::uint8_t>(header_len)),
        identifier_(identifier) {}

  /// The low five bits are kHighTagNumber for tag numbers over 30.
  Tag identifier() const noexcept { return identifier_; }
  Bytes content() const noexcept { return {begin_ + header_len_, content_len_}; }
  /// Header and content.
  Bytes encoded() const noexcept { return {begin_, std::size_t{header_len_} + content_len_}; }
  bool exists() const noexcept { return begin_ != nullptr; }

 private:
  const std::uint8_t* begin_ = nullptr;
  std::uint32_t content_len_ = 0;
  std::uint8_t header_len_ = 0;
  Tag identifier_ = 0;
};
static_assert(sizeof(Element) == 16);

/// Longer elements are refused with Errc::bad_length. A header may be long because tag numbers, in
/// BER, may be padded.
inline constexpr std::size_t kMaxHeaderLen = 0xff;
/// Longer content is refused with Errc::bad_length.
inline constexpr std::size_t kMaxContentLen = 0xffffffff;

/// The general form of read_element(): high tag numbers, long and padded lengths. Not inline.
Errc read_element_slow(const std::uint8_t*& at, const std::uint8_t* end, Element& out) noexcept;

/// Reads the element at `at` and moves `at` past it. On failure neither changes. Lengths may be
/// padded, and low tag numbers may take the high form, as BER allows; indefinite lengths are
/// refused with Errc::indefinite_length. X.690, 8.1.2 and 8.1.3.
inline Errc read_element(const std::uint8_t*& at, const std::uint8_t* end, Element& out) noexcept {
  const std::uint8_t* const begin = at;
  const std::size_t available = static_cast<std::size_t>(end - begin);
  std::size_t header_len = 0;  // 0: not one of the usual headers
  std::size_t content_len = 0;
  // Nearly every element has a low tag number and a minimal length of one, two or three bytes.
  if (available >= 2 && (begin[0] & kNumberMask) != kHighTagNumber) {
    if (begin[1] < 0x80) {
      header_len = 2;
      content_len = begin[1];
    } else if (begin[1] == 0x81 && available > 2) {
      header_len = 3;
      content_len = begin[2];
    } else if (begin[1] == 0x82 && available > 3) {
      header_len = 4;
      content_len = static_cast<std::size_t>(begin[2] << 8 | begin[3]);
    }
  }
  if (header_len == 0) return read_element_slow(at, end, out);
  if (content_len > available - header_len) return Errc::truncated;
  out = Element(begin[0], begin, header_len, content_len);
  at = begin + header_len + content_len;
  return Errc::ok;
}

}  // namespace peercert::der
