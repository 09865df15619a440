// SPDX-License-Identifier: Apache-2.0
#include "der/header.hpp"

namespace peercert::der {
namespace {

// The largest tag number that OpenSSL's ASN1_get_object() reads.
constexpr std::uint32_t kMaxTagNumber = 0x7fffffff;
constexpr std::size_t kMaxLengthOctets = sizeof(std::size_t);  // without leading zero octets

// X.690, 8.1.2.4: the tag number in base 128. Low numbers may be written so too.
Errc read_identifier(const std::uint8_t*& at, const std::uint8_t* end, Tag& identifier) noexcept {
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

// X.690, 8.1.3: the short form, the indefinite form, and the long form with any number of leading
// zero octets.
Errc read_length(const std::uint8_t*& at, const std::uint8_t* end, Header& header) noexcept {
  if (at == end) return Errc::truncated;
  const std::uint8_t first = *at++;
  header.content_len = first;
  if (first < 0x80) return Errc::ok;
  header.content_len = 0;
  if (first == 0x80) {
    header.indefinite = true;
    return (header.identifier & kConstructed) ? Errc::ok : Errc::bad_length;
  }
  std::size_t num_octets = first & 0x7f;
  if (static_cast<std::size_t>(end - at) < num_octets) return Errc::truncated;
  while (num_octets > 0 && *at == 0) {
    ++at;
    --num_octets;
  }
  if (num_octets > kMaxLengthOctets) return Errc::bad_length;
  for (; num_octets > 0; --num_octets) header.content_len = header.content_len << 8 | *at++;
  return Errc::ok;
}

}  // namespace

Errc read_header(const std::uint8_t*& at, const std::uint8_t* end, Header& out) noexcept {
  if (at == end) return Errc::missing_field;
  out = {};
  const std::uint8_t* const begin = at;
  if (const Errc error = read_identifier(at, end, out.identifier); error != Errc::ok) return error;
  out.identifier_octets = Bytes(begin, at);
  return read_length(at, end, out);
}

}  // namespace peercert::der
