// SPDX-License-Identifier: Apache-2.0
#include <string_view>

#include "x509/lint/inspection.hpp"
#include "x509/name_syntax.hpp"

namespace peercert {
namespace {

// A host name, with or without the "*." of RFC 6125, 6.4.3, in front. The underscore is a finding
// of its own.
bool is_host_name_or_wildcard(std::string_view name) noexcept {
  if (name.size() > kMaxDnsNameLen) return false;
  if (name.starts_with("*.")) name.remove_prefix(2);
  return is_host_name(name, Underscores::allowed);
}

void check_dns_name(std::string_view name, const std::uint8_t* at, Inspection& in) noexcept {
  if (!is_host_name_or_wildcard(name)) return in.add(FindingCode::bad_dns_name, at);
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
      const bool is_address = text.size() == kIpv4AddressLen || text.size() == kIpv6AddressLen;
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
