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

/// The content rules of whatever universal type the element claims to be; ok for all other classes.
Errc check_any(const Element& element) noexcept;

/// Whether BER may split the type's content into segments (X.690, 8.7.3 and 8.21).
bool is_string_type(Tag tag) noexcept;

}  // namespace peercert::der
