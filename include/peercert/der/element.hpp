// SPDX-License-Identifier: Apache-2.0
// One tag, length, value: the only place where lengths are read and bounds are checked.
#pragma once

#include <peercert/der/tag.hpp>
#include <peercert/result.hpp>

namespace peercert::der {

/// A TLV. Borrows the input. An element that was not there has no octets at all.
struct Element {
  Tag identifier = 0;  // the low five bits are kHighTagNumber for tag numbers over 30
  Bytes content{};
  Bytes encoded{};  // header and content

  bool exists() const noexcept { return !encoded.empty(); }
};

/// The general form of read_element(): high tag numbers, long and padded lengths. Not inline.
Errc read_element_slow(const std::uint8_t*& at, const std::uint8_t* end, Element& out) noexcept;

/// Reads the element at `at` and moves `at` behind it. On failure neither changes. Lengths may be
/// padded, and low tag numbers may take the high form, as BER allows; indefinite lengths are
/// refused with Errc::indefinite_length. X.690, 8.1.2 and 8.1.3.
inline Errc read_element(const std::uint8_t*& at, const std::uint8_t* end, Element& out) noexcept {
  // Nearly every element has a low tag number and a minimal length of one, two or three octets.
  if (end - at < 2 || (at[0] & kNumberMask) == kHighTagNumber) {
    return read_element_slow(at, end, out);
  }
  std::size_t header_len = 2;
  std::size_t content_len = at[1];
  if (content_len >= 0x80) {
    if (content_len == 0x81 && end - at > 2) {
      header_len = 3;
      content_len = at[2];
    } else if (content_len == 0x82 && end - at > 3) {
      header_len = 4;
      content_len = static_cast<std::size_t>(at[2] << 8 | at[3]);
    } else {
      return read_element_slow(at, end, out);
    }
  }
  if (content_len > static_cast<std::size_t>(end - at) - header_len) return Errc::truncated;
  out.identifier = at[0];
  out.content = Bytes(at + header_len, content_len);
  out.encoded = Bytes(at, header_len + content_len);
  at += header_len + content_len;
  return Errc::ok;
}

}  // namespace peercert::der
