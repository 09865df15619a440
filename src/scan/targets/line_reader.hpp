// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>

namespace peercert::scan {

/// Lines without their ends (LF or CR LF), and their numbers.
class LineReader {
 public:
  enum class Status : std::uint8_t { line, too_long, end };

  /// The input must live as long.
  explicit LineReader(std::istream& input) noexcept : input_(input) {}

  /// Replaces `line` by the next one. Of one that has more than kMaxTargetLineLen octets the rest
  /// is passed over. Throws std::ios_base::failure if the input cannot be read.
  Status next(std::string& line);
  /// Of the line that was read last, from 1.
  std::uint64_t number() const noexcept { return number_; }

 private:
  std::istream& input_;
  std::uint64_t number_ = 0;
};

}  // namespace peercert::scan
