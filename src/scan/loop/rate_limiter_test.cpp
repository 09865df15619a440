// SPDX-License-Identifier: Apache-2.0
#include "scan/loop/rate_limiter.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace peercert::scan {
namespace {

using namespace std::chrono_literals;
using RateMoment = RateLimiter::Clock::time_point;

constexpr RateMoment kRateBegin{1000h};

TEST(RateLimiter, LetsABurstBeginAndThenOneAfterTheOther) {
  RateLimiter limiter(50);
  EXPECT_TRUE(limiter.is_bounded());
  for (int i = 0; i < 6; ++i) EXPECT_EQ(limiter.next(kRateBegin), kRateBegin) << i;
  EXPECT_EQ(limiter.next(kRateBegin), kRateBegin + 20ms);
  EXPECT_EQ(limiter.next(kRateBegin + 20ms), kRateBegin + 40ms);
  EXPECT_EQ(limiter.next(kRateBegin + 55ms), kRateBegin + 60ms);
}

TEST(RateLimiter, MakesUpForLittleAndNotForMuch) {
  RateLimiter limiter(50);
  while (limiter.next(kRateBegin) == kRateBegin) continue;  // the last one begins at 20 ms
  const RateMoment late = kRateBegin + 85ms;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(limiter.next(late), late) << i;
  EXPECT_EQ(limiter.next(late), kRateBegin + 100ms);
  const RateMoment idle = kRateBegin + 1h;
  for (int i = 0; i < 6; ++i) EXPECT_EQ(limiter.next(idle), idle) << i;
  EXPECT_EQ(limiter.next(idle), idle + 20ms);
}

TEST(RateLimiter, HoldsOverALongTime) {
  for (const double rate : {0.5, 3.0, 1234.5, 1e6}) {
    RateLimiter limiter(rate);
    RateMoment now = kRateBegin;
    constexpr int kNum = 20'000;
    for (int i = 0; i < kNum; ++i) now = limiter.next(now);
    const std::chrono::duration<double> taken = now - kRateBegin;
    EXPECT_NEAR(taken.count() * rate, kNum - 1, 0.1 * rate + 0.001 * kNum) << rate;
  }
}

TEST(RateLimiter, Extremes) {
  EXPECT_FALSE(RateLimiter(0).is_bounded());
  EXPECT_FALSE(RateLimiter(std::numeric_limits<double>::infinity()).is_bounded());
  RateLimiter slow(std::numeric_limits<double>::denorm_min());
  EXPECT_EQ(slow.next(kRateBegin), kRateBegin);
  EXPECT_EQ(slow.next(kRateBegin), kRateBegin + 24h * 365 - 100ms);
  EXPECT_THROW(RateLimiter(-1), ssl::ValueError);
  EXPECT_THROW(RateLimiter{std::numeric_limits<double>::quiet_NaN()}, ssl::ValueError);
}

}  // namespace
}  // namespace peercert::scan
