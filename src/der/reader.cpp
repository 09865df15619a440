// SPDX-License-Identifier: Apache-2.0
#include <peercert/der/reader.hpp>

namespace peercert::der {

Element Reader::refuse(const Element& element, Tag tag) noexcept {
  if (!element.exists()) return {};  // next() has said why
  const bool segmented = element.identifier == (tag | kConstructed) && is_string_type(tag);
  fail(segmented ? Errc::constructed_string : Errc::unexpected_tag, element.encoded.data());
  return {};
}

bool Reader::next_is_slow(Tag tag) const noexcept {
  Element element;
  const std::uint8_t* at = at_;
  if (read_element(at, end_, element) != Errc::ok) return false;
  return ((element.identifier ^ tag) & ~kConstructed) == 0;
}

}  // namespace peercert::der
