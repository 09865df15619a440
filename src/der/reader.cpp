// SPDX-License-Identifier: Apache-2.0
#include <peercert/der/reader.hpp>
#include <peercert/der/values.hpp>

namespace peercert::der {

Element Reader::next() noexcept {
  Element element;
  if (failed()) return element;
  const Errc error = at_ == end_ ? Errc::missing_field : read_element(at_, end_, element);
  if (error != Errc::ok) fail(error, at_);
  return element;
}

Element Reader::read(Tag tag) noexcept {
  const Element element = next();
  if (element.identifier == tag || failed()) return element;
  const bool segmented = element.identifier == (tag | kConstructed) && is_string_type(tag);
  fail(segmented ? Errc::constructed_string : Errc::unexpected_tag, element.encoded.data());
  return {};
}

Element Reader::read_of(Tag tag) noexcept {
  const Element element = next();
  if ((element.identifier | kConstructed) == tag || failed()) return element;
  fail(Errc::unexpected_tag, element.encoded.data());
  return {};
}

Element Reader::read_any() noexcept {
  const Element element = next();
  if (failed()) return {};
  const Errc error = check_any(element);
  if (error == Errc::ok) return element;
  fail(error, element.encoded.data());
  return {};
}

bool Reader::next_is(Tag tag) const noexcept {
  if (!more()) return false;
  // A BER encoder may have written the tag number in the high form or the string in segments: the
  // field is there all the same, and read() says what is wrong with it.
  if (((*at_ ^ tag) & ~kConstructed) == 0) return true;
  if ((*at_ & kNumberMask) != kHighTagNumber) return false;
  Element element;
  const std::uint8_t* at = at_;
  return read_element(at, end_, element) == Errc::ok &&
         ((element.identifier ^ tag) & ~kConstructed) == 0;
}

Bytes Reader::checked(const Element& element, Errc (*check)(Bytes) noexcept) noexcept {
  if (failed()) return {};
  const Errc error = check(element.content);
  if (error == Errc::ok) return element.content;
  fail(error, element.encoded.data());
  return {};
}

Bytes Reader::read_integer() noexcept { return checked(read(kInteger), check_integer); }
Bytes Reader::read_oid() noexcept { return checked(read(kOid), check_oid); }
Bytes Reader::read_bit_string() noexcept { return checked(read(kBitString), check_bit_string); }

}  // namespace peercert::der
