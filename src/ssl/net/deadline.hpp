// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <limits>
#include <optional>

#include <peercert/ssl/socket.hpp>

namespace peercert::ssl {

/// The moment at which a Timeout, started now, is over; or never.
class Deadline {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Deadline(const Timeout& timeout)
      : end_(timeout ? std::optional(Clock::now() + *timeout) : std::nullopt) {}

  explicit Deadline(Clock::time_point end) : end_(end) {}

  bool is_never() const noexcept { return !end_; }
  bool has_passed() const noexcept { return end_ && Clock::now() >= *end_; }

  /// What is left, at least zero; nullopt if the deadline never comes.
  Timeout remaining() const {
    if (!end_) return std::nullopt;
    // Rounded up: a wait that ends a fraction of a millisecond early would be repeated with zero.
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*end_ - Clock::now());
    return std::max(left, std::chrono::milliseconds(0));
  }

  /// The same for poll(2): -1 if the deadline never comes.
  int poll_timeout() const {
    const Timeout left = remaining();
    if (!left) return -1;
    return static_cast<int>(
        std::min<std::chrono::milliseconds::rep>(left->count(), std::numeric_limits<int>::max()));
  }

 private:
  std::optional<Clock::time_point> end_;
};

}  // namespace peercert::ssl
