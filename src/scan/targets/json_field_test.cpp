// SPDX-License-Identifier: Apache-2.0
#include "scan/targets/json_field.hpp"

#include <string>

#include <gtest/gtest.h>

#include <peercert/ssl/error.hpp>

namespace peercert::scan {
namespace {

std::string reason(std::string_view object, std::string_view path) {
  try {
    return "it is " + json_field(object, path);
  } catch (const ssl::ValueError& error) {
    return error.what();
  }
}

TEST(JsonField, OfObjectsInObjects) {
  constexpr std::string_view kObject =
      R"({"x":1,"a":{"x":2,"b":{"c":"found"},"":"empty"},"a.b":3})";
  EXPECT_EQ(json_field(kObject, "a.b.c"), "found");
  EXPECT_EQ(json_field(kObject, "a."), "empty");
  EXPECT_EQ(reason(kObject, "a.b"), "the field is no string");
  EXPECT_EQ(reason(kObject, "a.c"), "the field is missing");
  EXPECT_EQ(reason(kObject, "c"), "the field is missing");
  EXPECT_EQ(reason(kObject, "x.b"), "there is no JSON object with the field");
}

TEST(JsonField, IsTheWholeText) {
  EXPECT_EQ(json_field(R"({"a":""})", "a"), "");
  EXPECT_EQ(json_field(R"({"a":"x\u0000y\n\u00fc"})", "a"), std::string("x\0y\n\xc3\xbc", 6));
}

TEST(JsonField, OfTwoOfANameIsTheFirst) {
  EXPECT_EQ(json_field(R"({"a":"first","a":"second"})", "a"), "first");
}

TEST(JsonField, OfWhatIsNoJsonIsNone) {
  for (const char* const text : {"", "{", R"({"a":"b"}x)", R"({"a":"b",})", "{\"a\":\"\xff\"}",
                                 "{\"a\":\"b\",\"c\":\"\xc3\"}", R"({"a":"\ud800"})"}) {
    EXPECT_EQ(reason(text, "a"), "that is not JSON") << text;
  }
  for (const char* const text : {"[]", "\"a\"", "1", "null"}) {
    EXPECT_EQ(reason(text, "a"), "there is no JSON object with the field") << text;
  }
}

}  // namespace
}  // namespace peercert::scan
