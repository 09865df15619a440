// SPDX-License-Identifier: Apache-2.0
// How many targets are begun in a second.
#pragma once

#include <algorithm>
#include <chrono>

#include <peercert/ssl/error.hpp>

namespace peercert::scan {

/// The generic cell rate algorithm (ITU-T I.371, annex A), with a tenth of a second of burst: what
/// comes late by less makes up for it. For one thread.
class RateLimiter {
 public:
  using Clock = std::chrono::steady_clock;

  static constexpr std::chrono::milliseconds kBurst{100};

  /// 0, or as many as the clock cannot tell apart: not bounded. Throws ssl::ValueError.
  explicit RateLimiter(double per_second) : interval_(interval_of(per_second)) {}

  bool is_bounded() const noexcept { return interval_ != Clock::duration::zero(); }

  /// When the next one may begin, not before `now`; it is taken to begin then.
  Clock::time_point next(Clock::time_point now) noexcept {
    const Clock::time_point begin = std::max(now, due_ - kBurst);
    due_ = std::max(begin, due_) + interval_;
    return begin;
  }

 private:
  // Rates below this one wait no longer: the sum of it and a time has to be a time.
  static constexpr std::chrono::hours kMaxInterval{24 * 365};

  static Clock::duration interval_of(double per_second) {
    if (!(per_second >= 0)) throw ssl::ValueError("a rate is 0 or more in a second");
    if (per_second == 0) return {};
    const std::chrono::duration<double> exact(1 / per_second);
    return std::chrono::round<Clock::duration>(
        std::min<std::chrono::duration<double>>(exact, kMaxInterval));
  }

  Clock::duration interval_;
  Clock::time_point due_{};  // when the next one would begin if all came evenly
};

}  // namespace peercert::scan
