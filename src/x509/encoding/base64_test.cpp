// SPDX-License-Identifier: Apache-2.0
#include "x509/encoding/base64.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace peercert::base64 {
namespace {

using Octets = std::vector<std::uint8_t>;

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string encoded(const Octets& octets) {
  std::string text((octets.size() + 2) / 3 * 4, '?');
  EXPECT_EQ(encode(octets, text.data()), text.data() + text.size());
  return text;
}

struct Decoded {
  Octets octets;
  std::size_t end = 0;
  friend bool operator==(const Decoded&, const Decoded&) = default;
};

using Decode = std::size_t (*)(std::string_view, std::size_t, std::uint8_t*&) noexcept;

Decoded run(Decode decode, std::string_view text) {
  Octets octets(text.size() / 4 * 3 + kSlack);
  std::uint8_t* to = octets.data();
  const std::size_t end = decode(text, 0, to);
  octets.resize(static_cast<std::size_t>(to - octets.data()));
  return {octets, end};
}

// Text of characters that are all different from their neighbours'.
std::string text_of(std::size_t len) {
  std::string text;
  for (std::size_t i = 0; i < len; ++i) text += kAlphabet[(i * 7 + i / 64) % kAlphabet.size()];
  return text;
}

TEST(Base64, VectorsSayWhatTheTableSays) {
  for (std::size_t len = 0; len <= 200; ++len) {
    const std::string text = text_of(len);
    EXPECT_EQ(run(decode_groups, text), run(decode_groups_by_table, text)) << len;
  }
}

TEST(Base64, EveryOctetAtEveryPlaceOfABlock) {
  for (unsigned octet = 0; octet < 0x100; ++octet) {
    if (octet == '\n') continue;
    for (std::size_t at = 0; at < 64; ++at) {
      std::string text = text_of(64);
      text[at] = static_cast<char>(octet);
      ASSERT_EQ(run(decode_groups, text), run(decode_groups_by_table, text))
          << "octet " << octet << " at " << at;
    }
  }
}

TEST(Base64, LineFeedsMayStandBetweenGroups) {
  for (const std::size_t columns : {4U, 32U, 60U, 64U, 76U, 128U}) {
    const std::string text = text_of(512);
    std::string lines;
    for (std::size_t i = 0; i < text.size(); i += columns) lines += text.substr(i, columns) + "\n";
    EXPECT_EQ(run(decode_groups, lines).octets, run(decode_groups_by_table, text).octets);
    EXPECT_EQ(run(decode_groups, lines).end, lines.size());
  }
}

TEST(Base64, WhiteSpaceMayStandAnywhere) {
  const Octets octets{'p', 'e', 'e', 'r', 'c', 'e', 'r', 't', 0xff, 0};
  EXPECT_EQ(encoded(octets), "cGVlcmNlcnT/AA==");
  for (const std::string_view space : {"", " ", "\n", "\r\n", "\t \n"}) {
    std::string text(space);
    for (const char c : encoded(octets)) text.append({c}).append(space);
    Octets decoded;
    EXPECT_EQ(decode(text, decoded), std::string_view::npos);
    EXPECT_EQ(decoded, octets);
  }
}

TEST(Base64, SaysWhereABadCharacterIs) {
  Octets decoded;
  EXPECT_EQ(decode("AAAA-AAA", decoded), 4U);
  EXPECT_EQ(decode("AAAA\nAA.A", decoded), 7U);
  EXPECT_EQ(decode("AA==A", decoded), 4U);
  EXPECT_EQ(decode("AA===", decoded), 4U);
  EXPECT_EQ(decode("AAAAA", decoded), 5U);  // not a whole group
  EXPECT_EQ(decode("AA=", decoded), 3U);
}

TEST(Base64, RoundTrip) {
  Octets octets;
  for (std::size_t len = 0; len < 300; ++len) {
    Octets decoded;
    EXPECT_EQ(decode(encoded(octets), decoded), std::string_view::npos);
    EXPECT_EQ(decoded, octets);
    octets.push_back(static_cast<std::uint8_t>(len * 37));
  }
}

}  // namespace
}  // namespace peercert::base64
