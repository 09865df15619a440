// SPDX-License-Identifier: Apache-2.0
#include <peercert/der/reader.hpp>

#include "der/header.hpp"

namespace peercert::der {

void Reader::refuse(Bytes encoded, Tag found, Tag wanted) noexcept {
  if (encoded.empty()) return;  // next() has said why
  const bool segmented = found == (wanted | kConstructed) && is_string_type(wanted);
  fail(segmented ? Errc::constructed_string : Errc::unexpected_tag, encoded.data());
}

bool Reader::next_is_slow(Tag tag) const noexcept {
  Header header;
  const std::uint8_t* at = at_;
  if (read_header(at, end_, header) != Errc::ok) return false;
  return ((header.identifier ^ tag) & ~kConstructed) == 0;
}

}  // namespace peercert::der
