// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <utility>

#include <peercert/scan/networks.hpp>
#include <peercert/ssl/error.hpp>

#include "scan/targets/address_network.hpp"
#include "scan/targets/line_reader.hpp"

namespace peercert::scan {
namespace {

constexpr std::array<std::uint8_t, 12> kMappedPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr unsigned kMappedPrefixLen = 96;

bool is_mapped(Bytes address) noexcept {
  return address.size() == kIpv6AddressLen &&
         std::ranges::equal(address.first(kMappedPrefix.size()), kMappedPrefix);
}

// IPv4 has its octets in front and zeros behind.
std::array<std::uint8_t, 16> to_key(Bytes address) noexcept {
  std::array<std::uint8_t, 16> key{};
  std::ranges::copy(address.first(std::min(address.size(), key.size())), key.begin());
  return key;
}

// A network of IPv4 that is written as one of IPv6 is one of IPv4.
AddressNetwork unmap(const AddressNetwork& network) noexcept {
  if (!is_mapped(network.first.bytes())) return network;  // and then its prefix is as long
  IpAddress address;
  address.len = kIpv4AddressLen;
  std::ranges::copy(network.first.bytes().subspan(kMappedPrefix.size()), address.octets.begin());
  return {address, network.prefix_len - kMappedPrefixLen};
}

// Keeps of each run of ranges that overlap one that covers them all.
template <class Range>
void merge_ranges(std::vector<Range>& ranges) {
  std::ranges::sort(ranges, {}, &Range::first);
  std::size_t num_merged = 0;
  for (const Range& range : ranges) {
    if (num_merged != 0 && range.first <= ranges[num_merged - 1].last) {
      ranges[num_merged - 1].last = std::max(ranges[num_merged - 1].last, range.last);
    } else {
      ranges[num_merged++] = range;
    }
  }
  ranges.resize(num_merged);
}

std::string_view without_comment(std::string_view line) noexcept {
  constexpr std::string_view kBlanks = " \t\r";
  line = line.substr(0, line.find('#'));
  line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
  return line.substr(0, line.find_last_not_of(kBlanks) + 1);
}

}  // namespace

void NetworkSet::append(std::string_view text) {
  const AddressNetwork network = unmap(parse_network(text));
  const IpAddress last = last_address(network);
  std::vector<Range>& ranges = last.len == kIpv4AddressLen ? ipv4_ : ipv6_;
  ranges.push_back({to_key(network.first.bytes()), to_key(last.bytes())});
}

void NetworkSet::merge() {
  merge_ranges(ipv4_);
  merge_ranges(ipv6_);
}

void NetworkSet::add(std::string_view network) {
  append(network);
  merge();
}

void NetworkSet::add_lines(std::istream& lines) {
  NetworkSet sum = *this;
  LineReader reader(lines);
  std::string line;
  for (;;) {
    const LineReader::Status status = reader.next(line);
    if (status == LineReader::Status::end) break;
    const std::string_view network = without_comment(line);
    if (network.empty() && status == LineReader::Status::line) continue;
    try {
      if (status == LineReader::Status::too_long) throw ssl::ValueError("the line is too long");
      sum.append(network);
    } catch (const ssl::ValueError& error) {
      throw ssl::ValueError("line " + std::to_string(reader.number()) + ": " + error.what());
    }
  }
  sum.merge();
  *this = std::move(sum);
}

bool NetworkSet::contains(Bytes address) const noexcept {
  if (is_mapped(address)) address = address.subspan(kMappedPrefix.size());
  const std::vector<Range>& ranges = address.size() == kIpv4AddressLen ? ipv4_ : ipv6_;
  const Key key = to_key(address);
  const auto behind = std::ranges::upper_bound(ranges, key, {}, &Range::first);
  return behind != ranges.begin() && key <= std::prev(behind)->last;
}

}  // namespace peercert::scan
