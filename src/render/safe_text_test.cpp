// SPDX-License-Identifier: Apache-2.0
#include "render/safe_text.hpp"

#include <gtest/gtest.h>

#include "support/der_writer.hpp"

namespace peercert::render {
namespace {

std::string safe(const test::Octets& octets) {
  std::string out;
  append_safe(octets, out);
  return out;
}

TEST(SafeTextTest, EscapesWhatIsNotPrintable) {
  EXPECT_EQ(safe(test::octets("a\x1b[0m\n\\")), "a\\x1b[0m\\n\\\\");
  EXPECT_EQ(safe(test::octets("\xc3\xa4\xe2\x80\xae")), "\xc3\xa4\\u202e");
}

TEST(SafeTextTest, EscapesOctetsThatAreNoCharacters) {
  EXPECT_EQ(safe(test::octets("a\xff"
                              "b\xc3")),
            "a\\xffb\\xc3");
}

TEST(SafeTextTest, ReadsEachEncoding) {
  const test::Octets latin1 = test::hex("e4 80");
  const test::Octets ucs2 = test::hex("20 ac");
  std::string out;
  append_safe(der::StringView{der::Encoding::latin1, latin1}, out);
  append_safe(der::StringView{der::Encoding::ucs2, ucs2}, out);
  EXPECT_EQ(out, "\xc3\xa4\\x80\xe2\x82\xac");
}

TEST(SafeTextTest, PutsTheSeparatorBetweenOctets) {
  EXPECT_EQ(to_hex(test::hex("00 a1 ff"), ":"), "00:A1:FF");
  EXPECT_EQ(to_hex(test::hex("0f"), ":"), "0F");
  EXPECT_EQ(to_hex({}, ":"), "");
}

TEST(SafeTextTest, CutsBetweenCharacters) {
  for (const std::string_view character : {"a", "\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x94\x92"}) {
    for (std::size_t in_front = 0; in_front < 5; ++in_front) {
      std::string text(in_front, '-');
      for (int i = 0; i < 4; ++i) text += character;
      for (std::size_t max_len = 0; max_len <= text.size() + 1; ++max_len) {
        const std::string_view kept = cut(text, max_len);
        EXPECT_LE(kept.size(), max_len);
        EXPECT_TRUE(text.starts_with(kept));
        EXPECT_EQ(der::utf8_error(test::octets(std::string(kept))), kept.size());
        EXPECT_TRUE(kept.size() == text.size() || kept.size() + character.size() > max_len);
      }
    }
  }
  EXPECT_EQ(cut("\x80\x80\x80", 2), "");  // no UTF-8
}

}  // namespace
}  // namespace peercert::render
