// SPDX-License-Identifier: Apache-2.0
#include "target.hpp"

#include <algorithm>
#include <charconv>

namespace peercert::tool {
namespace {

constexpr std::string_view kSchemeEnd = "://";

bool equals_ignoring_case(std::string_view text, std::string_view lower) {
  return std::ranges::equal(text, lower, [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
  });
}

// The authority of a URL (RFC 3986, 3.2), or the whole text if it is not a URL.
std::string_view authority_of(std::string_view text) {
  const std::size_t scheme_len = text.find(kSchemeEnd);
  if (scheme_len == std::string_view::npos) return text;
  if (!equals_ignoring_case(text.substr(0, scheme_len), "https")) {
    throw TargetError("of all URLs only https:// can be a target; else write HOST:PORT");
  }
  text.remove_prefix(scheme_len + kSchemeEnd.size());
  text = text.substr(0, text.find_first_of("/?#"));
  const std::size_t userinfo_end = text.rfind('@');
  return userinfo_end == std::string_view::npos ? text : text.substr(userinfo_end + 1);
}

std::uint16_t parse_port(std::string_view digits) {
  std::uint16_t port = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, port);
  if (error != std::errc{} || stop != end || port == 0) {
    throw TargetError("a port is a number from 1 to 65535");
  }
  return port;
}

// "[host]" or "[host]:port".
void read_bracketed(std::string_view authority, Target& target) {
  const std::size_t close = authority.find(']');
  if (close == std::string_view::npos) throw TargetError("there is a '[' without its ']'");
  target.host = authority.substr(1, close - 1);
  const std::string_view rest = authority.substr(close + 1);
  if (rest.empty()) return;
  if (rest.front() != ':') throw TargetError("behind ']' only :PORT may follow");
  target.port = parse_port(rest.substr(1));
}

bool is_host_character(char c) {
  const auto octet = static_cast<unsigned char>(c);
  return octet > ' ' && octet != 0x7f && c != '/' && c != '[' && c != ']' && c != '@';
}

}  // namespace

Target parse_target(std::string_view text) {
  const std::string_view authority = authority_of(text);
  Target target{std::string(text), {}, 443};
  const std::size_t colon = authority.find(':');
  if (authority.starts_with('[')) {
    read_bracketed(authority, target);
  } else if (colon != std::string_view::npos && colon == authority.rfind(':')) {
    target.host = authority.substr(0, colon);
    target.port = parse_port(authority.substr(colon + 1));
  } else {
    target.host = authority;  // a name, or with several colons a bare IPv6 address
  }
  if (target.host.empty()) throw TargetError("the host is missing");
  if (!std::ranges::all_of(target.host, is_host_character)) {
    throw TargetError("that is not a host; write HOST, HOST:PORT, [IPV6]:PORT or https://HOST/");
  }
  return target;
}

}  // namespace peercert::tool
