// SPDX-License-Identifier: Apache-2.0
#include "ssl/issuer_cache.hpp"

#include <cstring>
#include <memory>

#include <gtest/gtest.h>

namespace peercert::ssl {
namespace {

Sha256Digest digest_of(std::size_t number) {
  Sha256Digest digest{};
  std::memcpy(digest.data(), &number, sizeof number);
  return digest;
}

TEST(IssuerCache, KnowsWhatAnIssuerHasIssued) {
  IssuerCache cache;
  const auto issuer = std::make_shared<const VerifiedIssuer>();
  const auto other = std::make_shared<const VerifiedIssuer>();
  EXPECT_FALSE(cache.has_issued(*issuer, digest_of(1)));
  cache.learn_issued(issuer, digest_of(1));
  EXPECT_TRUE(cache.has_issued(*issuer, digest_of(1)));
  EXPECT_FALSE(cache.has_issued(*issuer, digest_of(2)));
  EXPECT_FALSE(cache.has_issued(*other, digest_of(1)));
}

TEST(IssuerCache, ForgetsBeforeItGrowsTooLarge) {
  IssuerCache cache;
  const auto issuer = std::make_shared<const VerifiedIssuer>();
  for (std::size_t i = 0; i <= IssuerCache::kMaxIssued; ++i) {
    cache.learn_issued(issuer, digest_of(i));
  }
  EXPECT_FALSE(cache.has_issued(*issuer, digest_of(0)));
  EXPECT_TRUE(cache.has_issued(*issuer, digest_of(IssuerCache::kMaxIssued)));
}

}  // namespace
}  // namespace peercert::ssl
