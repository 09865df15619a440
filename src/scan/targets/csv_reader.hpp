// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "scan/targets/line_reader.hpp"

namespace peercert::scan {

/// Records of CSV (RFC 4180). A quote inside of a field that does not begin with one is a quote.
class CsvReader {
 public:
  /// The lines must live as long.
  explicit CsvReader(LineReader& lines) noexcept : lines_(lines) {}

  /// Replaces `fields` by those of the next record; false at the end. Throws ssl::ValueError for
  /// what is no record, and goes on with the next line; and as LineReader::next().
  bool next(std::vector<std::string>& fields);
  /// The number of the line with which the last record began.
  std::uint64_t line() const noexcept { return line_; }

 private:
  LineReader& lines_;
  std::string text_;  // the line that is being read
  std::uint64_t line_ = 0;
};

}  // namespace peercert::scan
