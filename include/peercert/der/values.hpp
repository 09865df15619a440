// SPDX-License-Identifier: Apache-2.0
// The rules that X.690 sets for the content of primitive types.
#pragma once

#include <peercert/der/element.hpp>
#include <peercert/der/tag.hpp>
#include <peercert/result.hpp>

namespace peercert::der {

/// Errc::ok or what breaks the rule. Content octets, without tag and length.
Errc check_integer(Bytes content) noexcept;     // X.690, 8.3.2: minimal two's complement
Errc check_oid(Bytes content) noexcept;         // X.690, 8.19.2: whole, unpadded subidentifiers
Errc check_bit_string(Bytes content) noexcept;  // X.690, 8.6.2: 0 to 7 unused bits

/// The octets of a checked BIT STRING, its unused bits cleared as OpenSSL clears them. Borrows
/// them.
class BitString {
 public:
  explicit BitString(Bytes content) noexcept
      : octets_(content.subspan(1)), last_mask_(static_cast<std::uint8_t>(0xff << content[0])) {}
  std::size_t size() const noexcept { return octets_.size(); }
  std::uint8_t operator[](std::size_t i) const noexcept {
    return i + 1 == octets_.size() ? octets_[i] & last_mask_ : octets_[i];
  }

 private:
  Bytes octets_;
  std::uint8_t last_mask_;
};

/// The content rules of whatever universal type the element claims to be; ok for all other classes.
Errc check_any(const Element& element) noexcept;

/// Whether BER may split the type's content into segments (X.690, 8.7.3 and 8.21).
bool is_string_type(Tag tag) noexcept;

}  // namespace peercert::der
