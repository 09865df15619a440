// SPDX-License-Identifier: Apache-2.0
#include "peer/mailbox.hpp"

#include <algorithm>

#include "x509/name_syntax.hpp"
#include "x509/oids.hpp"

namespace peercert {
namespace {

Bytes as_bytes(std::string_view text) noexcept {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// RFC 6531, 3.3: atext is extended by what is not ASCII.
bool is_utf8_local_part(std::string_view local) noexcept {
  if (der::utf8_error(as_bytes(local)) != local.size()) return false;
  return std::ranges::all_of(local, [](char c) {
    const bool is_ascii = static_cast<unsigned char>(c) < 0x80;
    return !is_ascii || (c > ' ' && c < '\x7f' && c != '@' && c != '"');
  });
}

}  // namespace

std::optional<Mailbox> parse_mailbox(std::string_view address) noexcept {
  const std::size_t at = address.rfind('@');
  if (at == std::string_view::npos) return std::nullopt;
  Mailbox mailbox{address.substr(0, at), address.substr(at + 1)};
  if (!is_host_name(mailbox.host) || ends_in_number(mailbox.host)) return std::nullopt;
  mailbox.is_utf8 = !der::is_ascii(as_bytes(mailbox.local));
  const bool is_good = mailbox.is_utf8 ? is_utf8_local_part(mailbox.local) : is_mailbox(address);
  return is_good ? std::optional(mailbox) : std::nullopt;
}

std::optional<std::string_view> smtp_utf8_mailbox(const GeneralName& name) noexcept {
  if (name.type != GeneralNameType::other_name) return std::nullopt;
  const OtherName other = name.other_name();
  if (!oids::equal(other.type_id, oids::kSmtpUtf8Mailbox)) return std::nullopt;
  return other.value_tag == der::kUtf8String ? as_text(other.value) : std::string_view();
}

}  // namespace peercert
