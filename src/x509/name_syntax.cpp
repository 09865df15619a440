// SPDX-License-Identifier: Apache-2.0
#include "x509/name_syntax.hpp"

#include <algorithm>

namespace peercert {
namespace {

bool is_letter(char c) noexcept { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_visible(char c) noexcept { return c > ' ' && c < '\x7f'; }

bool is_label(std::string_view label, Underscores underscores) noexcept {
  if (label.empty() || label.size() > kMaxLabelLen) return false;
  if (label.front() == '-' || label.back() == '-') return false;
  return std::ranges::all_of(label, [underscores](char c) {
    return is_letter(c) || is_digit(c) || c == '-' ||
           (c == '_' && underscores == Underscores::allowed);
  });
}

// RFC 5322, 3.2.3.
bool is_atext(char c) noexcept {
  return is_letter(c) || is_digit(c) ||
         std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

// *QcontentSMTP: printable, a backslash in front of each quotation mark and backslash.
bool is_quoted_content(std::string_view text) noexcept {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') return false;
    if (text[i] == '\\' && ++i == text.size()) return false;
    if (text[i] < ' ' || text[i] > '~') return false;
  }
  return true;
}

// Local-part = Dot-string / Quoted-string. RFC 5321, 4.1.2.
bool is_local_part(std::string_view local) noexcept {
  if (local.size() >= 2 && local.front() == '"' && local.back() == '"') {
    local = local.substr(1, local.size() - 2);
    return is_quoted_content(local);
  }
  for (;;) {
    const std::size_t dot = local.find('.');
    const std::string_view atom = local.substr(0, dot);
    if (atom.empty() || !std::ranges::all_of(atom, is_atext)) return false;
    if (dot == std::string_view::npos) return true;
    local.remove_prefix(dot + 1);
  }
}

}  // namespace

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
  return std::ranges::equal(a, b, {}, to_lower, to_lower);
}

bool is_host_name(std::string_view name, Underscores underscores) noexcept {
  if (name.size() > kMaxDnsNameLen) return false;
  for (;;) {
    const std::size_t dot = name.find('.');
    if (!is_label(name.substr(0, dot), underscores)) return false;
    if (dot == std::string_view::npos) return true;
    name.remove_prefix(dot + 1);
  }
}

bool ends_in_number(std::string_view name) noexcept {
  const std::string_view last = name.substr(name.rfind('.') + 1);  // npos + 1 is 0
  return !last.empty() && std::ranges::all_of(last, is_digit);
}

DnsNameForm dns_name_form(std::string_view name) noexcept {
  const bool is_wildcard = name.starts_with(kWildcard);
  const std::string_view host = is_wildcard ? name.substr(kWildcard.size()) : name;
  if (host.find('*') != std::string_view::npos) return DnsNameForm::misplaced_wildcard;
  if (name.size() > kMaxDnsNameLen || !is_host_name(host) || ends_in_number(host))
    return DnsNameForm::malformed;
  return is_wildcard ? DnsNameForm::wildcard : DnsNameForm::host_name;
}

bool is_mailbox(std::string_view address, Underscores underscores) noexcept {
  const std::size_t at = address.rfind('@');
  if (at == std::string_view::npos || !is_local_part(address.substr(0, at))) return false;
  const std::string_view domain = address.substr(at + 1);
  const bool is_literal =
      domain.starts_with('[') && domain.ends_with(']') && std::ranges::all_of(domain, is_visible);
  return is_literal || is_host_name(domain, underscores);
}

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

}  // namespace peercert
