// SPDX-License-Identifier: Apache-2.0
#include "scan/targets/target_line.hpp"

#include <algorithm>
#include <iterator>

#include <peercert/scan/target_source.hpp>
#include <peercert/ssl/error.hpp>

#include "ssl/net/endpoint.hpp"
#include "ssl/net/idna.hpp"
#include "x509/name_syntax.hpp"

namespace peercert::scan {
namespace {

struct Scheme {
  std::string_view name;
  std::uint16_t port;  // 0: the scheme says nothing of it
  StartTls start_tls;
};

// The schemes of IANA's registry and those in common use. The first of a protocol is the one that
// to_string() writes.
constexpr Scheme kSchemes[] = {
    {"tls", 0, StartTls::none},
    {"ssl", 0, StartTls::none},
    {"https", 443, StartTls::none},
    {"wss", 443, StartTls::none},
    {"smtp", 25, StartTls::smtp},
    {"submission", 587, StartTls::smtp},
    {"submissions", 465, StartTls::none},
    {"smtps", 465, StartTls::none},
    {"lmtp", 24, StartTls::lmtp},
    {"imap", 143, StartTls::imap},
    {"imaps", 993, StartTls::none},
    {"pop3", 110, StartTls::pop3},
    {"pop", 110, StartTls::pop3},
    {"pop3s", 995, StartTls::none},
    {"ftp", 21, StartTls::ftp},
    {"ftps", 990, StartTls::none},
    {"sieve", 4190, StartTls::sieve},
    {"xmpp", 5222, StartTls::xmpp},
    {"xmpps", 5223, StartTls::none},
    {"xmpp-server", 5269, StartTls::xmpp_server},
    {"ldap", 389, StartTls::ldap},
    {"ldaps", 636, StartTls::none},
    {"postgres", 5432, StartTls::postgres},
    {"postgresql", 5432, StartTls::postgres},
    {"mysql", 3306, StartTls::mysql},
    {"nntp", 119, StartTls::nntp},
    {"news", 119, StartTls::nntp},
    {"nntps", 563, StartTls::none},
    {"irc", 6667, StartTls::irc},
    {"ircs", 6697, StartTls::none},
    {"rdp", 3389, StartTls::rdp},
};

const Scheme& scheme_of(std::string_view name) {
  const auto* const found = std::ranges::find_if(
      kSchemes, [name](const Scheme& scheme) { return equal_ignoring_case(scheme.name, name); });
  if (found == std::end(kSchemes)) {
    throw ssl::ValueError("of this scheme it is not known how to come to TLS; write HOST:PORT");
  }
  return *found;
}

// A name as it is looked up, or an address in the form of RFC 5952; its zone stays.
std::string normalize(std::string_view text) {
  std::string host = ssl::is_host_text(text) ? ssl::to_a_labels(text) : std::string();
  if (host.empty()) throw ssl::ValueError("that is neither a name nor an address");
  const std::size_t zone = host.find('%');
  const auto address = parse_ip_address(std::string_view(host).substr(0, zone));
  const bool is_ipv6 = address && address->len == kIpv6AddressLen;
  if (address && (zone == host.npos || (is_ipv6 && zone + 1 < host.size()))) {
    return ip_address_text(address->bytes()).append(host, std::min(zone, host.size()));
  }
  if (address || host.find(':') != host.npos) throw ssl::ValueError("that is not an IPv6 address");
  std::ranges::transform(host, host.begin(), to_lower);
  return host;
}

// Where ",servername" begins: not inside of the path of a URL, nor of the user's name in it.
std::size_t server_name_begin(std::string_view text) noexcept {
  const std::string_view head = text.substr(0, ssl::authority_end(text));
  const std::size_t user_end = head.rfind('@');
  return head.find(',', user_end == head.npos ? 0 : user_end);
}

AddressNetwork parse_range(std::string_view text) {
  const AddressNetwork network = parse_network(text);
  if (network.first.len == kIpv6AddressLen && network.num_host_bits() > kMaxIpv6HostBits) {
    throw ssl::ValueError("a network of IPv6 may have at most 2^24 addresses: /104");
  }
  return network;
}

void read_endpoint(std::string_view text, TargetLine& line) {
  const ssl::Endpoint endpoint = ssl::parse_endpoint(text);
  line.host = normalize(endpoint.host);
  line.port = endpoint.port;
  if (endpoint.scheme.empty()) return;
  const Scheme& scheme = scheme_of(endpoint.scheme);
  line.start_tls = scheme.start_tls;
  if (!line.port && scheme.port != 0) line.port = scheme.port;
}

}  // namespace

TargetLine parse_target_line(std::string_view text) {
  TargetLine line;
  const std::size_t comma = server_name_begin(text);
  if (comma != text.npos) {
    const std::string_view name = text.substr(comma + 1);
    line.server_name = name.empty() ? std::string() : normalize(name);
  }
  const std::string_view endpoint = text.substr(0, comma);
  const bool is_url = endpoint.find("://") != endpoint.npos;
  if (!is_url && endpoint.find('/') != endpoint.npos) {
    line.network = parse_range(endpoint);
  } else {
    read_endpoint(endpoint, line);
  }
  return line;
}

std::uint16_t default_port(StartTls protocol) noexcept {
  if (protocol == StartTls::none) return kDefaultPort;
  const auto* const found = std::ranges::find(kSchemes, protocol, &Scheme::start_tls);
  return found == std::end(kSchemes) ? kDefaultPort : found->port;
}

std::string to_string(const Target& target) {
  const auto* const scheme = std::ranges::find(kSchemes, target.start_tls, &Scheme::start_tls);
  std::string text;
  if (scheme != std::end(kSchemes)) text.append(scheme->name).append("://");
  const bool has_colons = target.host.find(':') != target.host.npos;
  text.append(has_colons ? "[" : "").append(target.host).append(has_colons ? "]:" : ":");
  text.append(std::to_string(target.port));
  if (target.server_name) text.append(",").append(*target.server_name);
  return text;
}

}  // namespace peercert::scan
