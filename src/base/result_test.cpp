// SPDX-License-Identifier: Apache-2.0
#include <set>
#include <string>

#include <gtest/gtest.h>

#include <peercert/base/result.hpp>
#include <peercert/x509/field.hpp>

namespace peercert {
namespace {

constexpr auto kLastErrc = Errc::pem_bad_base64;

TEST(ResultTest, EveryCodeHasASentenceOfItsOwn) {
  std::set<std::string_view> sentences;
  for (int code = 0; code <= static_cast<int>(kLastErrc); ++code) {
    const std::string_view sentence = to_string(static_cast<Errc>(code));
    EXPECT_NE(sentence, "unknown error") << code;
    EXPECT_TRUE(sentences.insert(sentence).second) << sentence;
  }
  EXPECT_EQ(to_string(static_cast<Errc>(static_cast<int>(kLastErrc) + 1)), "unknown error");
}

TEST(ResultTest, AnErrorNamesFieldCodeAndOffset) {
  EXPECT_EQ(to_string(Error{Errc::bad_integer, Field::serial_number, 15}),
            "serialNumber: malformed INTEGER at byte 15");
  EXPECT_EQ(to_string(Error{Errc::empty_input, Field::none, 0}), "no data at byte 0");
  EXPECT_EQ(
      to_string(Error{Errc::truncated, Field::tbs_certificate, 4294967295U}),
      "tbsCertificate: truncated: an element is longer than what holds it at byte 4294967295");
  EXPECT_EQ(to_string(Error{}), "no error");
}

TEST(ResultTest, HoldsAValueOrAnError) {
  const Result<std::string> value = std::string("text");
  ASSERT_TRUE(value);
  EXPECT_TRUE(value.has_value());
  EXPECT_EQ(*value, "text");
  EXPECT_EQ(value->size(), 4U);
  EXPECT_EQ(value.error(), Error{});

  const Error error{Errc::bad_oid, Field::issuer, 7};
  const Result<std::string> failure = error;
  EXPECT_FALSE(failure);
  EXPECT_FALSE(failure.has_value());
  EXPECT_EQ(failure.error(), error);
}

TEST(ResultTest, GivesItsValueAway) {
  Result<std::string> result = std::string(100, 'x');
  const char* const characters = result->data();
  const std::string taken = *std::move(result);
  EXPECT_EQ(taken.data(), characters);
}

}  // namespace
}  // namespace peercert
