// SPDX-License-Identifier: Apache-2.0
// A small DER writer for tests, so that each of them shows the octets that it is about.
#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <peercert/der/tag.hpp>

namespace peercert::test {

using Octets = std::vector<std::uint8_t>;

/// The characters as octets.
inline Octets octets(std::string_view text) { return {text.begin(), text.end()}; }

/// "30 03 02 01 05" as octets.
inline Octets hex(std::string_view digits) {
  Octets out;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    while (digits[i] == ' ') ++i;
    std::uint8_t octet = 0;
    std::from_chars(digits.data() + i, digits.data() + i + 2, octet, 16);
    out.push_back(octet);
  }
  return out;
}

template <class... Parts>
Octets concat(const Parts&... parts) {
  Octets out;
  (out.insert(out.end(), parts.begin(), parts.end()), ...);
  return out;
}

/// An element with a length in its minimal form.
inline Octets tlv(der::Tag tag, const Octets& content) {
  Octets length;
  for (std::size_t rest = content.size(); rest > 0; rest >>= 8) {
    length.insert(length.begin(), static_cast<std::uint8_t>(rest));
  }
  if (length.empty()) length.push_back(0);
  if (content.size() >= 0x80) {
    length.insert(length.begin(), static_cast<std::uint8_t>(0x80 | length.size()));
  }
  return concat(Octets{tag}, length, content);
}

inline Octets tlv(der::Tag tag, std::string_view content) { return tlv(tag, octets(content)); }

template <class... Parts>
Octets sequence(const Parts&... parts) {
  return tlv(der::kSequence, concat(parts...));
}

template <class... Parts>
Octets set(const Parts&... parts) {
  return tlv(der::kSet, concat(parts...));
}

/// The content octets of "2.5.4.3". Arcs under 2^64.
inline Octets oid_content(std::string_view dotted) {
  std::vector<std::uint64_t> arcs;
  for (const char *at = dotted.data(), *end = at + dotted.size(); at < end; ++at) {
    at = std::from_chars(at, end, arcs.emplace_back()).ptr;
  }
  arcs[1] += arcs[0] * 40;  // X.690, 8.19.4: the first two arcs share a subidentifier
  Octets out;
  for (std::size_t i = 1; i < arcs.size(); ++i) {
    Octets septets{static_cast<std::uint8_t>(arcs[i] & 0x7f)};
    for (std::uint64_t rest = arcs[i] >> 7; rest > 0; rest >>= 7) {
      septets.insert(septets.begin(), static_cast<std::uint8_t>(0x80 | (rest & 0x7f)));
    }
    out.insert(out.end(), septets.begin(), septets.end());
  }
  return out;
}

inline Octets oid(std::string_view dotted) { return tlv(der::kOid, oid_content(dotted)); }

inline Octets null() { return tlv(der::kNull, Octets()); }

/// A BIT STRING of whole octets.
inline Octets bit_string(const Octets& octets) {
  return tlv(der::kBitString, concat(Octets{0}, octets));
}

/// A SubjectPublicKeyInfo.
inline Octets key_info(const Octets& algorithm, const Octets& key) {
  return sequence(algorithm, bit_string(key));
}

}  // namespace peercert::test
