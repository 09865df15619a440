// SPDX-License-Identifier: Apache-2.0
#include <peercert/der/values.hpp>

namespace peercert::der {

Errc check_oid_slow(Bytes content) noexcept {
  if (content.empty() || (content.back() & 0x80)) return Errc::bad_oid;
  bool at_start = true;
  for (const std::uint8_t octet : content) {
    if (at_start && octet == 0x80) return Errc::bad_oid;
    at_start = !(octet & 0x80);
  }
  return Errc::ok;
}

bool is_string_type(Tag tag) noexcept {
  switch (tag) {
    case kBoolean:
    case kInteger:
    case kNull:
    case kOid:
    case kEnumerated: return false;
    default: return true;
  }
}

namespace {

Errc check_universal(Tag number, Bytes content) noexcept {
  switch (number) {
    case kBoolean: return content.size() == 1 ? Errc::ok : Errc::bad_boolean;
    case kInteger:
    case kEnumerated: return check_integer(content);
    case kBitString: return check_bit_string(content);
    case kNull: return content.empty() ? Errc::ok : Errc::bad_null;
    case kOid: return check_oid(content);
    case kBmpString: return content.size() % 2 == 0 ? Errc::ok : Errc::bad_string_length;
    case kUniversalString: return content.size() % 4 == 0 ? Errc::ok : Errc::bad_string_length;
    default: return Errc::ok;
  }
}

}  // namespace

Errc check_any_slow(Tag tag, Bytes content) noexcept {
  if (!is_universal(tag) || (tag & kNumberMask) == kHighTagNumber) return Errc::ok;
  if (tag == kSequence || tag == kSet) return Errc::ok;
  const Tag number = tag & kNumberMask;
  if (number == (kSequence & kNumberMask) || number == (kSet & kNumberMask)) {
    return Errc::unexpected_tag;  // a SEQUENCE or SET without the constructed bit
  }
  if (tag & kConstructed) {
    return is_string_type(number) ? Errc::constructed_string : Errc::unexpected_tag;
  }
  return check_universal(number, content);
}

}  // namespace peercert::der
