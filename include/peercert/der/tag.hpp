// SPDX-License-Identifier: Apache-2.0
// Identifier octets by their X.680 names.
#pragma once

#include <cstdint>

namespace peercert::der {

/// An identifier octet: class (2 bits), constructed (1 bit), tag number (5 bits). X.690, 8.1.2.
using Tag = std::uint8_t;

inline constexpr Tag kConstructed = 0x20;  // set in an identifier whose content is made of elements
inline constexpr Tag kClassMask = 0xc0;    // the bits of an identifier that tell the class
inline constexpr Tag kNumberMask = 0x1f;   // the bits of an identifier that tell the number
/// The tag number of identifiers whose number follows in further bytes, X.690, 8.1.2.4.
inline constexpr Tag kHighTagNumber = 0x1f;

/// The identifiers of the universal types, in the form that DER gives them. X.680, 8.6.
///@{
inline constexpr Tag kBoolean = 0x01;
inline constexpr Tag kInteger = 0x02;
inline constexpr Tag kBitString = 0x03;
inline constexpr Tag kOctetString = 0x04;
inline constexpr Tag kNull = 0x05;
inline constexpr Tag kOid = 0x06;
inline constexpr Tag kObjectDescriptor = 0x07;
inline constexpr Tag kExternal = 0x08;
inline constexpr Tag kReal = 0x09;
inline constexpr Tag kEnumerated = 0x0a;
inline constexpr Tag kEmbeddedPdv = 0x0b;
inline constexpr Tag kUtf8String = 0x0c;
inline constexpr Tag kNumericString = 0x12;
inline constexpr Tag kPrintableString = 0x13;
inline constexpr Tag kTeletexString = 0x14;
inline constexpr Tag kIa5String = 0x16;
inline constexpr Tag kUtcTime = 0x17;
inline constexpr Tag kGeneralizedTime = 0x18;
inline constexpr Tag kVisibleString = 0x1a;
inline constexpr Tag kUniversalString = 0x1c;
inline constexpr Tag kCharacterString = 0x1d;
inline constexpr Tag kBmpString = 0x1e;
inline constexpr Tag kSequence = 0x30;
inline constexpr Tag kSet = 0x31;
///@}

/// `[number]` over a primitive type, IMPLICIT.
constexpr Tag context(int number) noexcept { return static_cast<Tag>(0x80 | number); }
/// `[number]` over a constructed type, or EXPLICIT.
constexpr Tag context_constructed(int number) noexcept { return static_cast<Tag>(0xa0 | number); }

/// Whether the tag is one of X.680's own, and so has content rules here.
constexpr bool is_universal(Tag tag) noexcept { return (tag & kClassMask) == 0; }

}  // namespace peercert::der
