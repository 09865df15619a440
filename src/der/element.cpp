// SPDX-License-Identifier: Apache-2.0
#include <peercert/der/element.hpp>

#include "der/header.hpp"

namespace peercert::der {

Errc read_element_slow(const std::uint8_t*& at, const std::uint8_t* end, Element& out) noexcept {
  const std::uint8_t* cursor = at;
  Header header;
  if (const Errc error = read_header(cursor, end, header); error != Errc::ok) return error;
  if (header.indefinite) return Errc::indefinite_length;
  if (header.content_len > static_cast<std::size_t>(end - cursor)) return Errc::truncated;
  const auto header_len = static_cast<std::size_t>(cursor - at);
  if (header_len > kMaxHeaderLen || header.content_len > kMaxContentLen) return Errc::bad_length;
  out = Element(header.identifier, at, header_len, header.content_len);
  at = cursor + header.content_len;
  return Errc::ok;
}

}  // namespace peercert::der
