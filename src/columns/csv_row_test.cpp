// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string>

#include <gtest/gtest.h>

#include <peercert/columns/csv_row.hpp>

namespace peercert::columns {
namespace {

template <class Write>
std::string cell(Write write) {
  Output out;
  CsvRow row(out);
  row.next_cell();
  write(row);
  return std::string(out.view());
}

std::string text_cell(std::string_view text) {
  return cell([text](CsvRow& row) { row.string(text); });
}

TEST(CsvRow, CellsThatHaveNoValueAreEmpty) {
  Output out;
  CsvRow row(out);
  for (int i = 0; i < 2; ++i) {
    row.next_cell();
    row.next_cell();
    row.int64(-1);
    row.next_cell();
    row.end_row();
  }
  EXPECT_EQ(out.view(), ",-1,\r\n,-1,\r\n");
}

TEST(CsvRow, TextsAreEscapedAndQuoted) {
  EXPECT_EQ(text_cell("a.example:443"), "a.example:443");
  EXPECT_EQ(text_cell("a b"), "a b");
  EXPECT_EQ(text_cell(""), "");
  EXPECT_EQ(text_cell(" a"), R"(" a")");
  EXPECT_EQ(text_cell("a "), R"("a ")");
  EXPECT_EQ(text_cell("a,b"), R"("a,b")");
  EXPECT_EQ(text_cell(R"(a"b\)"), R"("a""b\\")");
  EXPECT_EQ(text_cell("a\r\n\x01\xff"), R"(a\r\n\x01\xff)");
  EXPECT_EQ(text_cell("\xc3\xa4"), "\xc3\xa4");
}

TEST(CsvRow, WhatASpreadsheetWouldRunIsText) {
  for (const std::string first : {"=", "+", "-", "@"}) {
    EXPECT_EQ(text_cell(first + "1"), "'" + first + "1");
  }
  EXPECT_EQ(text_cell("1-1"), "1-1");
  constexpr std::array<std::uint8_t, 1> kPlus = {0xf8};
  EXPECT_EQ(cell([&](CsvRow& row) { row.binary(kPlus, BinaryText::base64); }), "'+A==");
  EXPECT_EQ(cell([&](CsvRow& row) { row.binary(kPlus, BinaryText::hex); }), "f8");
}

TEST(CsvRow, OtherTypes) {
  const Timestamp time{std::chrono::seconds(1)};
  EXPECT_EQ(cell([](CsvRow& row) { row.boolean(true); }), "true");
  EXPECT_EQ(cell([&](CsvRow& row) { row.timestamp(time, TimeText::seconds); }),
            "1970-01-01T00:00:01Z");
  EXPECT_EQ(cell([](CsvRow& row) { row.duration(std::chrono::microseconds(1'500)); }), "1.500");
}

TEST(CsvRow, ListsAreJsonArrays) {
  const auto list = [](CsvRow& row) {
    row.begin_list();
    row.string("a\"");
    row.string("=1");
    row.int64(-1);
    row.end_list();
  };
  EXPECT_EQ(cell(list), R"("[""a\"""",""=1"",-1]")");
  EXPECT_EQ(cell([](CsvRow& row) {
              row.begin_list();
              row.end_list();
            }),
            "[]");
  EXPECT_EQ(cell([](CsvRow& row) {
              row.begin_fields().number(7);
              row.end_fields();
            }),
            "7");
}

}  // namespace
}  // namespace peercert::columns
