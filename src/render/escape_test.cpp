// SPDX-License-Identifier: Apache-2.0
#include "render/escape.hpp"

#include <string>

#include <gtest/gtest.h>

namespace peercert::render {
namespace {

std::string escaped(char32_t c, char quote = '\'') {
  char text[kMaxEscapedLen];
  return {text, put_escaped(text, c, quote)};
}

// str.isprintable() of Python 3.13 (Unicode 15.1), at the edges of its runs.
constexpr char32_t kPrintable[] = {0x20,   0x7e,   0xa1,    0xac,    0xae,    0x377,   0x37a,
                                   0x20ac, 0xfffd, 0x1f512, 0xe0100, 0xe01ef, 0x2ebf0, 0x2ee5d};
constexpr char32_t kNotPrintable[] = {
    0x00,   0x1f,   0x7f,    0x80,    0x9f,    0xa0,     0xad,     0x378,     0x379,
    0x200b, 0x200e, 0x2028,  0x202e,  0x2066,  0x3000,   0xd800,   0xe000,    0xfeff,
    0xfffe, 0xffff, 0x2ee5e, 0xe0001, 0xf0000, 0x10fffd, 0x10ffff, 0xffffffff};

TEST(EscapeTest, PrintableIsWhatPythonSays) {
  for (const char32_t c : kPrintable) EXPECT_TRUE(is_printable(c)) << static_cast<unsigned>(c);
  for (const char32_t c : kNotPrintable) EXPECT_FALSE(is_printable(c)) << static_cast<unsigned>(c);
}

TEST(EscapeTest, EscapesAsPythonDoes) {
  EXPECT_EQ(escaped('a'), "a");
  EXPECT_EQ(escaped('\t'), "\\t");
  EXPECT_EQ(escaped('\n'), "\\n");
  EXPECT_EQ(escaped('\r'), "\\r");
  EXPECT_EQ(escaped('\\'), "\\\\");
  EXPECT_EQ(escaped(0), "\\x00");
  EXPECT_EQ(escaped(0x0b), "\\x0b");
  EXPECT_EQ(escaped(0x7f), "\\x7f");
  EXPECT_EQ(escaped(0xa0), "\\xa0");
  EXPECT_EQ(escaped(0xe9), "\xc3\xa9");
  EXPECT_EQ(escaped(0x202e), "\\u202e");
  EXPECT_EQ(escaped(0xe0001), "\\U000e0001");
  EXPECT_EQ(escaped(0x10ffff), "\\U0010ffff");
  EXPECT_EQ(escaped(0x1f512), "\xf0\x9f\x94\x92");
}

TEST(EscapeTest, OnlyTheQuoteInUseIsEscaped) {
  EXPECT_EQ(escaped('\'', '\''), "\\'");
  EXPECT_EQ(escaped('"', '\''), "\"");
  EXPECT_EQ(escaped('\'', '"'), "'");
  EXPECT_EQ(escaped('\'', kNoQuote), "'");
  EXPECT_EQ(escaped('\0', kNoQuote), "\\x00");
}

TEST(EscapeTest, OctetsInHexadecimal) {
  char text[kMaxEscapedLen];
  EXPECT_EQ(std::string(text, put_hex_escape(text, 0xff)), "\\xff");
  EXPECT_EQ(std::string(text, put_hex_escape(text, 0x0a)), "\\x0a");
}

}  // namespace
}  // namespace peercert::render
