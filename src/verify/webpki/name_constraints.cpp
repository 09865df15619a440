// SPDX-License-Identifier: Apache-2.0
#include "verify/webpki/name_constraints.hpp"

#include <algorithm>

#include "peer/mailbox.hpp"
#include "verify/webpki/directory_name.hpp"
#include "x509/name_syntax.hpp"

namespace peercert::verify {
namespace {

Relation inside_if(bool holds) noexcept { return holds ? Relation::inside : Relation::outside; }

// A host name, or with a dot in front the names below it; nothing for all of them.
bool is_host_or_domain(std::string_view base) noexcept {
  if (base.starts_with('.')) base.remove_prefix(1);
  return is_host_name(base);
}

// An address and a mask whose ones are all in front of its zeros.
bool is_range(Bytes base) noexcept {
  if (base.size() != 2 * kIpv4AddressLen && base.size() != 2 * kIpv6AddressLen) return false;
  const Bytes mask = base.subspan(base.size() / 2);
  bool has_ended = false;
  for (const std::uint8_t octet : mask) {
    if (has_ended && octet != 0) return false;
    const unsigned zeros = 0xffU & ~static_cast<unsigned>(octet);
    if ((zeros & (zeros + 1)) != 0) return false;  // ones behind a zero
    has_ended = octet != 0xff;
  }
  return true;
}

bool is_zero(Bytes integer) noexcept {
  return std::ranges::all_of(integer, [](std::uint8_t octet) { return octet == 0; });
}

// Zero or more labels in front of the base.
bool is_at_or_below(std::string_view name, std::string_view base) noexcept {
  if (base.empty()) return true;
  if (name.size() < base.size()) return false;
  const std::size_t front = name.size() - base.size();
  return equal_ignoring_case(name.substr(front), base) && (front == 0 || name[front - 1] == '.');
}

// A wildcard matches names one label longer than what is behind it. All of them lie in a subtree
// if that does; one of them also does if it is the base itself.
Relation dns_relation(std::string_view name, std::string_view base, SubtreeKind kind) noexcept {
  if (!name.starts_with(kWildcard)) return inside_if(is_at_or_below(name, base));
  const std::string_view parent = name.substr(kWildcard.size());
  if (is_at_or_below(parent, base)) return Relation::inside;
  const std::size_t dot = base.find('.');
  const bool matches_base =
      dot != std::string_view::npos && equal_ignoring_case(base.substr(dot + 1), parent);
  return inside_if(kind == SubtreeKind::excluded && matches_base);
}

// "host" is that host, ".domain" the hosts below it.
bool is_on_host(std::string_view host, std::string_view base) noexcept {
  if (base.empty()) return true;
  if (!base.starts_with('.')) return equal_ignoring_case(host, base);
  return host.size() > base.size() &&
         equal_ignoring_case(host.substr(host.size() - base.size()), base);
}

Relation email_relation(std::string_view name, std::string_view base) noexcept {
  const std::optional<Mailbox> mailbox = parse_mailbox(name);
  if (!mailbox) return Relation::not_evaluated;
  const std::optional<Mailbox> one = parse_mailbox(base);
  if (!one) return inside_if(is_on_host(mailbox->host, base));
  return inside_if(mailbox->local == one->local && equal_ignoring_case(mailbox->host, one->host));
}

// The host of a URI's authority; empty if there is none, or if it is an IP address. RFC 3986, 3.2.
std::string_view host_of(std::string_view uri) noexcept {
  constexpr std::string_view kAuthority = "://";
  const std::size_t start = uri.find(kAuthority);
  if (start == std::string_view::npos) return {};
  std::string_view authority = uri.substr(start + kAuthority.size());
  authority = authority.substr(0, authority.find_first_of("/?#"));
  authority.remove_prefix(authority.rfind('@') + 1);  // npos + 1 is 0
  const std::string_view host = authority.substr(0, authority.find(':'));
  return is_host_name(host) && !ends_in_number(host) ? host : std::string_view();
}

Relation uri_relation(std::string_view name, std::string_view base) noexcept {
  const std::string_view host = host_of(name);
  return host.empty() ? Relation::not_evaluated : inside_if(is_on_host(host, base));
}

Relation ip_relation(Bytes name, Bytes base) noexcept {
  // The other version of IP, and so no address of this range.
  if (base.size() != 2 * name.size()) return Relation::outside;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const std::uint8_t mask = base[name.size() + i];
    if ((name[i] & mask) != (base[i] & mask)) return Relation::outside;
  }
  return Relation::inside;
}

// The forms that nothing can be said about, but that a subtree has the same.
Relation other_relation(const GeneralName& name, const GeneralName& base) noexcept {
  if (name.type != GeneralNameType::other_name) return Relation::not_evaluated;
  const bool is_same = std::ranges::equal(name.other_name().type_id, base.other_name().type_id);
  return is_same ? Relation::not_evaluated : Relation::other_form;
}

}  // namespace

bool is_well_formed(const GeneralSubtree& subtree) noexcept {
  if (subtree.maximum || (subtree.minimum && !is_zero(*subtree.minimum))) return false;
  const std::string_view base = as_text(subtree.base.value);
  switch (subtree.base.type) {
    case GeneralNameType::dns_name: return base.empty() || is_host_name(base);
    case GeneralNameType::rfc822_name:
      return base.empty() || is_host_or_domain(base) || parse_mailbox(base).has_value();
    case GeneralNameType::uniform_resource_identifier:
      return base.empty() || is_host_or_domain(base);
    case GeneralNameType::ip_address: return is_range(subtree.base.value);
    case GeneralNameType::directory_name: return is_comparable(subtree.base.directory_name());
    default: return true;
  }
}

Relation relation(NameView name, const GeneralName& base, SubtreeKind) noexcept {
  if (base.type != GeneralNameType::directory_name) return Relation::other_form;
  return inside_if(starts_with(name, base.directory_name()));
}

Relation relation(const GeneralName& name, const GeneralName& base, SubtreeKind kind) noexcept {
  if (base.type == GeneralNameType::rfc822_name) {
    const std::optional<std::string_view> mailbox = smtp_utf8_mailbox(name);
    if (mailbox) return email_relation(*mailbox, as_text(base.value));
  }
  if (name.type != base.type) return Relation::other_form;
  const std::string_view text = as_text(name.value);
  const std::string_view base_text = as_text(base.value);
  switch (name.type) {
    case GeneralNameType::dns_name: return dns_relation(text, base_text, kind);
    case GeneralNameType::rfc822_name: return email_relation(text, base_text);
    case GeneralNameType::uniform_resource_identifier: return uri_relation(text, base_text);
    case GeneralNameType::ip_address: return ip_relation(name.value, base.value);
    case GeneralNameType::directory_name: return relation(name.directory_name(), base, kind);
    default: return other_relation(name, base);
  }
}

}  // namespace peercert::verify
