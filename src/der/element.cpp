// SPDX-License-Identifier: Apache-2.0
#include <peercert/der/element.hpp>

namespace peercert::der {
namespace {

// The largest tag number that OpenSSL's ASN1_get_object() reads.
constexpr std::uint32_t kMaxTagNumber = 0x7fffffff;

struct Header {
  Tag identifier = 0;
  std::size_t content_len = 0;
};

// X.690, 8.1.2.4: the tag number in base 128. Also low numbers may be written so; they come out in
// their usual form.
Errc read_tag(const std::uint8_t*& at, const std::uint8_t* end, Tag& identifier) noexcept {
  identifier = *at++;
  if ((identifier & kNumberMask) != kHighTagNumber) return Errc::ok;
  std::uint32_t number = 0;
  std::uint8_t octet = 0;
  do {
    if (at == end) return Errc::truncated;
    if (number > (kMaxTagNumber >> 7)) return Errc::bad_length;
    octet = *at++;
    number = number << 7 | (octet & 0x7f);
  } while (octet & 0x80);
  if (number < kHighTagNumber) {
    identifier = static_cast<Tag>((identifier & ~kNumberMask) | number);
  }
  return Errc::ok;
}

// X.690, 8.1.3: the short form, and the long form with any number of leading zero octets.
Errc read_length(const std::uint8_t*& at, const std::uint8_t* end, Header& header) noexcept {
  if (at == end) return Errc::truncated;
  const std::uint8_t first = *at++;
  header.content_len = first;
  if (first < 0x80) return Errc::ok;
  if (first == 0x80) {
    return (header.identifier & kConstructed) ? Errc::indefinite_length : Errc::bad_length;
  }
  std::size_t num_octets = first & 0x7f;
  if (static_cast<std::size_t>(end - at) < num_octets) return Errc::truncated;
  while (num_octets > 0 && *at == 0) {
    ++at;
    --num_octets;
  }
  if (num_octets > 8) return Errc::bad_length;
  header.content_len = 0;
  for (; num_octets > 0; --num_octets) header.content_len = header.content_len << 8 | *at++;
  return Errc::ok;
}

}  // namespace

Errc read_element_slow(const std::uint8_t*& at, const std::uint8_t* end, Element& out) noexcept {
  const std::uint8_t* cursor = at;
  if (cursor == end) return Errc::missing_field;
  Header header;
  if (const Errc error = read_tag(cursor, end, header.identifier); error != Errc::ok) return error;
  if (const Errc error = read_length(cursor, end, header); error != Errc::ok) return error;
  if (header.content_len > static_cast<std::size_t>(end - cursor)) return Errc::truncated;
  out.identifier = header.identifier;
  out.content = Bytes(cursor, header.content_len);
  cursor += header.content_len;
  out.encoded = Bytes(at, cursor);
  at = cursor;
  return Errc::ok;
}

}  // namespace peercert::der
