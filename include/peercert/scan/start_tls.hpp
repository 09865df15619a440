// SPDX-License-Identifier: Apache-2.0
// Protocols whose connections begin in plain text and change to TLS when the client asks for it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace peercert::scan {

/// What is spoken in front of TLS.
enum class StartTls : std::uint8_t {
  none,         // TLS from the first octet on
  automatic,    // what start_tls_of_port() says
  smtp,         // RFC 3207
  lmtp,         // RFC 2033
  imap,         // RFC 9051, 6.2.1
  pop3,         // RFC 2595, 4
  ftp,          // RFC 4217
  sieve,        // RFC 5804, 2.2
  xmpp,         // RFC 6120, 5; client to server
  xmpp_server,  // server to server
  ldap,         // RFC 4511, 4.14
  postgres,     // SSLRequest
  mysql,        // SSLRequest
  nntp,         // RFC 4642
  irc,          // IRCv3 tls
  rdp,          // [MS-RDPBCGR] 1.3.1.1
};

/// The name on the command line, "xmpp-server"; "auto" for automatic. Static storage.
std::string_view to_string(StartTls protocol) noexcept;
/// The protocol of such a name; nullopt if there is none.
std::optional<StartTls> parse_start_tls(std::string_view name) noexcept;

/// The protocol that a server on the port speaks by IANA's registry, none if that is TLS at once or
/// not known: smtp for 25 and 587, none for 443 and 465.
StartTls start_tls_of_port(std::uint16_t port) noexcept;

}  // namespace peercert::scan
