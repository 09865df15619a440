// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <utility>

#include <peercert/scan/start_tls.hpp>

namespace peercert::scan {
namespace {

using enum StartTls;

constexpr std::array<std::pair<std::string_view, StartTls>, 16> kNames = {
    {{"none", none},
     {"auto", automatic},
     {"smtp", smtp},
     {"lmtp", lmtp},
     {"imap", imap},
     {"pop3", pop3},
     {"ftp", ftp},
     {"sieve", sieve},
     {"xmpp", xmpp},
     {"xmpp-server", xmpp_server},
     {"ldap", ldap},
     {"postgres", postgres},
     {"mysql", mysql},
     {"nntp", nntp},
     {"irc", irc},
     {"rdp", rdp}}};

}  // namespace

std::string_view to_string(StartTls protocol) noexcept {
  return std::ranges::find(kNames, protocol, &std::pair<std::string_view, StartTls>::second)->first;
}

std::optional<StartTls> parse_start_tls(std::string_view name) noexcept {
  const auto* const found =
      std::ranges::find(kNames, name, &std::pair<std::string_view, StartTls>::first);
  if (found == kNames.end()) return std::nullopt;
  return found->second;
}

StartTls start_tls_of_port(std::uint16_t port) noexcept {
  switch (port) {
    case 21: return ftp;
    case 24: return lmtp;
    case 25:
    case 587: return smtp;
    case 110: return pop3;
    case 119: return nntp;
    case 143: return imap;
    case 389: return ldap;
    case 3306: return mysql;
    case 3389: return rdp;
    case 4190: return sieve;
    case 5222: return xmpp;
    case 5269: return xmpp_server;
    case 5432: return postgres;
    case 6667: return irc;
    default: return none;
  }
}

}  // namespace peercert::scan
