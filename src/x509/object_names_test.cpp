// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include <peercert/x509/object_names.hpp>

#include "support/der_writer.hpp"

namespace peercert {
namespace {

using namespace std::string_view_literals;

using test::hex;
using test::Octets;
using test::oid_content;

struct Row {
  std::string_view oid;
  std::string_view short_name;
  std::string_view long_name;
};
constexpr Row kObjectNames[] = {
#include "x509/object_names_table.inc"
};

std::string text_of(const Octets& oid) {
  const ObjectText text(oid);
  return std::string(text.view());
}
std::string text_of(std::string_view dotted) { return text_of(oid_content(dotted)); }

TEST(ObjectNamesTest, AttributesHaveOpenSslsNames) {
  EXPECT_EQ(text_of("2.5.4.3"), "commonName");
  EXPECT_EQ(text_of("2.5.4.5"), "serialNumber");
  EXPECT_EQ(text_of("2.5.4.10"), "organizationName");
  EXPECT_EQ(text_of("2.5.4.97"), "organizationIdentifier");
  EXPECT_EQ(text_of("1.2.840.113549.1.9.1"), "emailAddress");
  EXPECT_EQ(text_of("0.9.2342.19200300.100.1.25"), "domainComponent");
  EXPECT_EQ(text_of("1.3.6.1.4.1.311.60.2.1.3"), "jurisdictionCountryName");

  const auto common_name = find_object_name(oid_content("2.5.4.3"));
  ASSERT_TRUE(common_name);
  EXPECT_EQ(common_name->short_name, "CN");
}

TEST(ObjectNamesTest, AllOtherIdentifiersThatOpenSslKnowsToo) {
  EXPECT_EQ(text_of("2.5.29.14"), "X509v3 Subject Key Identifier");
  EXPECT_EQ(text_of("1.3"), "org");  // in OpenSSL's table twice, also as identified-organization
  EXPECT_EQ(text_of("2.5"), "directory services (X.500)");
  EXPECT_EQ(text_of("1.2.840.113549.1.1.11"), "sha256WithRSAEncryption");
}

// Renderers put names between quotes as they are.
TEST(ObjectNamesTest, NoNameHasAnythingToEscape) {
  const auto is_plain = [](char c) {
    return c >= ' ' && c <= '~' && c != '\'' && c != '"' && c != '\\';
  };
  for (const Row& row : kObjectNames) {
    EXPECT_FALSE(row.long_name.empty());
    EXPECT_TRUE(std::ranges::all_of(row.long_name, is_plain)) << row.long_name;
    EXPECT_TRUE(std::ranges::all_of(row.short_name, is_plain)) << row.short_name;
  }
}

TEST(ObjectNamesTest, EveryNameIsFound) {
  for (const Row& row : kObjectNames) {
    EXPECT_EQ(text_of(test::octets(row.oid)), row.long_name);
    EXPECT_EQ(find_object_name(test::octets(row.oid))->short_name, row.short_name);
  }
}

TEST(ObjectNamesTest, UnknownIdentifiersAreDotted) {
  EXPECT_EQ(text_of("2.5.4.127"), "2.5.4.127");
  EXPECT_EQ(text_of("2.5.4.128"), "2.5.4.128");
  EXPECT_EQ(text_of("2.5.4.2"), "2.5.4.2");
  EXPECT_EQ(text_of("1.2.3.4.5"), "1.2.3.4.5");
  EXPECT_FALSE(find_object_name(oid_content("2.5.4.2")));
  EXPECT_FALSE(find_object_name({}));
}

// X.690, 8.19.4: three values of the first arc share the first subidentifier with the second arc.
TEST(ObjectNamesTest, TheFirstSubidentifierHoldsTwoArcs) {
  EXPECT_EQ(text_of(hex("00 01")), "0.0.1");
  EXPECT_EQ(text_of(hex("27 01")), "0.39.1");
  EXPECT_EQ(text_of(hex("28 01")), "1.0.1");
  EXPECT_EQ(text_of(hex("4f 01")), "1.39.1");
  EXPECT_EQ(text_of(hex("50 01")), "2.0.1");
  EXPECT_EQ(text_of(hex("7f 01")), "2.47.1");
  EXPECT_EQ(text_of(hex("81 00 01")), "2.48.1");
  EXPECT_EQ(text_of(hex("88 37 01")), "2.999.1");
}

TEST(ObjectNamesTest, ArcsHaveAnySize) {
  // 2^63 - 1 is the largest number of nine septets, 2^63 the smallest of ten.
  EXPECT_EQ(text_of(hex("2a ff ff ff ff ff ff ff ff 7f")), "1.2.9223372036854775807");
  EXPECT_EQ(text_of(hex("2a 81 80 80 80 80 80 80 80 80 00")), "1.2.9223372036854775808");
  EXPECT_EQ(text_of(hex("2a 83 ff ff ff ff ff ff ff ff 7f 01")), "1.2.36893488147419103231.1");
  // 2^127 - 1
  EXPECT_EQ(text_of(hex("2a 81 ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff 7f")),
            "1.2.170141183460469231731687303715884105727");
  // 2^63 + 80, less the 80 that stand for the first arc
  EXPECT_EQ(text_of(hex("81 80 80 80 80 80 80 80 80 50")), "2.9223372036854775808");
  // 10^27 + 79, less 80: a borrow through all groups of digits takes the leading one away
  EXPECT_EQ(text_of(hex("b3 d9 b8 f9 9f e8 a0 87 ce c0 80 80 4f")), "2." + std::string(27, '9'));
}

// The largest arc of the largest identifier, against doubling digit by digit.
TEST(ObjectNamesTest, TheLongestArcIsRight) {
  Octets oid(kMaxOidLen, 0xff);
  oid[0] = 0x2a;
  oid.back() = 0x7f;
  std::string expected = "0";  // 2^(7 * 585) - 1, least significant digit first
  for (std::size_t bit = 0; bit < 7 * (kMaxOidLen - 1); ++bit) {
    int carry = 1;
    for (char& digit : expected) {
      const int value = (digit - '0') * 2 + carry;
      digit = static_cast<char>('0' + value % 10);
      carry = value / 10;
    }
    if (carry > 0) expected += '1';
  }
  std::ranges::reverse(expected);
  EXPECT_EQ(text_of(oid), "1.2." + expected);
}

TEST(ObjectNamesTest, IdentifiersOver586OctetsHaveNoText) {
  Octets longest(kMaxOidLen, 0x01);
  longest[0] = 0x2a;
  std::string expected = "1.2";
  for (std::size_t i = 1; i < kMaxOidLen; ++i) expected += ".1";
  EXPECT_EQ(text_of(longest), expected);
  longest.push_back(1);
  EXPECT_EQ(text_of(longest), "");
}

TEST(ObjectNamesTest, TheLongestTextFits) {
  Octets oid(kMaxOidLen, 0x7f);  // a dot and three digits for each octet
  EXPECT_LE(text_of(oid).size(), kMaxDottedLen);
  EXPECT_TRUE(text_of(oid).ends_with(".127.127"));
}

TEST(ObjectNamesTest, MalformedIdentifiersHaveNoText) {
  for (const char* octets : {"", "80", "55 84", "55 80 01", "ff"})
    EXPECT_EQ(text_of(hex(octets)), "") << octets;
}

TEST(ObjectNamesTest, CopiesKeepTheirText) {
  ObjectText first(oid_content("1.2.3"));
  const ObjectText copy = first;
  first = ObjectText(oid_content("1.2.4"));
  EXPECT_EQ(copy.view(), "1.2.3");
  EXPECT_EQ(first.view(), "1.2.4");
}

}  // namespace
}  // namespace peercert
