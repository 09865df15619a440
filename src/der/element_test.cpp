// SPDX-License-Identifier: Apache-2.0
#include <string_view>

#include <gtest/gtest.h>

#include <peercert/der/element.hpp>

#include "support/der_writer.hpp"

namespace peercert::der {
namespace {

using test::concat;
using test::hex;
using test::Octets;

struct Header {
  Errc error = Errc::ok;
  Element element;
  std::size_t num_read = 0;
};

Header read_header(const Octets& input) {
  Header out;
  const std::uint8_t* at = input.data();
  out.error = read_element(at, at + input.size(), out.element);
  out.num_read = static_cast<std::size_t>(at - input.data());
  return out;
}

// A header, then as many octets of content as it says, then two octets that belong to the next
// element.
void expect_header(std::string_view header, std::size_t content_len,
                   Tag identifier = kOctetString) {
  SCOPED_TRACE(header);
  const Octets header_octets = hex(header);
  const Octets input = concat(header_octets, Octets(content_len, 0x55), hex("05 00"));
  const Header reading = read_header(input);
  ASSERT_EQ(to_string(reading.error), to_string(Errc::ok));
  EXPECT_EQ(reading.element.identifier(), identifier);
  EXPECT_EQ(reading.element.content().size(), content_len);
  EXPECT_EQ(reading.element.content().data(), input.data() + header_octets.size());
  EXPECT_EQ(reading.element.encoded().data(), input.data());
  EXPECT_EQ(reading.element.encoded().size(), header_octets.size() + content_len);
  EXPECT_EQ(reading.num_read, header_octets.size() + content_len);
}

void expect_error(std::string_view input, Errc error) {
  SCOPED_TRACE(input);
  const Header reading = read_header(hex(input));
  EXPECT_EQ(to_string(reading.error), to_string(error));
  EXPECT_EQ(reading.num_read, 0U);
  EXPECT_FALSE(reading.element.exists());
}

TEST(ElementTest, ReadsEveryLengthForm) {
  expect_header("04 00", 0);
  expect_header("04 7f", 0x7f);
  expect_header("04 81 80", 0x80);
  expect_header("04 81 ff", 0xff);
  expect_header("04 82 01 00", 0x100);
  expect_header("04 82 ff ff", 0xffff);
  expect_header("04 83 01 00 00", 0x10000);
  expect_header("04 84 00 01 00 00", 0x10000);
}

TEST(ElementTest, ReadsPaddedLengthsAsBerAllows) {
  expect_header("04 81 00", 0);
  expect_header("04 81 05", 5);
  expect_header("04 82 00 05", 5);
  expect_header("04 83 00 00 05", 5);
  expect_header("04 89 00 00 00 00 00 00 00 00 05", 5);
  Octets longest = hex("04 ff");
  longest.insert(longest.end(), 126, 0);
  longest.push_back(1);
  longest.push_back(0x55);
  const Header reading = read_header(longest);
  ASSERT_EQ(to_string(reading.error), to_string(Errc::ok));
  EXPECT_EQ(reading.element.content().size(), 1U);
}

TEST(ElementTest, ReadsHighTagNumbers) {
  expect_header("1f 04 02", 2, kOctetString);     // number 4 in the high form is OCTET STRING
  expect_header("1f 80 04 02", 2, kOctetString);  // padded
  expect_header("3f 10 02", 2, kSequence);
  expect_header("bf 1e 81 02", 2, context_constructed(30));
  expect_header("9f 1f 02", 2, context(kHighTagNumber));  // number 31: no low form
  expect_header("5f 87 ff ff ff 7f 00", 0, 0x5f);         // 2^31 - 1, the largest
}

// OpenSSL takes any number of padding octets; here a header is 255 octets at most.
TEST(ElementTest, HeadersHaveALimit) {
  const auto padded = [](std::size_t header_len) {
    Octets header = hex("1f");
    header.resize(header_len - 2, 0x80);
    return concat(header, hex("04 01 aa"));
  };
  const Octets longest = padded(255);
  const Header reading = read_header(longest);
  ASSERT_EQ(to_string(reading.error), to_string(Errc::ok));
  EXPECT_EQ(reading.element.identifier(), kOctetString);
  EXPECT_EQ(reading.element.content().data(), longest.data() + 255);
  EXPECT_EQ(reading.element.encoded().size(), 256U);
  for (const std::size_t header_len : {256U, 257U, 258U, 300U, 512U})
    EXPECT_EQ(to_string(read_header(padded(header_len)).error), to_string(Errc::bad_length))
        << header_len;
}

TEST(ElementTest, RefusesWhatEndsTooEarly) {
  expect_error("", Errc::missing_field);
  expect_error("04", Errc::truncated);
  expect_error("04 01", Errc::truncated);
  expect_error("04 81", Errc::truncated);
  expect_error("04 81 01", Errc::truncated);
  expect_error("04 82 00", Errc::truncated);
  expect_error("04 82 00 01", Errc::truncated);
  expect_error("04 84 00 00 00", Errc::truncated);
  expect_error("1f", Errc::truncated);
  expect_error("1f 84", Errc::truncated);
  expect_error("1f 04", Errc::truncated);
}

TEST(ElementTest, RefusesAbsurdLengthsWithoutOverflow) {
  expect_error("04 84 ff ff ff ff 00", Errc::truncated);
  expect_error("04 88 ff ff ff ff ff ff ff ff 00", Errc::truncated);
  expect_error("04 88 7f ff ff ff ff ff ff ff 00", Errc::truncated);
  expect_error("04 89 01 00 00 00 00 00 00 00 00 00", Errc::bad_length);
  expect_error("5f 88 80 80 80 00 00", Errc::bad_length);  // tag number 2^31
  expect_error("5f ff ff ff ff 7f 00", Errc::bad_length);
}

TEST(ElementTest, LeavesIndefiniteLengthsToTheRewriting) {
  expect_error("30 80 00 00", Errc::indefinite_length);
  expect_error("bf 03 80 00 00", Errc::indefinite_length);
  expect_error("04 80 00 00", Errc::bad_length);  // only constructed elements have them
}

}  // namespace
}  // namespace peercert::der
