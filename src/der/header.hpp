// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <peercert/base/result.hpp>
#include <peercert/der/tag.hpp>

namespace peercert::der {

/// Identifier and length octets.
struct Header {
  Tag identifier = 0;  // a low tag number in its usual form, even if it was written in the high one
  Bytes identifier_octets{};
  bool indefinite = false;
  std::size_t content_len = 0;  // 0 if indefinite
};

/// Reads a header in any form that BER has and moves `at` behind it; on failure `at` may be
/// anywhere. Whether the content fits is not checked. X.690, 8.1.2 and 8.1.3.
Errc read_header(const std::uint8_t*& at, const std::uint8_t* end, Header& out) noexcept;

}  // namespace peercert::der
