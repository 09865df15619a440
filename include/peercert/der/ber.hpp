// SPDX-License-Identifier: Apache-2.0
// The two forms of BER that cannot be read in place: indefinite lengths and strings in segments.
#pragma once

#include <vector>

#include <peercert/base/result.hpp>
#include <peercert/der/tag.hpp>

namespace peercert::der {

/// OpenSSL's ASN1_MAX_STRING_NEST: how deep the segments of a string may be nested.
inline constexpr int kMaxSegmentDepth = 5;

/// A TLV of BER. Borrows the input.
struct BerElement {
  Tag identifier = 0;         // the low five bits are kHighTagNumber for tag numbers over 30
  Bytes identifier_octets{};  // all of the tag
  bool indefinite = false;    // whether end-of-contents octets end it
  Bytes content{};            // without the end-of-contents octets
  Bytes encoded{};            // all of it
};

/// Reads the element at `at` and moves `at` past it; for an indefinite length it looks for the
/// end-of-contents octets that belong to it. Work is linear in the element's size. On failure
/// neither changes. X.690, 8.1.
Errc read_ber_element(const std::uint8_t*& at, const std::uint8_t* end, BerElement& out) noexcept;

/// Appends the bytes of a string's segments to `out`, in order; the tags of the segments are
/// ignored, as in OpenSSL. X.690, 8.7.3. On failure part of them may have been appended.
Errc append_segments(Bytes content, std::vector<std::uint8_t>& out);

/// Inserts the header of a TLV before the content that `out` holds from `start` on. X.690, 10.1.
void insert_header(std::vector<std::uint8_t>& out, std::size_t start, Bytes identifier_octets);

}  // namespace peercert::der
