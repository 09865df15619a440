// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <peercert/der/ber.hpp>

#include "support/der_writer.hpp"

namespace peercert::der {
namespace {

using test::concat;
using test::hex;
using test::Octets;
using test::tlv;

struct Read {
  Errc error = Errc::ok;
  BerElement element;
  std::size_t len = 0;
};

Read read(const Octets& octets) {
  Read result;
  const std::uint8_t* at = octets.data();
  result.error = read_ber_element(at, octets.data() + octets.size(), result.element);
  result.len = static_cast<std::size_t>(at - octets.data());
  return result;
}

Octets to_octets(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

TEST(ReadBerElement, ReadsDefiniteLengths) {
  const Octets octets = hex("04 02 aa bb cc");
  const Read result = read(octets);
  ASSERT_EQ(result.error, Errc::ok);
  EXPECT_EQ(result.len, 4U);
  EXPECT_FALSE(result.element.indefinite);
  EXPECT_EQ(to_octets(result.element.content), hex("aa bb"));
  EXPECT_EQ(to_octets(result.element.encoded), hex("04 02 aa bb"));
}

TEST(ReadBerElement, FindsTheEndThatBelongsToAnIndefiniteLength) {
  // SEQUENCE { SEQUENCE { INTEGER 0 }, OCTET STRING 0000 }, the two sequences indefinite
  const Octets octets = hex("30 80 30 80 02 01 00 00 00 04 02 00 00 00 00 ff");
  const Read result = read(octets);
  ASSERT_EQ(result.error, Errc::ok);
  EXPECT_EQ(result.len, octets.size() - 1);
  EXPECT_TRUE(result.element.indefinite);
  EXPECT_EQ(to_octets(result.element.content), hex("30 80 02 01 00 00 00 04 02 00 00"));
}

TEST(ReadBerElement, KeepsHighTagNumbersInTheirOctets) {
  const Octets octets = hex("bf 81 00 80 02 01 07 00 00");
  const Read result = read(octets);
  ASSERT_EQ(result.error, Errc::ok);
  EXPECT_EQ(to_octets(result.element.identifier_octets), hex("bf 81 00"));
  EXPECT_EQ(to_octets(result.element.content), hex("02 01 07"));
}

TEST(ReadBerElement, RefusesWhatHasNoEnd) {
  EXPECT_EQ(read(hex("30 80")).error, Errc::truncated);
  EXPECT_EQ(read(hex("30 80 00")).error, Errc::truncated);
  EXPECT_EQ(read(hex("30 80 30 80 00 00")).error, Errc::truncated);
  EXPECT_EQ(read(hex("30 80 04 05 00 00")).error, Errc::truncated);
  EXPECT_EQ(read(hex("04 03 aa bb")).error, Errc::truncated);
  EXPECT_EQ(read(hex("04 80 00 00")).error, Errc::bad_length);  // primitive
  EXPECT_EQ(read({}).error, Errc::missing_field);
}

TEST(ReadBerElement, IsLinearInTheDepth) {
  Octets deep;
  for (int i = 0; i < 500'000; ++i) deep.insert(deep.end(), {0x30, 0x80});
  for (int i = 0; i < 500'000; ++i) deep.insert(deep.end(), {0x00, 0x00});
  EXPECT_EQ(read(deep).len, deep.size());
  deep.pop_back();
  EXPECT_EQ(read(deep).error, Errc::truncated);
}

Octets nested_segments(int depth) {
  Octets string = tlv(kOctetString, hex("aa"));
  for (int i = 0; i < depth; ++i) string = tlv(kOctetString | kConstructed, string);
  return string;
}

TEST(AppendSegments, JoinsThemWhateverTheirTags) {
  Octets out = hex("00");
  const Octets segments = concat(tlv(kOctetString, "ab"), tlv(kUtf8String, "c"),
                                 tlv(kOctetString | kConstructed, tlv(kOctetString, "d")));
  EXPECT_EQ(append_segments(segments, out), Errc::ok);
  EXPECT_EQ(out, concat(hex("00"), test::octets("abcd")));
}

TEST(AppendSegments, NestsAsDeepAsOpenSslDoes) {
  Octets out;
  EXPECT_EQ(append_segments(nested_segments(kMaxSegmentDepth), out), Errc::ok);
  EXPECT_EQ(out, hex("aa"));
  EXPECT_EQ(append_segments(nested_segments(kMaxSegmentDepth + 1), out), Errc::constructed_string);
}

TEST(AppendSegments, RefusesWhatIsNoSegment) {
  Octets out;
  EXPECT_EQ(append_segments(hex("00 00"), out), Errc::unexpected_end);
  EXPECT_EQ(append_segments(hex("04 03 aa"), out), Errc::truncated);
}

TEST(InsertHeader, WritesTheMinimalLength) {
  for (const std::size_t len : {0U, 1U, 0x7fU, 0x80U, 0xffU, 0x100U, 0xffffU, 0x10000U}) {
    const Octets content(len, 0x5a);
    Octets out = concat(hex("ee"), content);
    insert_header(out, 1, Bytes(&kOctetString, 1));
    EXPECT_EQ(out, concat(hex("ee"), tlv(kOctetString, content))) << len;
  }
}

}  // namespace
}  // namespace peercert::der
