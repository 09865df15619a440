// SPDX-License-Identifier: Apache-2.0
#include <sstream>

#include <gtest/gtest.h>

#include <peercert/scan/networks.hpp>
#include <peercert/scan/target_source.hpp>
#include <peercert/ssl/error.hpp>

#include "peer/ip_text.hpp"

namespace peercert::scan {
namespace {

bool in_network(const NetworkSet& set, std::string_view address) {
  return set.contains(parse_ip_address(address).value().bytes());
}

NetworkSet network_set(const std::string& text) {
  std::istringstream lines(text);
  NetworkSet set;
  set.add_lines(lines);
  return set;
}

TEST(NetworkSet, Edges) {
  const NetworkSet set =
      network_set("# ours\n192.0.2.77/26 # a comment\r\n\n2001:db8::/33\n203.0.113.9");
  EXPECT_FALSE(in_network(set, "192.0.2.63"));
  EXPECT_TRUE(in_network(set, "192.0.2.64"));
  EXPECT_TRUE(in_network(set, "192.0.2.127"));
  EXPECT_FALSE(in_network(set, "192.0.2.128"));
  EXPECT_TRUE(in_network(set, "2001:db8:7fff:ffff:ffff:ffff:ffff:ffff"));
  EXPECT_FALSE(in_network(set, "2001:db8:8000::"));
  EXPECT_TRUE(in_network(set, "203.0.113.9"));
  EXPECT_FALSE(in_network(set, "203.0.113.10"));
}

TEST(NetworkSet, NetworksInsideOfOthers) {
  const NetworkSet set =
      network_set("10.1.2.0/24\n10.0.0.0/8\n10.255.0.0/16\n10.1.2.3\n11.0.0.0/32\n");
  EXPECT_TRUE(in_network(set, "10.1.3.0"));
  EXPECT_TRUE(in_network(set, "10.255.255.255"));
  EXPECT_TRUE(in_network(set, "11.0.0.0"));
  EXPECT_FALSE(in_network(set, "11.0.0.1"));
}

TEST(NetworkSet, MappedAddressesAreIpv4) {
  NetworkSet set;
  set.add("192.0.2.0/24");
  EXPECT_TRUE(in_network(set, "::ffff:192.0.2.1"));
  EXPECT_FALSE(in_network(set, "::192.0.2.1"));
  set.add("::ffff:198.51.100.0/120");
  EXPECT_TRUE(in_network(set, "198.51.100.255"));
  EXPECT_FALSE(in_network(set, "198.51.101.0"));
}

TEST(NetworkSet, EverythingOfOneVersion) {
  NetworkSet ipv4, ipv6;
  ipv4.add("0.0.0.0/0");
  ipv6.add("::/0");
  EXPECT_TRUE(in_network(ipv4, "255.255.255.255"));
  EXPECT_FALSE(in_network(ipv4, "::1"));
  EXPECT_TRUE(in_network(ipv6, "::1"));
  EXPECT_FALSE(in_network(ipv6, "192.0.2.1"));
  EXPECT_FALSE(in_network(ipv6, "::ffff:192.0.2.1"));
}

TEST(NetworkSet, ABadLineChangesNothing) {
  NetworkSet set = network_set("192.0.2.1\n");
  for (const char* line : {"x", "1.2.3.4/33", "::/129", "1.2.3.4/", "1.2.3/8", "1.2.3.4/-1",
                           "1.2.3.4 5", "1.2.3.4/8/8"}) {
    std::istringstream lines("198.51.100.1\n\n" + std::string(line));
    try {
      set.add_lines(lines);
      ADD_FAILURE() << line;
    } catch (const ssl::ValueError& error) {
      EXPECT_EQ(std::string_view(error.what()).substr(0, 8), "line 3: ");
    }
    EXPECT_FALSE(in_network(set, "198.51.100.1"));
  }
  EXPECT_TRUE(in_network(set, "192.0.2.1"));
}

// What follows a comment as well: nobody knows where a line that was cut off had its sign.
TEST(NetworkSet, AnOverlongLineIsRefused) {
  for (const char* const begin : {"10.0.0.0/8 ", "# ", ""}) {
    std::string line(begin);
    line.resize(kMaxTargetLineLen, ' ');
    EXPECT_NO_THROW(network_set(line + "\n"));
    std::istringstream lines("192.0.2.1\n" + line + " \n");
    NetworkSet set;
    try {
      set.add_lines(lines);
      ADD_FAILURE() << begin;
    } catch (const ssl::ValueError& error) {
      EXPECT_STREQ(error.what(), "line 2: the line is too long");
    }
    EXPECT_TRUE(set.empty());
  }
}

TEST(NetworkSet, IsEmptyWithoutNetworks) {
  EXPECT_TRUE(network_set("").empty());
  EXPECT_TRUE(network_set("# nothing\n\n  \t# but comments\n").empty());
  EXPECT_FALSE(network_set("192.0.2.1").empty());
  EXPECT_FALSE(network_set("::1").empty());
}

TEST(NetworkSet, ManyEntries) {
  std::string text;
  for (unsigned i = 0; i < 20000; ++i) {
    text += "10." + std::to_string(i >> 8) + "." + std::to_string(i & 255) + ".128/25\n";
  }
  const NetworkSet set = network_set(text);
  EXPECT_TRUE(in_network(set, "10.9.200.130"));
  EXPECT_FALSE(in_network(set, "10.9.200.127"));
}

TEST(Networks, DenialWins) {
  const auto permits = [](const Networks& networks, std::string_view address) {
    return networks.permits(parse_ip_address(address).value().bytes());
  };
  Networks networks;
  EXPECT_TRUE(permits(networks, "127.0.0.1"));
  networks.denied.add("192.0.2.0/25");
  EXPECT_TRUE(permits(networks, "127.0.0.1"));
  networks.allowed.add("192.0.2.0/24");
  EXPECT_FALSE(permits(networks, "127.0.0.1"));
  EXPECT_TRUE(permits(networks, "192.0.2.200"));
  EXPECT_FALSE(permits(networks, "192.0.2.100"));
  EXPECT_FALSE(permits(networks, "::ffff:192.0.2.100"));
}

}  // namespace
}  // namespace peercert::scan
