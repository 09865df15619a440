// SPDX-License-Identifier: Apache-2.0
// Structures in the form that nearly all certificates give them, recognised whole. Reading them
// element by element, which everything else takes, has the same outcome and costs five times as
// much.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include <peercert/der/strings.hpp>
#include <peercert/der/tag.hpp>
#include <peercert/result.hpp>
#include <peercert/x509/name.hpp>

namespace peercert::usual {

inline bool starts_with(const std::uint8_t* at, const char (&octets)[5]) noexcept {
  return std::memcmp(at, octets, 4) == 0;
}

/// The length of the RelativeDistinguishedName at the front if it holds one attribute 2.5.4.x whose
/// value is a short string of characters that need no look; else 0.
///
///     31 L  30 L-2  06 03 55 04 x  tag L-9 value
inline std::size_t rdn_len(Bytes at) noexcept {
  constexpr std::size_t kMinLen = 11;
  if (at.size() < kMinLen || at[0] != der::kSet || at[2] != der::kSequence) return 0;
  const std::size_t len = std::size_t{2} + at[1];
  if (at[1] >= 0x80 || len < kMinLen || len > at.size()) return 0;
  if (at[3] + 4U != len || at[10] + kMinLen != len) return 0;
  if (!starts_with(at.data() + 4, "\x06\x03\x55\x04") || at[8] >= 0x80) return 0;
  if (at[9] == der::kPrintableString) return len;
  return at[9] == der::kUtf8String && der::is_ascii(at.subspan(kMinLen, at[10])) ? len : 0;
}

/// The attribute of an RDN that rdn_len() knows.
inline Attribute attribute_of_rdn(const std::uint8_t* at) noexcept {
  return {{at + 6, 3}, at[9], {at + 11, at[10]}};
}

/// The length of the GeneralName at the front if it is a short dNSName; else 0. Its characters are
/// not looked at.
///
///     82 n name
inline std::size_t dns_name_len(Bytes at) noexcept {
  if (at.size() < 2 || at[0] != der::context(2) || at[1] >= 0x80) return 0;
  const std::size_t len = std::size_t{2} + at[1];
  return len <= at.size() ? len : 0;
}

/// An extension 2.5.29.x with a short value.
struct ShortExtension {
  std::size_t len = 0;  // 0: something else is at the front
  Bytes oid{};
  Bytes value{};
};

///     30 L  06 03 55 1d x  [01 01 any]  04 n value
inline ShortExtension short_extension(Bytes at) noexcept {
  constexpr std::size_t kOidEnd = 7;
  constexpr std::size_t kMaxHeaderLen =
      12;  // looked at whether they belong to the extension or not
  if (at.size() < kMaxHeaderLen || at[0] != der::kSequence || at[1] >= 0x80) return {};
  const std::size_t len = std::size_t{2} + at[1];
  if (len > at.size()) return {};
  if (!starts_with(at.data() + 2, "\x06\x03\x55\x1d") || at[6] >= 0x80) return {};
  const bool has_critical = at[kOidEnd] == der::kBoolean && at[kOidEnd + 1] == 1;
  const std::size_t value_at = kOidEnd + (has_critical ? 3 : 0);
  if (at[value_at] != der::kOctetString || at[value_at + 1] >= 0x80) return {};
  if (value_at + 2 + at[value_at + 1] != len) return {};
  return {len, at.subspan(4, 3), at.subspan(value_at + 2, at[value_at + 1])};
}

}  // namespace peercert::usual
