// SPDX-License-Identifier: Apache-2.0
#include "peer/ip_text.hpp"

#include <algorithm>
#include <charconv>

namespace peercert {
namespace {

constexpr std::size_t kNumGroups = 8;
constexpr std::size_t kMaxGroupLen = 4;
constexpr int kHex = 16;
constexpr std::string_view kGap = "::";

// The number that the whole text is; nullopt if it is none, or too long.
std::optional<unsigned> number(std::string_view text, std::size_t max_len, int base) noexcept {
  unsigned value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value, base);
  if (text.size() > max_len || error != std::errc() || stop != end) return std::nullopt;
  return value;
}

// IPv4address = dec-octet "." dec-octet "." dec-octet "." dec-octet. RFC 3986, 3.2.2.
bool parse_ipv4(std::string_view text, std::uint8_t* out) noexcept {
  for (std::size_t i = 0; i < kIpv4AddressLen; ++i) {
    const bool is_last = i + 1 == kIpv4AddressLen;
    const std::size_t end = is_last ? text.size() : text.find('.');
    if (end == std::string_view::npos) return false;
    const std::string_view octet = text.substr(0, end);
    const std::optional<unsigned> value = number(octet, 3, 10);
    if (!value || *value > 0xff || (octet.size() > 1 && octet[0] == '0')) return false;
    out[i] = static_cast<std::uint8_t>(*value);
    text.remove_prefix(is_last ? end : end + 1);
  }
  return true;
}

// Groups of hexadecimal digits with ":" between them, the last two perhaps as IPv4. Gives the
// number of octets; nullopt if it is something else, or longer than there is room.
std::optional<std::size_t> parse_groups(std::string_view text, std::uint8_t* out) noexcept {
  std::size_t len = 0;
  if (text.empty()) return len;
  for (;;) {
    const std::size_t end = text.find(':');
    const std::string_view group = text.substr(0, end);
    const bool is_last = end == std::string_view::npos;
    if (is_last && group.find('.') != std::string_view::npos) {
      if (len + kIpv4AddressLen > kIpv6AddressLen || !parse_ipv4(group, out + len))
        return std::nullopt;
      return len + kIpv4AddressLen;
    }
    const std::optional<unsigned> value = number(group, kMaxGroupLen, kHex);
    if (!value || len + 2 > kIpv6AddressLen) return std::nullopt;
    out[len++] = static_cast<std::uint8_t>(*value >> 8);
    out[len++] = static_cast<std::uint8_t>(*value);
    if (is_last) return len;
    text.remove_prefix(end + 1);
  }
}

// RFC 4291, 2.2: "::" stands once for one or more groups of zeros.
bool parse_ipv6(std::string_view text, std::uint8_t* out) noexcept {
  const std::size_t gap = text.find(kGap);
  if (gap == std::string_view::npos) return parse_groups(text, out) == kIpv6AddressLen;
  std::array<std::uint8_t, kIpv6AddressLen> back{};
  const std::string_view front_text = text.substr(0, gap);
  const std::string_view back_text = text.substr(gap + kGap.size());
  const bool has_ipv4_in_front = front_text.find('.') != std::string_view::npos;
  const std::optional<std::size_t> front_len = parse_groups(front_text, out);
  const std::optional<std::size_t> back_len = parse_groups(back_text, back.data());
  if (!front_len || !back_len || has_ipv4_in_front) return false;
  if (*front_len + *back_len > kIpv6AddressLen - 2) return false;
  std::fill(out + *front_len, out + kIpv6AddressLen, std::uint8_t{0});
  std::copy_n(back.data(), *back_len, out + kIpv6AddressLen - *back_len);
  return true;
}

void append_number(unsigned value, int base, std::string& to) {
  std::array<char, kMaxGroupLen> digits{};
  char* const begin = digits.data();
  to.append(begin, std::to_chars(begin, begin + digits.size(), value, base).ptr);
}

// The longest run of two or more zero groups, the first of several: [begin, end).
std::pair<std::size_t, std::size_t> longest_gap(Bytes address) noexcept {
  std::pair<std::size_t, std::size_t> best{kNumGroups, kNumGroups};
  for (std::size_t begin = 0; begin < kNumGroups; ++begin) {
    std::size_t end = begin;
    while (end < kNumGroups && address[2 * end] == 0 && address[2 * end + 1] == 0) ++end;
    if (end - begin > std::max<std::size_t>(best.second - best.first, 1)) best = {begin, end};
  }
  return best;
}

}  // namespace

std::optional<IpAddress> parse_ip_address(std::string_view text) noexcept {
  IpAddress address;
  const bool is_ipv6 = text.find(':') != std::string_view::npos;
  address.len = is_ipv6 ? kIpv6AddressLen : kIpv4AddressLen;
  std::uint8_t* const out = address.octets.data();
  if (!(is_ipv6 ? parse_ipv6(text, out) : parse_ipv4(text, out))) return std::nullopt;
  return address;
}

std::string ip_address_text(Bytes address) {
  std::string text;
  if (address.size() == kIpv4AddressLen) {
    for (const std::uint8_t octet : address) {
      if (!text.empty()) text += '.';
      append_number(octet, 10, text);
    }
  }
  if (address.size() != kIpv6AddressLen) return text;
  const auto [gap_begin, gap_end] = longest_gap(address);
  for (std::size_t group = 0; group < kNumGroups; ++group) {
    if (group == gap_begin) {
      text += kGap;
      group = gap_end - 1;
      continue;
    }
    if (group > 0 && group != gap_end) text += ':';
    append_number(static_cast<unsigned>(address[2 * group] << 8 | address[2 * group + 1]), kHex,
                  text);
  }
  return text;
}

}  // namespace peercert
