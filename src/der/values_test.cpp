// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include <gtest/gtest.h>

#include <peercert/der/element.hpp>
#include <peercert/der/values.hpp>

#include "support/der_writer.hpp"

namespace peercert::der {
namespace {

using test::hex;
using test::Octets;

TEST(ValuesTest, IntegersAreMinimal) {
  for (const char* content :
       {"00", "7f", "80", "ff", "00 80", "00 ff ff", "ff 7f", "ff 00", "80 00"})
    EXPECT_EQ(check_integer(hex(content)), Errc::ok) << content;
  for (const char* content : {"", "00 00", "00 7f", "ff 80", "ff ff", "00 01 02", "ff ff 00"})
    EXPECT_EQ(check_integer(hex(content)), Errc::bad_integer) << content;
}

TEST(ValuesTest, SubidentifiersAreWholeAndUnpadded) {
  for (const char* content : {"00", "55 04 03", "7f", "81 00", "88 37", "2a 81 80 00", "ff ff 7f"})
    EXPECT_EQ(check_oid(hex(content)), Errc::ok) << content;
  for (const char* content : {"", "80", "80 01", "55 80 01", "55 84", "81 80", "2a 03 80 80 01"})
    EXPECT_EQ(check_oid(hex(content)), Errc::bad_oid) << content;
}

// Octets are looked at eight at a time, the last ones on their own.
TEST(ValuesTest, PaddingIsFoundAnywhere) {
  for (std::size_t len = 3; len <= 26; ++len) {
    for (std::size_t at = 0; at + 1 < len; ++at) {
      Octets content(len, 0x01);
      EXPECT_EQ(check_oid(content), Errc::ok);
      content[at] = 0x80;
      EXPECT_EQ(check_oid(content), Errc::bad_oid) << at << " of " << len;
    }
  }
}

TEST(ValuesTest, BitStringsCountTheirUnusedBits) {
  for (const char* content : {"00", "07 80", "00 ff", "07"})
    EXPECT_EQ(check_bit_string(hex(content)), Errc::ok) << content;
  for (const char* content : {"", "08 00", "ff 00"})
    EXPECT_EQ(check_bit_string(hex(content)), Errc::bad_bit_string) << content;
}

Octets octets_of(const BitString& bits) {
  Octets out;
  for (std::size_t i = 0; i < bits.size(); ++i) out.push_back(bits[i]);
  return out;
}

TEST(ValuesTest, UnusedBitsAreCleared) {
  EXPECT_EQ(octets_of(BitString(hex("00 ff ff"))), hex("ff ff"));
  EXPECT_EQ(octets_of(BitString(hex("01 ff ff"))), hex("ff fe"));
  EXPECT_EQ(octets_of(BitString(hex("07 ff ff"))), hex("ff 80"));
  EXPECT_EQ(octets_of(BitString(hex("03 ff"))), hex("f8"));
  EXPECT_EQ(octets_of(BitString(hex("07"))), Octets{});
}

Errc check_any_of(std::string_view input) {
  const Octets octets = hex(input);
  const std::uint8_t* at = octets.data();
  Element element;
  EXPECT_EQ(read_element(at, at + octets.size(), element), Errc::ok) << input;
  return check_any(element.identifier(), element.content());
}

TEST(ValuesTest, EachUniversalTypeHasItsRules) {
  const std::pair<const char*, Errc> cases[] = {
      {"01 01 00", Errc::ok},
      {"01 01 55", Errc::ok},  // BER: any octet but zero is TRUE
      {"01 00", Errc::bad_boolean},
      {"01 02 00 00", Errc::bad_boolean},
      {"02 00", Errc::bad_integer},
      {"0a 02 00 01", Errc::bad_integer},
      {"0a 01 01", Errc::ok},
      {"03 00", Errc::bad_bit_string},
      {"04 00", Errc::ok},
      {"05 00", Errc::ok},
      {"05 01 00", Errc::bad_null},
      {"06 00", Errc::bad_oid},
      {"0c 01 ff", Errc::ok},  // whether it is UTF-8 is the Name's matter
      {"1e 02 00 41", Errc::ok},
      {"1e 01 41", Errc::bad_string_length},
      {"1c 04 00 00 00 41", Errc::ok},
      {"1c 02 00 41", Errc::bad_string_length},
      {"30 00", Errc::ok},
      {"31 00", Errc::ok},
      {"10 00", Errc::unexpected_tag},
      {"11 00", Errc::unexpected_tag},
      {"22 00", Errc::unexpected_tag},
      {"21 00", Errc::unexpected_tag},
      {"26 00", Errc::unexpected_tag},
      {"24 00", Errc::constructed_string},
      {"2c 00", Errc::constructed_string},
      {"23 00", Errc::constructed_string},
      {"00 00", Errc::ok},  // whether they end something is for the reader of the type to know
      {"80 00", Errc::ok},  // other classes have no rules
      {"a1 00", Errc::ok},
      {"1f 1f 00", Errc::ok},
  };
  for (const auto& [input, error] : cases)
    EXPECT_EQ(to_string(check_any_of(input)), to_string(error)) << input;
}

}  // namespace
}  // namespace peercert::der
