// SPDX-License-Identifier: Apache-2.0
// Structures in the form that nearly all certificates give them, recognised whole. Reading them
// element by element, which everything else takes, has the same outcome and costs five times as
// much. A length of 0 says that something else is at the front.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>

#include <peercert/base/result.hpp>
#include <peercert/der/element.hpp>
#include <peercert/der/tag.hpp>
#include <peercert/der/values.hpp>

namespace peercert::usual {

/// The first eight octets of a structure. Those that vary are kAny.
class Pattern {
 public:
  static constexpr int kAny = -1;

  constexpr Pattern(int a, int b, int c, int d, int e, int f, int g, int h) noexcept {
    std::array<std::uint8_t, 8> octets{};
    std::array<std::uint8_t, 8> mask{};
    std::size_t i = 0;
    for (const int octet : {a, b, c, d, e, f, g, h}) {
      mask[i] = octet == kAny ? 0x00 : 0xff;
      octets[i++] = octet == kAny ? std::uint8_t{0} : static_cast<std::uint8_t>(octet);
    }
    octets_ = std::bit_cast<std::uint64_t>(octets);
    mask_ = std::bit_cast<std::uint64_t>(mask);
  }
  bool matches(const std::uint8_t* at) const noexcept {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof(word));
    return (word & mask_) == octets_;
  }

 private:
  std::uint64_t octets_ = 0;
  std::uint64_t mask_ = 0;
};

/// Whether eight octets are decimal digits.
inline bool are_digits(const std::uint8_t* at) noexcept {
  constexpr std::uint64_t kOnes = 0x0101010101010101U;
  constexpr std::uint64_t kHighBits = 0x8080808080808080U;
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof(word));
  word ^= kOnes * '0';  // 0 to 9, which no other octet becomes
  return ((word | (word + kOnes * (0x7f - 9))) & kHighBits) == 0;
}

/// A RelativeDistinguishedName of one attribute 2.5.4.x, whose value is a short PrintableString or
/// UTF8String. Its characters are not looked at.
struct Rdn {
  std::size_t len = 0;
  std::uint8_t type = 0;  // x, under 128
  der::Tag value_tag = 0;
  Bytes value{};
};

///     31 L  30 L-2  06 03 55 04 x  tag L-9 value
inline Rdn rdn(Bytes at) noexcept {
  constexpr std::size_t kMinLen = 11;
  constexpr Pattern kFront(der::kSet, Pattern::kAny, der::kSequence, Pattern::kAny,  //
                           der::kOid, 3, 0x55, 0x04);
  if (at.size() < kMinLen || !kFront.matches(at.data())) return {};
  const std::size_t len = std::size_t{2} + at[1];
  if (at[1] >= 0x80 || len > at.size() || at[8] >= 0x80) return {};
  if (at[3] + 4U != len || at[10] + kMinLen != len) return {};
  if (at[9] != der::kPrintableString && at[9] != der::kUtf8String) return {};
  return {len, at[8], at[9], at.subspan(kMinLen, at[10])};
}

/// A short string somewhere in a structure. Its characters are not looked at.
struct ShortString {
  std::size_t len = 0;  // of the structure
  Bytes value{};
};

/// A GeneralName that is a dNSName.
///
///     82 n name
inline ShortString dns_name(Bytes at) noexcept {
  if (at.size() < 2 || at[0] != der::context(2) || at[1] >= 0x80) return {};
  const std::size_t len = std::size_t{2} + at[1];
  if (len > at.size()) return {};
  return {len, at.subspan(2, at[1])};
}

/// An AccessDescription 1.3.6.1.5.5.7.48.x of a URI.
struct AccessUri {
  std::size_t len = 0;
  std::uint8_t method = 0;  // x, under 128
  Bytes value{};
};

///     30 L  06 08 2b 06 01 05 05 07 30 x  86 L-12 uri
inline AccessUri access_uri(Bytes at) noexcept {
  constexpr std::size_t kMinLen = 14;
  constexpr Pattern kFront(der::kSequence, Pattern::kAny, der::kOid, 8, 0x2b, 6, 1, 5);
  constexpr Pattern kMiddle(6, 1, 5, 5, 7, 0x30, Pattern::kAny, der::context(6));
  if (at.size() < kMinLen || !kFront.matches(at.data()) || !kMiddle.matches(at.data() + 5))
    return {};
  const std::size_t len = std::size_t{2} + at[1];
  if (at[1] >= 0x80 || len > at.size() || at[13] + kMinLen != len || at[11] >= 0x80) return {};
  return {len, at[11], at.subspan(kMinLen, at[13])};
}

/// A DistributionPoint of one URI.
///
///     30 L  a0 L-2  a0 L-4  86 L-6 uri
inline ShortString distribution_point(Bytes at) noexcept {
  constexpr std::size_t kMinLen = 8;
  constexpr Pattern kFront(der::kSequence, Pattern::kAny, der::context_constructed(0),
                           Pattern::kAny, der::context_constructed(0), Pattern::kAny,
                           der::context(6), Pattern::kAny);
  if (at.size() < kMinLen || !kFront.matches(at.data())) return {};
  const std::size_t len = std::size_t{2} + at[1];
  if (at[1] >= 0x80 || len > at.size()) return {};
  if (at[3] + 4U != len || at[5] + 6U != len || at[7] + kMinLen != len) return {};
  return {len, at.subspan(kMinLen, at[7])};
}

/// The content octets of a SEQUENCE OF whose items are all recognised, and ASCII: nullopt if some
/// are not, or if there are octets behind it. Calls `use` with each item and its octets.
template <class Item, class Use>
std::optional<Bytes> ascii_items(Bytes value, Item (*recognise)(Bytes) noexcept, Use use) noexcept {
  const std::uint8_t* at = value.data();
  der::Element sequence;
  const Errc error = der::read_element(at, value.data() + value.size(), sequence);
  if (error != Errc::ok || sequence.identifier() != der::kSequence) return std::nullopt;
  if (sequence.encoded().size() != value.size()) return std::nullopt;
  for (Bytes rest = sequence.content(); !rest.empty();) {
    const Item item = recognise(rest);
    if (item.len == 0 || !der::is_ascii(item.value)) return std::nullopt;
    use(item, rest.first(item.len));
    rest = rest.subspan(item.len);
  }
  return sequence.content();
}

/// An Extension whose value is short.
struct ShortExtension {
  std::size_t len = 0;
  Bytes oid{};
  Bytes value{};
};

///     30 L  06 k oid  [01 01 any]  04 n value
inline ShortExtension short_extension(Bytes at) noexcept {
  constexpr std::size_t kOidAt = 4;
  constexpr std::size_t kMinValueHeaderLen = 5;  // looked at, BOOLEAN included, if it is there
  if (at.size() < kOidAt || at[0] != der::kSequence || at[2] != der::kOid) return {};
  const std::size_t len = std::size_t{2} + at[1];
  const std::size_t oid_end = kOidAt + at[3];
  if (at[1] >= 0x80 || len > at.size() || oid_end + kMinValueHeaderLen > len) return {};
  const bool has_critical = at[oid_end] == der::kBoolean && at[oid_end + 1] == 1;
  const std::size_t value_at = oid_end + (has_critical ? 3 : 0);
  if (at[value_at] != der::kOctetString || value_at + 2 + at[value_at + 1] != len) return {};
  const Bytes oid = at.subspan(kOidAt, at[3]);
  const bool is_id_ce = oid.size() == 3 && oid[0] == 0x55 && oid[1] == 0x1d && oid[2] < 0x80;
  if (!is_id_ce && der::check_oid(oid) != Errc::ok) return {};
  return {len, oid, at.subspan(value_at + 2, at[value_at + 1])};
}

}  // namespace peercert::usual
