// SPDX-License-Identifier: Apache-2.0
#include "render/plain_text.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace peercert::render {
namespace {

using Text = std::vector<std::uint8_t>;

bool is_plain_by_definition(std::uint8_t c, char quote) {
  return c >= 0x20 && c < 0x7f && c != static_cast<std::uint8_t>(quote) && c != '\\';
}

// Whether the fast functions say what the definition says, and write nothing behind the text.
bool agree(const Text& text, char quote) {
  const auto first = std::ranges::find_if_not(
      text, [quote](std::uint8_t c) { return is_plain_by_definition(c, quote); });
  const auto run = static_cast<std::size_t>(first - text.begin());
  const bool is_plain = run == text.size();
  std::string to(text.size() + 1, '?');
  if (copy_if_plain(text, to.data(), quote) != is_plain || to.back() != '?') return false;
  if (is_plain && to != std::string(text.begin(), text.end()) + '?') return false;
  return plain_run_len(text, quote) == run;
}

bool agree(const Text& text) { return agree(text, '\'') && agree(text, '"'); }

// With the octet at each place of a text of that size.
bool agree_at_every_place(std::uint8_t octet, std::size_t size) {
  for (std::size_t at = 0; at < size; ++at) {
    Text text(size, octet % 2 == 0 ? '!' : '~');
    text[at] = octet;
    if (!agree(text)) return false;
  }
  return true;
}

TEST(PlainTextTest, EveryOctetAtEveryPlaceOfUpToThreeBlocks) {
  for (unsigned octet = 0; octet < 256; ++octet) {
    for (std::size_t size = 0; size <= 3 * Block::kSize; ++size) {
      const std::size_t rest = size % Block::kSize;  // in the first block all, then the edges
      if (size > Block::kSize && rest > 1 && rest + 1 < Block::kSize) continue;
      ASSERT_TRUE(agree_at_every_place(static_cast<std::uint8_t>(octet), size))
          << "octet " << octet << " in " << size;
    }
  }
}

// Where there is no SSE2: borrows between the octets of a word must not hide one behind another.
TEST(PlainTextTest, EveryPairOfOctets) {
  for (unsigned pair = 0; pair < 0x10000; ++pair) {
    for (const std::size_t size : {8U, 20U}) {
      Text text(size, 'a');
      text[3] = static_cast<std::uint8_t>(pair >> 8);
      text[4] = static_cast<std::uint8_t>(pair);
      ASSERT_TRUE(agree(text)) << std::hex << pair;
    }
  }
}

TEST(PlainTextTest, NothingIsPlain) { EXPECT_TRUE(agree({})); }

}  // namespace
}  // namespace peercert::render
