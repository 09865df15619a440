// SPDX-License-Identifier: Apache-2.0
#include "ssl/net/endpoint.hpp"

#include <algorithm>
#include <charconv>

#include <peercert/ssl/error.hpp>

namespace peercert::ssl {
namespace {

constexpr std::string_view kSchemeEnd = "://";

// Takes the scheme, the path and the user's name off a URL; leaves other texts as they are.
std::string_view authority_of(std::string_view text, Endpoint& endpoint) {
  const std::size_t scheme_len = text.find(kSchemeEnd);
  if (scheme_len == text.npos) return text;
  if (scheme_len == 0) throw ValueError("in front of :// the scheme is missing");
  endpoint.scheme = text.substr(0, scheme_len);
  text = text.substr(0, authority_end(text));
  text.remove_prefix(scheme_len + kSchemeEnd.size());
  const std::size_t userinfo_end = text.rfind('@');
  return userinfo_end == text.npos ? text : text.substr(userinfo_end + 1);
}

std::uint16_t parse_port(std::string_view digits) {
  std::uint16_t port = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, port);
  if (error != std::errc{} || stop != end || port == 0) {
    throw ValueError("a port is a number from 1 to 65535");
  }
  return port;
}

// "[host]" or "[host]:port".
void read_bracketed(std::string_view authority, Endpoint& endpoint) {
  const std::size_t close = authority.find(']');
  if (close == authority.npos) throw ValueError("there is a '[' without its ']'");
  endpoint.host = authority.substr(1, close - 1);
  const std::string_view rest = authority.substr(close + 1);
  if (rest.empty()) return;
  if (rest.front() != ':') throw ValueError("behind ']' only :PORT may follow");
  endpoint.port = parse_port(rest.substr(1));
}

bool is_host_character(char c) {
  constexpr std::string_view kNone = "/[]@?#,";
  const auto octet = static_cast<unsigned char>(c);
  return octet > ' ' && octet != 0x7f && kNone.find(c) == kNone.npos;
}

}  // namespace

std::size_t authority_end(std::string_view text) noexcept {
  const std::size_t scheme_len = text.find(kSchemeEnd);
  if (scheme_len == text.npos) return text.size();
  return std::min(text.find_first_of("/?#", scheme_len + kSchemeEnd.size()), text.size());
}

bool is_host_text(std::string_view host) noexcept {
  return std::ranges::all_of(host, is_host_character);
}

Endpoint parse_endpoint(std::string_view text) {
  Endpoint endpoint;
  const std::string_view authority = authority_of(text, endpoint);
  const std::size_t colon = authority.find(':');
  if (authority.starts_with('[')) {
    read_bracketed(authority, endpoint);
  } else if (colon != authority.npos && colon == authority.rfind(':')) {
    endpoint.host = authority.substr(0, colon);
    endpoint.port = parse_port(authority.substr(colon + 1));
  } else {
    endpoint.host = authority;  // a name, or with several colons a bare IPv6 address
  }
  if (endpoint.host.empty()) throw ValueError("the host is missing");
  if (!is_host_text(endpoint.host)) {
    throw ValueError("that is not a host; write HOST, HOST:PORT, [IPV6]:PORT or https://HOST/");
  }
  return endpoint;
}

}  // namespace peercert::ssl
