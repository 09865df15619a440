// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include <peercert/peer/serial_text.hpp>

#include "support/der_writer.hpp"

namespace peercert {
namespace {

using test::hex;
using test::Octets;

TEST(SerialTextTest, IsTheMagnitudeInHexadecimal) {
  const std::pair<const char*, const char*> cases[] = {
      {"00", "00"},          {"01", "01"},
      {"7f", "7F"},          {"00 80", "80"},  // the sign octet is not part of it
      {"00 ff", "FF"},       {"01 02 03", "010203"},
      {"00 ff ff", "FFFF"},  {"0a bc de f0 00", "0ABCDEF000"},
      {"80", "-80"},         {"81", "-7F"},
      {"ff", "-01"},         {"ff 00", "-0100"},
      {"ff 7f", "-81"},      {"80 00", "-8000"},
      {"80 01", "-7FFF"},    {"fe 00", "-0200"},
      {"fe ff", "-0101"},    {"ff 00 00", "-010000"},
      {"ff 00 01", "-FFFF"},
  };
  for (const auto& [content, text] : cases)
    EXPECT_EQ(to_serial_text(hex(content)), text) << content;
}

// Every two-octet number, against arithmetic.
TEST(SerialTextTest, AgreesWithArithmetic) {
  for (int number = -0x8000; number <= 0x7fff; ++number) {
    if (number >= -0x80 && number <= 0x7f) continue;  // one octet
    const Octets content{static_cast<std::uint8_t>(number >> 8 & 0xff),
                         static_cast<std::uint8_t>(number & 0xff)};
    const int magnitude = number < 0 ? -number : number;
    char expected[16];
    std::snprintf(expected, sizeof expected, magnitude > 0xff ? "%s%04X" : "%s%02X",
                  number < 0 ? "-" : "", static_cast<unsigned>(magnitude));
    // OpenSSL keeps the octets of FF00 as two, which needs four digits all the same.
    ASSERT_EQ(to_serial_text(content), expected) << number;
  }
}

std::string repeated(std::string_view text, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += text;
  return out;
}

TEST(SerialTextTest, OneLineOfThirtyFiveOctets) {
  EXPECT_EQ(to_serial_text(Octets(34, 0x11)), repeated("11", 34));
  EXPECT_EQ(to_serial_text(Octets(35, 0x11)), repeated("11", 35));
  EXPECT_EQ(to_serial_text(Octets(36, 0x11)), repeated("11", 35) + "\\\n");
  EXPECT_EQ(to_serial_text(Octets(1000, 0x11)), repeated("11", 35) + "\\\n");

  Octets positive(36, 0x99);  // 35 octets of magnitude behind the sign octet
  positive[0] = 0;
  EXPECT_EQ(to_serial_text(positive), repeated("99", 35));
  EXPECT_EQ(to_serial_text(test::concat(positive, hex("99"))), repeated("99", 35) + "\\\n");

  EXPECT_EQ(to_serial_text(Octets(35, 0xee)), "-" + repeated("11", 34) + "12");
  EXPECT_EQ(to_serial_text(Octets(36, 0xee)), "-" + repeated("11", 35) + "\\\n");
  EXPECT_EQ(to_serial_text(Octets(36, 0xee)).size(), kMaxSerialTextLen);
}

TEST(SerialTextTest, NothingOfNothing) { EXPECT_EQ(to_serial_text({}), ""); }

}  // namespace
}  // namespace peercert
