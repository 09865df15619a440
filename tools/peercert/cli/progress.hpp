// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace peercert::tool {

/// "12 s", "5 min", "2.5 h".
std::string duration_text(double seconds);

/// A line on standard error that says how far a long run has come. There is none unless standard
/// error is a terminal and standard output is not, and none on one that cannot erase it again
/// (TERM is "dumb").
class Progress {
 public:
  /// Of how many octets of input; 0: not known.
  explicit Progress(std::uint64_t total);

  /// Counts what has been done since the last call, and draws the line now and then.
  void advance(std::uint64_t num_certificates, std::uint64_t num_octets);
  /// Erases the line; advance() draws it again.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;
  void draw(Clock::time_point now);

  bool is_shown_;
  bool is_drawn_ = false;
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_ = start_;
  std::uint64_t total_;
  std::uint64_t num_octets_ = 0;
  std::uint64_t num_certificates_ = 0;
};

}  // namespace peercert::tool
