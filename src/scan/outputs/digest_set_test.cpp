// SPDX-License-Identifier: Apache-2.0
#include "scan/outputs/digest_set.hpp"

#include <cstring>
#include <string>

#include <gtest/gtest.h>

namespace peercert::scan {
namespace {

crypto::Sha256Digest digest_of(std::uint64_t number) {
  return crypto::sha256({reinterpret_cast<const std::uint8_t*>(&number), sizeof(number)});
}

TEST(DigestSet, KnowsWhatIsThere) {
  DigestSet set;
  constexpr std::uint64_t kCount = 20'000;  // grows several times
  for (std::uint64_t i = 0; i < kCount; ++i) EXPECT_TRUE(set.insert(digest_of(i)));
  for (std::uint64_t i = 0; i < kCount; ++i) EXPECT_FALSE(set.insert(digest_of(i)));
  EXPECT_EQ(set.size(), kCount);
  EXPECT_TRUE(set.contains(digest_of(kCount - 1)));
  EXPECT_FALSE(set.contains(digest_of(kCount)));
  EXPECT_EQ(set.size(), kCount);
  set.clear();
  EXPECT_EQ(set.size(), 0U);
  EXPECT_FALSE(set.contains(digest_of(kCount - 1)));
  EXPECT_TRUE(set.insert(digest_of(7)));
}

TEST(DigestSet, OfDigestsThatBeginAlike) {
  DigestSet set;
  crypto::Sha256Digest digest{};
  EXPECT_FALSE(set.contains(digest));
  EXPECT_TRUE(set.insert(digest));  // all zero
  EXPECT_TRUE(set.contains(digest));
  EXPECT_FALSE(set.insert(digest));
  for (std::uint64_t i = 2; i < 3000; ++i) {
    std::memcpy(digest.data() + 8, &i, sizeof(i));
    EXPECT_TRUE(set.insert(digest));
  }
  EXPECT_EQ(set.size(), 2999U);
}

TEST(DigestSet, ReadsDigests) {
  const std::string hex = "00ff" + std::string(60, 'a');
  const auto digest = parse_digest(hex + "\",");
  ASSERT_TRUE(digest);
  EXPECT_EQ((*digest)[1], 0xff);
  EXPECT_EQ((*digest)[31], 0xaa);
  EXPECT_FALSE(parse_digest(hex.substr(1)));
  EXPECT_FALSE(parse_digest("0G" + hex.substr(2)));
  EXPECT_FALSE(parse_digest("AA" + hex.substr(2)));
}

}  // namespace
}  // namespace peercert::scan
