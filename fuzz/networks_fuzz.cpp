// SPDX-License-Identifier: Apache-2.0
// A set of networks has the addresses that its lines have, each by itself. The first 16 bytes are
// an address, whose first 4 are another.
#include <sstream>
#include <string>

#include <peercert/scan/networks.hpp>
#include <peercert/ssl/error.hpp>

#include "fuzz.hpp"
#include "peer/ip_text.hpp"

namespace peercert::fuzz {
namespace {

constexpr std::size_t kMaxLines = 64;  // each is a set of its own

void check_address(const std::string& text, const scan::NetworkSet& set, Bytes address) {
  bool is_in_one = false;
  std::istringstream lines(text);
  std::size_t num_lines = 0;
  for (std::string line; std::getline(lines, line); ++num_lines) {
    if (num_lines == kMaxLines) return;
    scan::NetworkSet one;
    std::istringstream input(num_lines == 0 ? line
                                            : " " + line);  // a mark is in front of the first
    one.add_lines(input);
    is_in_one = is_in_one || one.contains(address);
  }
  check(set.contains(address) == is_in_one);
}

}  // namespace

void run(Bytes input) {
  if (input.size() < kIpv6AddressLen) return;
  const Bytes address = input.first(kIpv6AddressLen);
  const std::string text(as_text(input.subspan(kIpv6AddressLen)));
  scan::NetworkSet set;
  try {
    std::istringstream lines(text);
    set.add_lines(lines);
  } catch (const ssl::ValueError& error) {
    check(std::string_view(error.what()).starts_with("line "));
    check(set.empty());
    return;
  }
  check_address(text, set, address);
  check_address(text, set, address.first(kIpv4AddressLen));
  // Denied is denied, whatever is allowed.
  const scan::Networks networks{set, set};
  check(!networks.permits(address) || !set.contains(address));
}

}  // namespace peercert::fuzz
