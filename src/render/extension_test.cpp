// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gtest/gtest.h>

#include <peercert/render/extension.hpp>

#include "support/certificate_builder.hpp"

namespace peercert {
namespace {

using test::hex;
using test::Octets;
using test::sequence;

constexpr std::size_t kIndent = 2;

std::string text(std::string_view id, const Octets& value, bool critical = false) {
  const Octets oid = test::oid_content(id);
  std::string out = "before\n";
  append_extension_text(out, Extension{oid, critical, value}, kIndent);
  return out.substr(7);
}

std::string json(std::string_view id, const Octets& value, bool critical = false) {
  const Octets oid = test::oid_content(id);
  Output out;
  append_extension_json(out, Extension{oid, critical, value});
  return std::string(out.view());
}

TEST(ExtensionTextTest, ShortValuesStandBehindTheirName) {
  EXPECT_EQ(text("2.5.29.15", hex("03 02 01 06"), true),
            "  keyUsage, critical: keyCertSign, cRLSign\n");
  EXPECT_EQ(text("2.5.29.14", hex("04 02 ab cd")), "  subjectKeyIdentifier: AB:CD\n");
}

TEST(ExtensionTextTest, MembersAndItemsHaveLinesOfTheirOwn) {
  EXPECT_EQ(text("2.5.29.19", hex("30 06 01 01 ff 02 01 00"), true),
            "  basicConstraints, critical\n"
            "    cA: true\n"
            "    pathLenConstraint: 0\n");
  EXPECT_EQ(text("2.5.29.17", sequence(test::dns_name("a"), test::other_name("1.2", hex("05 00")),
                                       test::ip_address(hex("c0 00 02 01")))),
            "  subjectAltName\n"
            "    dNSName: a\n"
            "    otherName\n"
            "      type-id: ISO Member Body (1.2)\n"
            "      value: 05:00\n"
            "    iPAddress: 192.0.2.1\n");
}

TEST(ExtensionTextTest, ManyShortItemsTakeSeveralLines) {
  const Octets any = test::oid("2.5.29.37.0");
  EXPECT_EQ(text("2.5.29.37", sequence(any, any, any)),
            "  extKeyUsage: Any Extended Key Usage (2.5.29.37.0),\n"
            "    Any Extended Key Usage (2.5.29.37.0), Any Extended Key Usage (2.5.29.37.0)\n");
}

TEST(ExtensionTextTest, ManyOctetsTakeSeveralLines) {
  EXPECT_EQ(text("1.2.3", Octets(25, 0xab)),
            "  1.2.3\n"
            "    AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:\n"
            "    AB\n");
}

TEST(ExtensionTextTest, WhatIsEmptySaysSo) {
  EXPECT_EQ(text("2.5.29.17", hex("30 00")), "  subjectAltName: (empty)\n");
  EXPECT_EQ(text("2.5.29.35", hex("30 02 a1 00")),
            "  authorityKeyIdentifier\n    authorityCertIssuer: (empty)\n");
  EXPECT_EQ(text("2.5.29.17", sequence(test::dns_name(""), test::directory_name(sequence()))),
            "  subjectAltName\n    dNSName: (no characters)\n    directoryName: (empty)\n");
  EXPECT_EQ(text("2.5.29.14", hex("04 00")), "  subjectKeyIdentifier: (no octets)\n");
  EXPECT_EQ(text("1.2.3", {}), "  1.2.3: (no octets)\n");
}

TEST(ExtensionTextTest, MalformedAndUnknownOnesShowTheirOctets) {
  EXPECT_EQ(text("2.5.29.15", hex("05 00"), true),
            "  keyUsage, critical, malformed: keyUsage: unexpected type at byte 0\n"
            "    octets: 05:00\n");
  EXPECT_EQ(text("1.2.840.113549.1.9.14", hex("05 00")), "  Extension Request: 05:00\n");
}

TEST(ExtensionTextTest, OctetsBehindTheValueAreShown) {
  EXPECT_EQ(text("2.5.29.15", hex("03 02 01 06 ff")),
            "  keyUsage: keyCertSign, cRLSign\n    (behind it): FF\n");
}

TEST(ExtensionTextTest, NothingReachesTheTerminalUnescaped) {
  EXPECT_EQ(text("2.5.29.17", sequence(test::dns_name("a\x1b[2J\n\xff"))),
            "  subjectAltName\n    dNSName: a\\x1b[2J\\n\\xff\n");
}

TEST(ExtensionJsonTest, HasIdentifierNameCriticalityAndValue) {
  EXPECT_EQ(json("2.5.29.19", hex("30 03 01 01 ff"), true),
            R"({"oid":"2.5.29.19","name":"basicConstraints","critical":true,)"
            R"("value":{"cA":true}})");
  EXPECT_EQ(json("2.5.29.19", hex("30 00 01")),
            R"({"oid":"2.5.29.19","name":"basicConstraints","critical":false,)"
            R"("value":{"cA":false},"trailing":"01"})");
}

TEST(ExtensionJsonTest, MalformedOnesHaveAnErrorUnknownOnesOctets) {
  EXPECT_EQ(json("2.5.29.15", hex("05 00")),
            R"({"oid":"2.5.29.15","name":"keyUsage","critical":false,)"
            R"("error":"keyUsage: unexpected type at byte 0","octets":"0500"})");
  EXPECT_EQ(json("1.2.3", hex("05 00")), R"({"oid":"1.2.3","critical":false,"octets":"0500"})");
}

}  // namespace
}  // namespace peercert
