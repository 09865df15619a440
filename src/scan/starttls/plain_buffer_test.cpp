// SPDX-License-Identifier: Apache-2.0
#include "scan/starttls/plain_buffer.hpp"

#include <string>

#include <gtest/gtest.h>

namespace peercert::scan {
namespace {

TEST(PlainBuffer, TakesLines) {
  PlainBuffer buffer;
  EXPECT_EQ(buffer.take_line(), std::nullopt);
  buffer.append("one\r\ntwo\n\r\n\n\rthree\r");
  EXPECT_EQ(buffer.take_line(), "one");
  EXPECT_EQ(buffer.take_line(), "two");
  EXPECT_EQ(buffer.take_line(), "");
  EXPECT_EQ(buffer.take_line(), "");
  EXPECT_EQ(buffer.take_line(), std::nullopt);
  buffer.append("\nfour");
  EXPECT_EQ(buffer.take_line(), "\rthree");
  EXPECT_EQ(buffer.unread(), "four");
}

TEST(PlainBuffer, TakesTags) {
  PlainBuffer buffer;
  buffer.append("text > '\"<a b='>\"' c=\">'\"/></a><");
  EXPECT_EQ(buffer.take_tag(), "a b='>\"' c=\">'\"/");
  EXPECT_EQ(buffer.take_tag(), "/a");
  EXPECT_EQ(buffer.take_tag(), std::nullopt);
  buffer.append("b c='<");
  EXPECT_EQ(buffer.take_tag(), std::nullopt);
  buffer.append(">");
  EXPECT_EQ(buffer.take_tag(), std::nullopt);
  buffer.append("'>");
  EXPECT_EQ(buffer.take_tag(), "b c='<>'");
}

TEST(PlainBuffer, TakesPackets) {
  PlainBuffer buffer;
  buffer.append("abc");
  EXPECT_EQ(buffer.take(4), std::nullopt);
  EXPECT_EQ(buffer.take(2), "ab");
  EXPECT_EQ(buffer.take(0), "");
  buffer.append("d");
  EXPECT_EQ(buffer.take(2), "cd");
}

// What the search for one kind of piece has passed over, another kind has not.
TEST(PlainBuffer, SearchesAgainForAnotherKindOfPiece) {
  PlainBuffer buffer;
  buffer.append("abc");
  EXPECT_EQ(buffer.take_line(), std::nullopt);
  EXPECT_EQ(buffer.take(1), "a");
  buffer.append("\n");
  EXPECT_EQ(buffer.take_line(), "bc");
}

TEST(PlainBuffer, IsFullWhereAPieceDoesNotEnd) {
  const std::string most(kMaxPlainPieceLen - 1, 'x');
  PlainBuffer fits;
  fits.append(most);
  EXPECT_EQ(fits.take_line(), std::nullopt);
  EXPECT_FALSE(fits.is_full());
  fits.append("\n");
  EXPECT_EQ(fits.take_line(), most);

  PlainBuffer full;
  full.append(most + "x");
  EXPECT_EQ(full.take_line(), std::nullopt);
  EXPECT_TRUE(full.is_full());
  full.append("\n");
  EXPECT_EQ(full.take_line(), std::nullopt);

  PlainBuffer packet;
  packet.append(most + "x");
  EXPECT_EQ(packet.take(kMaxPlainPieceLen), most + "x");
}

TEST(PlainBuffer, SearchesEachByteOnce) {
  PlainBuffer buffer;
  for (std::size_t i = 1; i <= 1000; ++i) {
    buffer.append(">");
    EXPECT_EQ(buffer.take_line(), std::nullopt);
    EXPECT_EQ(buffer.num_searched(), i);
  }
}

TEST(InQuotes, IsPrintableAndShort) {
  EXPECT_EQ(in_quotes("a\\\"\t\x7f\xc3 ~"), R"("a\\\"\x09\x7f\xc3 ~")");
  EXPECT_EQ(in_quotes(std::string(200, 'a')), "\"" + std::string(200, 'a') + "\"");
  EXPECT_EQ(in_quotes(std::string(201, 'a')), "\"" + std::string(200, 'a') + "\"...");
}

}  // namespace
}  // namespace peercert::scan
