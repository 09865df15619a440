// SPDX-License-Identifier: Apache-2.0
#include "ssl/net/endpoint.hpp"

#include <string>

#include <gtest/gtest.h>

#include <peercert/ssl/error.hpp>

namespace peercert::ssl {
namespace {

std::string read(std::string_view text) {
  const Endpoint read = parse_endpoint(text);
  std::string parts(read.scheme);
  parts.append("|").append(read.host).append("|");
  return read.port ? parts + std::to_string(*read.port) : parts;
}

TEST(Endpoint, Forms) {
  EXPECT_EQ(read("a.example"), "|a.example|");
  EXPECT_EQ(read("a.example:65535"), "|a.example|65535");
  EXPECT_EQ(read("192.0.2.1:1"), "|192.0.2.1|1");
  EXPECT_EQ(read("2001:db8::1"), "|2001:db8::1|");
  EXPECT_EQ(read("[2001:db8::1]"), "|2001:db8::1|");
  EXPECT_EQ(read("[fe80::1%eth0]:8443"), "|fe80::1%eth0|8443");
  EXPECT_EQ(read("b\xc3\xbc"
                 "cher.example:443"),
            "|b\xc3\xbc"
            "cher.example|443");
}

TEST(Endpoint, Urls) {
  EXPECT_EQ(read("https://a.example"), "https|a.example|");
  EXPECT_EQ(read("HTTPS://a.example:8443/b@c:1?d#e"), "HTTPS|a.example|8443");
  EXPECT_EQ(read("imap://user:pass@word@[2001:db8::1]:143/"), "imap|2001:db8::1|143");
  EXPECT_EQ(read("https://a.example?x://y"), "https|a.example|");
}

TEST(Endpoint, WhatIsNone) {
  for (const std::string_view text :
       {"",         ":443",   "a:",         "a:0",          "a:65536",      "a:+1", "a:1x",
        "[::1",     "[]:1",   "[::1]1",     "[::1]x:1",     "[::1]x1",      "a b",  "a/b",
        "a\tb",     "user@a", "a]",         "a,b",          "a?b",          "a#b",  "a\x7f",
        "https://", "://a",   "https:///x", "https://a:x/", "https://user@"}) {
    EXPECT_THROW(parse_endpoint(text), ValueError) << text;
  }
  EXPECT_THROW(parse_endpoint(std::string_view("a\0b", 3)), ValueError);
}

}  // namespace
}  // namespace peercert::ssl
