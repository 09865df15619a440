// SPDX-License-Identifier: Apache-2.0
// The grammars of host names, mailboxes and URIs, RFC 5280, 4.2.1.6.
#pragma once

#include <cstddef>
#include <string_view>

#include <peercert/base/result.hpp>

namespace peercert {

inline constexpr std::size_t kMaxDnsNameLen = 253;  // RFC 1035, 2.3.4, without the lengths' octets
inline constexpr std::size_t kMaxLabelLen = 63;
inline constexpr std::size_t kIpv4AddressLen = 4;
inline constexpr std::size_t kIpv6AddressLen = 16;

inline std::string_view as_text(Bytes octets) noexcept {
  return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}

constexpr char to_lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
/// Whether they differ in nothing but the case of ASCII letters.
bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept;

enum class Underscores : bool { refused, allowed };

/// RFC 1034, 3.5, with the digits of RFC 1123, 2.1: labels of 1 to 63 letters, digits and hyphens,
/// no hyphen first or last, 253 octets in all. No dot in front or behind, no wildcard.
bool is_host_name(std::string_view name, Underscores underscores = Underscores::refused) noexcept;
/// Whether the last label is a number, as in "192.0.2.1": RFC 1123, 2.1, knows no such domain.
bool ends_in_number(std::string_view name) noexcept;

/// What a dNSName may be, RFC 9525, 6.3: "*" is the whole left-most label, or not there at all.
enum class DnsNameForm : std::uint8_t { malformed, host_name, wildcard, misplaced_wildcard };
DnsNameForm dns_name_form(std::string_view name) noexcept;
inline constexpr std::string_view kWildcard = "*.";  // what a wildcard has in front of a host name

/// Local-part "@" Domain, RFC 5321, 4.1.2, without comment or angle brackets. The domain may be a
/// literal in brackets. Underscores in it are in use, but not in the grammar.
bool is_mailbox(std::string_view address, Underscores underscores = Underscores::allowed) noexcept;

/// A scheme, ":", and something behind it; no characters that RFC 3986 wants escaped.
bool is_absolute_uri(std::string_view uri) noexcept;

}  // namespace peercert
