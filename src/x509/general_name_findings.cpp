// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string_view>

#include "x509/inspection.hpp"

namespace peercert {
namespace {

constexpr std::size_t kMaxDnsNameLen = 253;  // RFC 1035, 2.3.4, without the octets of the lengths
constexpr std::size_t kMaxLabelLen = 63;
constexpr std::size_t kIpv4Len = 4;
constexpr std::size_t kIpv6Len = 16;

std::string_view as_text(Bytes octets) noexcept {
  return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}

bool is_letter(char c) noexcept { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_visible(char c) noexcept { return c > ' ' && c < '\x7f'; }

// RFC 1034, 3.5, with the digits of RFC 1123, 2.1, and the underscore that is a finding of its own.
bool is_label(std::string_view label) noexcept {
  if (label.empty() || label.size() > kMaxLabelLen) return false;
  if (label.front() == '-' || label.back() == '-') return false;
  return std::ranges::all_of(
      label, [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_'; });
}

// The preferred name syntax, with or without the "*." of RFC 6125, 6.4.3, in front.
bool is_host_name(std::string_view name) noexcept {
  if (name.size() > kMaxDnsNameLen) return false;
  if (name.starts_with("*.")) name.remove_prefix(2);
  for (;;) {
    const std::size_t dot = name.find('.');
    if (!is_label(name.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    name.remove_prefix(dot + 1);
  }
}

// RFC 5280, 4.2.1.6: Local-part "@" Domain, without comment or angle brackets.
bool is_mailbox(std::string_view address) noexcept {
  const std::size_t at = address.rfind('@');
  if (at == std::string_view::npos || at == 0) return false;
  const std::string_view domain = address.substr(at + 1);
  const bool is_literal = domain.starts_with('[') && domain.ends_with(']');
  const bool is_plain =
      std::ranges::all_of(address, [](char c) { return is_visible(c) && c != '<' && c != '>'; });
  return is_plain && (is_literal || is_host_name(domain));
}

// RFC 3986: a scheme, ":", and something behind it; no characters that a URI has to escape.
bool is_absolute_uri(std::string_view uri) noexcept {
  const std::size_t colon = uri.find(':');
  if (colon == std::string_view::npos || colon + 1 == uri.size()) return false;
  const std::string_view scheme = uri.substr(0, colon);
  const bool is_scheme =
      !scheme.empty() && is_letter(scheme.front()) && std::ranges::all_of(scheme, [](char c) {
        return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
      });
  return is_scheme && std::ranges::all_of(uri, [](char c) {
           return is_visible(c) &&
                  std::string_view("\"<>\\^`{|}").find(c) == std::string_view::npos;
         });
}

void check_dns_name(std::string_view name, const std::uint8_t* at, Inspection& in) noexcept {
  if (!is_host_name(name)) return in.add(FindingCode::bad_dns_name, at);
  in.expect(name.find('_') == std::string_view::npos, FindingCode::underscore_in_dns_name, at);
}

bool is_ia5(GeneralNameType type) noexcept {
  return type == GeneralNameType::dns_name || type == GeneralNameType::rfc822_name ||
         type == GeneralNameType::uniform_resource_identifier;
}

}  // namespace

// RFC 5280, 4.2.1.6
void check_general_name(const GeneralName& name, const std::uint8_t* at, Inspection& in) noexcept {
  if (is_ia5(name.type)) {
    if (name.value.empty()) return in.add(FindingCode::empty_general_name, at);
    if (!der::is_ascii(name.value)) return in.add(FindingCode::invalid_characters, at);
  }
  const std::string_view text = as_text(name.value);
  switch (name.type) {
    case GeneralNameType::dns_name: return check_dns_name(text, at, in);
    case GeneralNameType::rfc822_name:
      return in.expect(is_mailbox(text), FindingCode::bad_email_address, at);
    case GeneralNameType::uniform_resource_identifier:
      return in.expect(is_absolute_uri(text), FindingCode::bad_uri, at);
    case GeneralNameType::ip_address: {
      const bool is_address = text.size() == kIpv4Len || text.size() == kIpv6Len;
      return in.expect(is_address, FindingCode::bad_ip_address, at);
    }
    case GeneralNameType::directory_name: return check_name(name.directory_name(), in);
    default: return;
  }
}

void check_general_names(GeneralNamesView names, Inspection& in) noexcept {
  for (auto it = names.begin(); it != names.end(); ++it) {
    check_general_name(*it, it.element().encoded().data(), in);
  }
}

}  // namespace peercert
