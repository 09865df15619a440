// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <ranges>
#include <vector>

#include <gtest/gtest.h>

#include <peercert/der/sequence_of.hpp>

#include "support/der_writer.hpp"

namespace peercert::der {
namespace {

using test::hex;
using test::Octets;

struct Octet {
  std::uint8_t value = 0;
  static Octet from_element(const Element& element) noexcept {
    return {element.content().empty() ? std::uint8_t{0} : element.content()[0]};
  }
};
using OctetsView = SequenceOf<Octet>;
static_assert(std::ranges::forward_range<OctetsView>);

std::vector<int> values(OctetsView view) {
  std::vector<int> out;
  for (const Octet octet : view) out.push_back(octet.value);
  return out;
}

TEST(SequenceOfTest, GivesTheElementsInOrder) {
  const Octets content = hex("02 01 05 02 01 06 04 01 07");
  const OctetsView view(content);
  EXPECT_EQ(values(view), (std::vector{5, 6, 7}));
  EXPECT_FALSE(view.empty());
  EXPECT_EQ(view.content().data(), content.data());
  EXPECT_EQ(view.begin().element().identifier(), kInteger);
  EXPECT_EQ(std::ranges::distance(view), 3);
}

TEST(SequenceOfTest, MayBeEmpty) {
  EXPECT_TRUE(OctetsView().empty());
  EXPECT_EQ(values(OctetsView()), std::vector<int>{});
  EXPECT_TRUE(OctetsView().begin() == OctetsView().end());
}

TEST(SequenceOfTest, IteratorsAreForward) {
  const Octets content = hex("02 01 05 02 01 06");
  const OctetsView view(content);
  auto it = view.begin();
  const auto first = it++;
  EXPECT_EQ((*first).value, 5);
  EXPECT_EQ((*it).value, 6);
  EXPECT_TRUE(first == view.begin());
  EXPECT_FALSE(first == it);
  ++it;
  EXPECT_TRUE(it == view.end());
  ++it;
  EXPECT_TRUE(it == view.end());  // stays there
}

TEST(SequenceOfTest, SequencesNest) {
  const Octets content = hex("30 06 02 01 05 02 01 06 31 00 31 03 02 01 07");
  std::vector<std::vector<int>> all;
  for (const OctetsView inner : SequenceOf<OctetsView>(content)) all.push_back(values(inner));
  EXPECT_EQ(all, (std::vector<std::vector<int>>{{5, 6}, {}, {7}}));
}

TEST(SequenceOfTest, EndsAtTheFirstElementThatDoesNotFit) {
  EXPECT_EQ(values(OctetsView(hex("02 01 05 02 05 06"))), std::vector<int>{5});
  EXPECT_EQ(values(OctetsView(hex("02 01 05 02"))), std::vector<int>{5});
  EXPECT_EQ(values(OctetsView(hex("30 80 00 00"))), std::vector<int>{});
}

// Whatever the octets are, it ends, and never looks past them.
TEST(SequenceOfTest, EndsOverEveryJunk) {
  std::uint32_t state = 1;
  for (std::size_t size = 0; size < 300; ++size) {
    Octets junk(size);
    for (std::uint8_t& octet : junk) {
      state = state * 1664525 + 1013904223;  // Numerical Recipes' generator
      octet = static_cast<std::uint8_t>(state >> 24);
    }
    const OctetsView view(junk);
    EXPECT_LE(static_cast<std::size_t>(std::ranges::distance(view)), size / 2);
  }
}

}  // namespace
}  // namespace peercert::der
