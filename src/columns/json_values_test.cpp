// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string>

#include <gtest/gtest.h>

#include <peercert/columns/json_values.hpp>

namespace peercert::columns {
namespace {

constexpr std::array<std::uint8_t, 3> kBytes = {0x00, 0xab, 0xff};

template <class Write>
std::string json(Write write) {
  Output out;
  JsonValues values(out);
  write(values);
  return std::string(out.view());
}

TEST(JsonValues, OfEachType) {
  using std::chrono::microseconds;
  const Timestamp time{microseconds(1'250'999)};
  EXPECT_EQ(json([](JsonValues& to) { to.string("a\"\n\xff"); }), "\"a\\\"\\n\xef\xbf\xbd\"");
  EXPECT_EQ(json([](JsonValues& to) { to.string(""); }), "\"\"");
  EXPECT_EQ(json([](JsonValues& to) { to.binary(kBytes, BinaryText::hex); }), "\"00abff\"");
  EXPECT_EQ(json([](JsonValues& to) { to.binary(kBytes, BinaryText::base64); }), "\"AKv/\"");
  EXPECT_EQ(json([](JsonValues& to) { to.boolean(true); }), "true");
  EXPECT_EQ(json([](JsonValues& to) { to.boolean(false); }), "false");
  EXPECT_EQ(json([](JsonValues& to) { to.int64(INT64_MIN); }), "-9223372036854775808");
  EXPECT_EQ(json([&](JsonValues& to) { to.timestamp(time, TimeText::milliseconds); }),
            "\"1970-01-01T00:00:01.250Z\"");
  EXPECT_EQ(json([&](JsonValues& to) { to.timestamp(time, TimeText::seconds); }),
            "\"1970-01-01T00:00:01Z\"");
  EXPECT_EQ(json([](JsonValues& to) { to.duration(microseconds(12'045)); }), "12.045");
  EXPECT_EQ(json([](JsonValues& to) { to.duration(microseconds(-1)); }), "0.000");
}

TEST(JsonValues, Lists) {
  EXPECT_EQ(json([](JsonValues& to) {
              to.begin_list();
              to.end_list();
            }),
            "[]");
  EXPECT_EQ(json([](JsonValues& to) {
              to.begin_list();
              to.int64(1);
              to.string("a");
              to.end_list();
            }),
            R"([1,"a"])");
}

TEST(JsonValues, AnObjectHasTheMembersThatHaveValues) {
  EXPECT_EQ(json([](JsonValues& to) {
              to.begin_object();
              to.name("absent");
              to.name("number");
              to.int64(1);
              to.name("list");
              to.begin_list();
              to.boolean(true);
              to.end_list();
              to.name("by_hand");
              to.begin().append("{}");
              to.name("structures");
              FieldVisitor& fields = to.begin_fields();
              fields.begin_list();
              fields.begin_object();
              fields.member("number").number(7);
              fields.end_object();
              fields.end_list();
              to.end_fields();
              to.name("absent");
              to.end_object();
            }),
            R"({"number":1,"list":[true],"by_hand":{},"structures":[{"number":7}]})");
}

}  // namespace
}  // namespace peercert::columns
