// SPDX-License-Identifier: Apache-2.0
#include "render/plain_text.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace peercert::render {
namespace {

using Text = std::vector<std::uint8_t>;

bool is_plain_by_definition(std::uint8_t c) {
  return c >= 0x20 && c < 0x7f && c != '\'' && c != '"' && c != '\\';
}

// What the fast functions have to agree with.
void expect_agreement(const Text& text) {
  const auto first = std::ranges::find_if_not(text, is_plain_by_definition);
  const auto run = static_cast<std::size_t>(first - text.begin());
  ASSERT_EQ(plain_run_len(text), run);

  std::string copy(text.size() + 1, '?');
  ASSERT_EQ(copy_if_plain(text, copy.data()), run == text.size());
  if (run == text.size()) {
    ASSERT_EQ(copy, std::string(text.begin(), text.end()) + '?');
  }
  ASSERT_EQ(copy.back(), '?');  // nothing is written behind the text

  if (text.size() < Word::kSize) return;
  ASSERT_EQ(copy_blocks_if_plain<Word>(text, copy.data()), run == text.size());
  ASSERT_EQ(copy.back(), '?');
}

// Every octet, at every place of texts of every length up to three blocks.
TEST(PlainTextTest, EveryOctetAtEveryPlace) {
  for (unsigned octet = 0; octet < 256; ++octet) {
    for (std::size_t size = 0; size <= 3 * Block::kSize; ++size) {
      for (std::size_t at = 0; at < size; ++at) {
        Text text(size, octet % 2 == 0 ? '!' : '~');
        text[at] = static_cast<std::uint8_t>(octet);
        expect_agreement(text);
        if (HasFatalFailure()) FAIL() << "octet " << octet << " at " << at << " of " << size;
      }
    }
  }
}

// Borrows between the octets of a word must not hide one behind another.
TEST(PlainTextTest, EveryPairOfOctets) {
  for (unsigned first = 0; first < 256; ++first) {
    for (unsigned second = 0; second < 256; ++second) {
      for (const std::size_t size : {8U, 20U}) {
        Text text(size, 'a');
        text[3] = static_cast<std::uint8_t>(first);
        text[4] = static_cast<std::uint8_t>(second);
        expect_agreement(text);
        if (HasFatalFailure()) FAIL() << first << ' ' << second;
      }
    }
  }
}

TEST(PlainTextTest, NothingIsPlain) { expect_agreement({}); }

}  // namespace
}  // namespace peercert::render
