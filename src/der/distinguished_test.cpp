// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gtest/gtest.h>

#include <peercert/der/distinguished.hpp>
#include <peercert/der/tag.hpp>
#include <peercert/x509/field.hpp>

#include "support/der_writer.hpp"

namespace peercert::der {
namespace {

using test::concat;
using test::hex;
using test::Octets;
using test::tlv;

// "bad_null@0 bad_oid@2"
std::string defects(const Octets& octets) {
  Findings found;
  find_der_defects(octets, 0, found);
  std::string text;
  for (const Finding& finding : found) {
    EXPECT_EQ(finding.field, Field::none);
    if (!text.empty()) text += ' ';
    text.append(name_of(finding.code)).append("@").append(std::to_string(finding.offset));
  }
  return text;
}

std::string defects(const char* digits) { return defects(hex(digits)); }

TEST(DistinguishedTest, WhatIsDerHasNone) {
  EXPECT_EQ(defects(""), "");
  EXPECT_EQ(defects("30 00 31 00 05 00 01 01 ff 01 01 00 02 01 00 02 02 00 80 06 03 55 04 03"), "");
  EXPECT_EQ(defects("a0 03 02 01 02 80 02 ff ff bf 1f 00 9f 81 00 00 03 01 00 03 02 07 80"), "");
  EXPECT_EQ(defects(tlv(kOctetString, Octets(0x80))), "");
  EXPECT_EQ(defects(tlv(kOctetString, Octets(0x100))), "");
}

TEST(DistinguishedTest, Lengths) {
  EXPECT_EQ(defects("04 81 01 aa"), "non_minimal_length@0");
  EXPECT_EQ(defects("05 00 30 83 00 00 02 05 00"), "non_minimal_length@2");
  EXPECT_EQ(defects(concat(hex("04 82 00 80"), Octets(0x80))), "non_minimal_length@0");
  EXPECT_EQ(defects("30 80 05 00 00 00 05 00"), "indefinite_length@0");
  EXPECT_EQ(defects("30 80 30 80 00 00 00 00"), "indefinite_length@0 indefinite_length@2");
}

TEST(DistinguishedTest, Tags) {
  EXPECT_EQ(defects("1f 05 00"), "non_minimal_tag@0");
  EXPECT_EQ(defects("bf 80 1f 00"), "non_minimal_tag@0");
  EXPECT_EQ(defects("30 02 00 00"), "reserved_tag@2");
  EXPECT_EQ(defects("0f 00"), "reserved_tag@0");
}

TEST(DistinguishedTest, Forms) {
  EXPECT_EQ(defects("24 03 04 01 aa"), "constructed_string@0");
  EXPECT_EQ(defects("2c 00"), "constructed_string@0");
  EXPECT_EQ(defects("22 00"), "wrong_form@0");
  EXPECT_EQ(defects("10 00 11 00"), "wrong_form@0 wrong_form@2");
}

TEST(DistinguishedTest, ContentThatIsNoElements) {
  EXPECT_EQ(defects("30 01 30"), "malformed_content@2");
  EXPECT_EQ(defects("30 02 04 05 05 01 00"), "malformed_content@2 bad_null@4");
  EXPECT_EQ(defects("30 80 05 00"), "indefinite_length@0 malformed_content@0");
  EXPECT_EQ(defects("04 01"), "malformed_content@0");
  EXPECT_EQ(defects("04 80 00 00"), "malformed_content@0");
}

TEST(DistinguishedTest, Values) {
  EXPECT_EQ(defects("01 01 01"), "bad_boolean@0");
  EXPECT_EQ(defects("01 00 01 02 ff ff"), "bad_boolean@0 bad_boolean@2");
  EXPECT_EQ(defects("02 00 02 02 00 01 0a 02 ff ff"), "bad_integer@0 bad_integer@2 bad_integer@6");
  EXPECT_EQ(defects("03 00 03 02 08 00 03 01 01"),
            "bad_bit_string@0 bad_bit_string@2 bad_bit_string@6");
  EXPECT_EQ(defects("03 02 01 01 03 02 07 c0"), "unused_bits_set@0 unused_bits_set@4");
  EXPECT_EQ(defects("05 01 00"), "bad_null@0");
  EXPECT_EQ(defects("06 00 06 01 80 06 02 80 01"), "bad_oid@0 bad_oid@2 bad_oid@5");
}

TEST(DistinguishedTest, SetsStandInOrder) {
  EXPECT_EQ(defects("31 06 02 01 01 02 01 02"), "");
  EXPECT_EQ(defects("31 06 02 01 01 02 01 01"), "");
  EXPECT_EQ(defects("31 06 02 01 02 02 01 01"), "set_not_sorted@5");
  EXPECT_EQ(defects("31 07 02 02 01 00 02 01 7f"), "set_not_sorted@6");
  EXPECT_EQ(defects("30 06 02 01 02 02 01 01"), "");
}

TEST(DistinguishedTest, Times) {
  EXPECT_EQ(defects(tlv(kUtcTime, "260101000000Z")), "");
  EXPECT_EQ(defects(tlv(kGeneralizedTime, "20260101000000Z")), "");
  EXPECT_EQ(defects(tlv(kGeneralizedTime, "20260101000000.05Z")), "");
  for (const char* text : {"", "Z", "2601010000Z", "260101000000", "260101000000+0000",
                           "260101000000.5Z", "2601010000 0Z", "20260101000000Z"}) {
    EXPECT_EQ(defects(tlv(kUtcTime, text)), "time_not_der@0") << text;
  }
  for (const char* text :
       {"2026010100Z", "20260101000000", "20260101000000.Z", "20260101000000.50Z",
        "20260101000000,5Z", "20260101000000.5", "20260101000000.5xZ"}) {
    EXPECT_EQ(defects(tlv(kGeneralizedTime, text)), "time_not_der@0") << text;
  }
}

TEST(DistinguishedTest, Characters) {
  EXPECT_EQ(defects(tlv(kPrintableString, "AZaz09 '()+,-./:=?")), "");
  EXPECT_EQ(defects(tlv(kPrintableString, "a*b")), "invalid_characters@3");
  EXPECT_EQ(defects("13 01 00"), "invalid_characters@2");
  EXPECT_EQ(defects(tlv(kNumericString, "12 a")), "invalid_characters@5");
  EXPECT_EQ(defects("16 02 7f 80"), "invalid_characters@3");
  EXPECT_EQ(defects("1a 02 20 1f"), "invalid_characters@3");
  EXPECT_EQ(defects("0c 03 41 c3 a4"), "");
  EXPECT_EQ(defects("0c 02 41 c3"), "invalid_characters@3");
  EXPECT_EQ(defects("1e 04 00 41 d8 00"), "invalid_characters@4");
  EXPECT_EQ(defects("1e 03 00 41 00"), "invalid_characters@4");
  EXPECT_EQ(defects("1c 06 00 00 00 41 00 00"), "invalid_characters@6");
  EXPECT_EQ(defects("14 02 00 ff"), "");
}

TEST(DistinguishedTest, DepthIsBounded) {
  const auto nested = [](std::size_t depth) {
    Octets octets;
    for (std::size_t i = 0; i < depth; ++i) octets = test::sequence(octets);
    return octets;
  };
  EXPECT_EQ(defects(nested(kMaxDerDepth - 1)), "");
  EXPECT_TRUE(defects(nested(kMaxDerDepth)).starts_with("nested_too_deep@"));
  Octets indefinite;
  for (int i = 0; i < 100000; ++i) indefinite.insert(indefinite.end(), {0x30, 0x80});
  EXPECT_NE(defects(indefinite), "");
}

TEST(DistinguishedTest, OffsetsCountFromTheInput) {
  Findings found;
  find_der_defects(hex("05 00 05 01 00"), 100, found);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found.begin()->offset, 102U);
}

}  // namespace
}  // namespace peercert::der
