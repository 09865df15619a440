// SPDX-License-Identifier: Apache-2.0
// An e-mail address, taken apart.
#pragma once

#include <optional>
#include <string_view>

#include <peercert/x509/general_name.hpp>

namespace peercert {

/// Borrows the address.
struct Mailbox {
  std::string_view local;
  std::string_view host;
  bool is_utf8 = false;  // the local part is not ASCII: RFC 6531
};

/// Local-part "@" Domain, whose domain is a host name of LDH labels. A local part that is not ASCII
/// is UTF-8 without quotation. RFC 5321, 4.1.2; RFC 6531, 3.3.
std::optional<Mailbox> parse_mailbox(std::string_view address) noexcept;

/// SmtpUTF8Mailbox ::= UTF8String (SIZE (1..MAX)), in an otherName: RFC 9598, 3. Its text; nullopt
/// if the name is another. Not looked at any further.
std::optional<std::string_view> smtp_utf8_mailbox(const GeneralName& name) noexcept;

}  // namespace peercert
