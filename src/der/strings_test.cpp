// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <peercert/der/strings.hpp>

#include "support/der_writer.hpp"

namespace peercert::der {
namespace {

using test::hex;
using test::octets;
using test::Octets;

// The definition of UTF-8 turned around: a sequence is well-formed if it is what some code point
// encodes to. Slow and plain.
bool is_scalar_value(char32_t c) { return c < 0xd800 || (c > 0xdfff && c <= 0x10ffff); }

std::optional<char32_t> decode_naively(Bytes octets) {
  const std::size_t len = octets.size();
  constexpr std::uint8_t kLeads[] = {0, 0x00, 0xc0, 0xe0, 0xf0};
  constexpr std::uint8_t kLeadMasks[] = {0, 0x80, 0xe0, 0xf0, 0xf8};
  constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  if ((octets[0] & kLeadMasks[len]) != kLeads[len]) return std::nullopt;
  char32_t c = octets[0] & static_cast<std::uint8_t>(~kLeadMasks[len]);
  for (std::size_t i = 1; i < len; ++i) {
    if ((octets[i] & 0xc0) != 0x80) return std::nullopt;
    c = c * 64 + (octets[i] & 0x3f);
  }
  if (c < kSmallest[len] || !is_scalar_value(c)) return std::nullopt;
  return c;
}

// Whether the octets are one character after the other.
bool is_well_formed(Bytes octets) {
  while (!octets.empty()) {
    std::size_t len = 1;
    while (len <= octets.size() && len <= 4 && !decode_naively(octets.first(len))) ++len;
    if (len > octets.size() || len > 4) return false;
    octets = octets.subspan(len);
  }
  return true;
}

// How many of the first octets, the first two and so on are judged wrongly.
std::size_t num_disagreements(Bytes octets) {
  std::size_t count = 0;
  for (std::size_t len = 1; len <= octets.size(); ++len) {
    count += (utf8_error(octets.first(len)) == len) != is_well_formed(octets.first(len));
  }
  return count;
}

// All sequences of one and two octets; of three, those that start as a longer character does, and
// the edges of the others.
TEST(StringsTest, Utf8AgreesWithItsDefinitionOnShortSequences) {
  std::vector<std::uint8_t> all, edges = {0x00, 0x7f, 0x80, 0xbf, 0xc0, 0xff};
  for (unsigned third = 0x7f; third <= 0xff; ++third) all.push_back(std::uint8_t(third));
  for (unsigned lead = 0; lead <= 0xffff; ++lead) {
    std::uint8_t octets[] = {static_cast<std::uint8_t>(lead >> 8), static_cast<std::uint8_t>(lead),
                             0};
    ASSERT_EQ(num_disagreements(Bytes(octets).first(2)), 0U) << std::hex << lead;
    for (const std::uint8_t third : lead >= 0xe000 ? all : edges) {
      octets[2] = third;
      ASSERT_EQ(utf8_error(octets) == 3, is_well_formed(octets)) << std::hex << lead << int{third};
    }
  }
}

// Every lead octet of four, with every second octet and the edges of the others.
TEST(StringsTest, Utf8AgreesWithItsDefinitionOnFourOctets) {
  constexpr std::pair<std::uint8_t, std::uint8_t> kTails[] = {
      {0x80, 0x80}, {0xbf, 0xbf}, {0x80, 0xbf}, {0xbf, 0x80}, {0x7f, 0x80}, {0xc0, 0x80},
      {0x80, 0x7f}, {0x80, 0xc0}, {0x00, 0x00}, {0xff, 0xff}, {0xbf, 0x7f}, {0xbf, 0xc0}};
  for (unsigned lead = 0xf000; lead <= 0xffff; ++lead) {
    for (const auto& [third, fourth] : kTails) {
      const std::uint8_t octets[] = {static_cast<std::uint8_t>(lead >> 8),
                                     static_cast<std::uint8_t>(lead), third, fourth};
      ASSERT_EQ(num_disagreements(octets), 0U) << std::hex << lead << ' ' << int{third};
    }
  }
}

TEST(StringsTest, Utf8ErrorIsWhereTheBadSequenceBegins) {
  EXPECT_EQ(utf8_error({}), 0U);
  EXPECT_EQ(utf8_error(octets("abc\xff")), 3U);
  EXPECT_EQ(utf8_error(octets("\xc3\xa9\xe2\x82")), 2U);  // cut in a character
  EXPECT_EQ(utf8_error(octets("\xed\xa0\x80")), 0U);      // U+D800
  // Words of eight octets are taken at once: the error is found at every place in them.
  for (std::size_t size = 1; size < 40; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      Octets text(size, 'a');
      text[at] = 0x80;
      EXPECT_EQ(utf8_error(text), at) << size;
    }
  }
}

TEST(StringsTest, EncodingFollowsTheType) {
  EXPECT_EQ(encoding_of(kUtf8String), Encoding::utf8);
  for (const Tag tag : {kNumericString, kPrintableString, kTeletexString, kIa5String})
    EXPECT_EQ(encoding_of(tag), Encoding::latin1);
  EXPECT_EQ(encoding_of(kBmpString), Encoding::ucs2);
  EXPECT_EQ(encoding_of(kUniversalString), Encoding::ucs4);
  for (const Tag tag : {kBitString, kOctetString, kSequence, kCharacterString, kUtcTime, Tag{0x1a}})
    EXPECT_EQ(encoding_of(tag), Encoding::none);
}

TEST(StringsTest, SurrogatesAndTooLargeCodePointsAreNoCharacters) {
  const auto error = [](Encoding encoding, const char* digits) {
    return encoding_error({encoding, hex(digits)});
  };
  EXPECT_EQ(error(Encoding::ucs2, "00 41 ff ff"), 4U);
  EXPECT_EQ(error(Encoding::ucs2, "00 41 d8 00 dc 00"), 2U);  // no pairs in UCS-2
  EXPECT_EQ(error(Encoding::ucs2, "d7 ff df ff"), 2U);
  EXPECT_EQ(error(Encoding::ucs2, "d7 ff e0 00"), 4U);
  EXPECT_EQ(error(Encoding::ucs4, "00 10 ff ff 00 00 00 00"), 8U);
  EXPECT_EQ(error(Encoding::ucs4, "00 00 00 41 00 11 00 00"), 4U);
  EXPECT_EQ(error(Encoding::ucs4, "00 00 df ff"), 0U);
  EXPECT_EQ(error(Encoding::ucs4, "ff ff ff ff"), 0U);
  EXPECT_EQ(error(Encoding::latin1, "00 80 ff"), 3U);  // every octet is a character
  EXPECT_EQ(error(Encoding::none, "ff"), 1U);
  EXPECT_EQ(error(Encoding::utf8, "41 c0 80"), 1U);
}

std::u32string characters(Encoding encoding, const Octets& octets) {
  StringView rest{encoding, octets};
  std::u32string out;
  while (!rest.octets.empty()) out += next_code_point(rest);
  return out;
}

TEST(StringsTest, TakesCharactersOffTheFront) {
  EXPECT_EQ(characters(Encoding::utf8, octets("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x94\x92")),
            U"a\u00e9\u20ac\U0001f512");
  EXPECT_EQ(characters(Encoding::latin1, hex("41 80 e9 ff")), U"A\u0080\u00e9\u00ff");
  EXPECT_EQ(characters(Encoding::ucs2, hex("00 41 20 ac")), U"A\u20ac");
  EXPECT_EQ(characters(Encoding::ucs4, hex("00 00 00 41 00 01 f5 12")), U"A\U0001f512");
}

// Nobody has checked the octets of a view that a caller made: they are read all the same, in
// bounds.
TEST(StringsTest, ACutCharacterIsAReplacementCharacter) {
  EXPECT_EQ(characters(Encoding::utf8, hex("41 f0")), U"A\ufffd");
  EXPECT_EQ(characters(Encoding::utf8, hex("e2 82")), U"\ufffd");
  EXPECT_EQ(characters(Encoding::utf8, hex("c3")), U"\ufffd");
  EXPECT_EQ(characters(Encoding::ucs2, hex("00 41 00")), U"A\ufffd");
  EXPECT_EQ(characters(Encoding::ucs4, hex("00 00 00")), U"\ufffd");
}

TEST(StringsTest, EncodesAllThatItDecodes) {
  std::size_t num_wrong = 0;
  for (char32_t c = 0; c <= 0x10ffff; ++c) {
    if (!is_scalar_value(c)) continue;
    char utf8[4];
    const std::size_t len = encode_utf8(c, utf8);
    const Bytes encoded(reinterpret_cast<const std::uint8_t*>(utf8), len);
    num_wrong += decode_naively(encoded) != c || utf8_error(encoded) != len;
  }
  EXPECT_EQ(num_wrong, 0U);
}

}  // namespace
}  // namespace peercert::der
