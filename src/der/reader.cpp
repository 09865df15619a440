// SPDX-License-Identifier: Apache-2.0
#include <peercert/der/reader.hpp>

namespace peercert::der {

void Reader::refuse(Bytes encoded, Tag found, Tag wanted) noexcept {
  if (encoded.empty()) return;  // next() has said why
  const bool segmented = found == (wanted | kConstructed) && is_string_type(wanted);
  fail(segmented ? Errc::constructed_string : Errc::unexpected_tag, encoded.data());
}

bool Reader::next_is_slow(Tag tag) const noexcept {
  Element element;
  const std::uint8_t* at = at_;
  if (read_element(at, end_, element) != Errc::ok) return false;
  return ((element.identifier() ^ tag) & ~kConstructed) == 0;
}

}  // namespace peercert::der
