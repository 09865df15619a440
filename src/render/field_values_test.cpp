// SPDX-License-Identifier: Apache-2.0
#include "render/field_values.hpp"

#include <gtest/gtest.h>

#include "support/der_writer.hpp"

namespace peercert::render {
namespace {

using test::hex;

std::string integer(std::string_view digits) { return integer_text(hex(digits)); }

TEST(FieldValuesTest, IntegersOfUpTo53BitsAreDecimal) {
  EXPECT_EQ(integer("00"), "0");
  EXPECT_EQ(integer("7f"), "127");
  EXPECT_EQ(integer("80"), "-128");
  EXPECT_EQ(integer("ff 7f"), "-129");
  EXPECT_EQ(integer("20 00 00 00 00 00 00"), "9007199254740992");
  EXPECT_EQ(integer("e0 00 00 00 00 00 00"), "-9007199254740992");
}

TEST(FieldValuesTest, OtherIntegersAreHexadecimal) {
  EXPECT_EQ(integer("20 00 00 00 00 00 01"), "0x20000000000001");
  EXPECT_EQ(integer("00 ff ff ff ff ff ff ff ff"), "0xffffffffffffffff");
  EXPECT_EQ(integer("df ff ff ff ff ff ff"), "-0x20000000000001");
  EXPECT_EQ(integer("80 00 00 00 00 00 00 00 00"), "-0x800000000000000000");
  EXPECT_EQ(integer("ff 00 00 00 00 00 00 00 00"), "-0x010000000000000000");
  EXPECT_EQ(integer("ff 01 00 00 00 00 00 00 00"), "-0xff00000000000000");
}

TEST(FieldValuesTest, IdentifiersAreDottedIfTheyCanBe) {
  EXPECT_EQ(dotted_text(hex("55 1d 0f")), "2.5.29.15");
  EXPECT_EQ(dotted_text(hex("80")), "OID.80");
  EXPECT_EQ(dotted_text({}), "OID.");
  EXPECT_EQ(dotted_text(test::Octets(586, 1)).substr(0, 6), "0.1.1.");
  EXPECT_EQ(dotted_text(test::Octets(587, 1)).substr(0, 6), "OID.01");
}

TEST(FieldValuesTest, AddressesMayHaveAMask) {
  EXPECT_EQ(ip_address_text(hex("c0 00 02 00"), hex("ff ff ff 00")), "192.0.2.0/255.255.255.0");
  EXPECT_EQ(ip_address_text(test::Octets(16, 0xff), {}), "FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF");
}

TEST(FieldValuesTest, TimesHaveTheFractionThatIsEncoded) {
  DateTime time{2026, 1, 2, 3, 4, 5, {}};
  EXPECT_EQ(rfc3339_text(time), "2026-01-02T03:04:05Z");
  EXPECT_EQ(time_text(time), "2026-01-02 03:04:05 UTC");
  const test::Octets fraction = test::octets(".250");
  time.fraction = fraction;
  time.year = 7;
  EXPECT_EQ(rfc3339_text(time), "0007-01-02T03:04:05.250Z");
  EXPECT_EQ(time_text(time), "0007-01-02 03:04:05.250 UTC");
}

TEST(FieldValuesTest, TextsAreWellFormedOrNot) {
  const auto is_text = [](der::Encoding encoding, std::string_view digits) {
    const test::Octets octets = hex(digits);
    return is_well_formed({encoding, octets});
  };
  EXPECT_TRUE(is_text(der::Encoding::utf8, "c3 a4"));
  EXPECT_FALSE(is_text(der::Encoding::utf8, "c3"));
  EXPECT_TRUE(is_text(der::Encoding::latin1, "c3"));
  EXPECT_TRUE(is_text(der::Encoding::ucs2, "20 ac"));
  EXPECT_FALSE(is_text(der::Encoding::ucs2, "20"));
  EXPECT_FALSE(is_text(der::Encoding::ucs2, "d8 00"));
  EXPECT_FALSE(is_text(der::Encoding::ucs4, "00 00 20"));
  EXPECT_FALSE(is_text(der::Encoding::ucs4, "00 11 00 00"));
  const test::Octets euro = hex("00 61 20 ac");
  EXPECT_EQ(to_utf8({der::Encoding::ucs2, euro}), "a\xe2\x82\xac");
}

}  // namespace
}  // namespace peercert::render
