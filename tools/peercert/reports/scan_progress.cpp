// SPDX-License-Identifier: Apache-2.0
#include "reports/scan_progress.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cli/progress.hpp"

namespace peercert::tool {
namespace {

using scan::ErrorClass;
using scan::RecordCounts;
using scan::ScanFigures;

// A line on a terminal has no room for more.
constexpr std::size_t kMaxErrorsInLine = 3;

struct Count {
  std::string_view name;
  std::uint64_t number;
};

/// The most frequent first.
std::vector<Count> counts(const RecordCounts& records) {
  std::vector<Count> errors;
  for (std::size_t i = 0; i < RecordCounts::kNumErrors; ++i) {
    const auto error_class = static_cast<ErrorClass>(i);
    if (records.of(error_class) > 0) {
      errors.push_back({to_string(error_class), records.of(error_class)});
    }
  }
  std::ranges::stable_sort(errors, std::greater(), &Count::number);
  return errors;
}

std::string with_commas(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, ",");
  return text;
}

std::string elapsed_text(double seconds) {
  return seconds < 10 ? fmt::format("{:.1f} s", seconds) : duration_text(seconds);
}

double rate(const ScanFigures& figures) {
  const double seconds = figures.elapsed.count();
  return seconds > 0 ? static_cast<double>(figures.records.targets) / seconds : 0;
}

/// By how much of the input was read; negative if that tells nothing.
double seconds_left(const ScanFigures& figures) {
  if (figures.read == 0 || figures.size < figures.read) return -1;
  const double done = static_cast<double>(figures.read) / static_cast<double>(figures.size);
  return figures.elapsed.count() * (1 - done) / done;
}

}  // namespace

std::string progress_line(const ScanFigures& figures) {
  std::string line =
      fmt::format("{} done, {:.0f}/s, {} in flight", with_commas(figures.records.targets),
                  rate(figures), with_commas(figures.in_flight));
  const std::uint64_t verified = figures.records.of(ssl::Verdict::verified);
  if (verified > 0) line += fmt::format(", {} verified", with_commas(verified));
  const std::vector<Count> errors = counts(figures.records);
  for (std::size_t i = 0; i < std::min(errors.size(), kMaxErrorsInLine); ++i) {
    line += fmt::format(", {} {}", with_commas(errors[i].number), errors[i].name);
  }
  const double left = seconds_left(figures);
  if (left >= 0.5) line += ", " + duration_text(left) + " left";
  return line;
}

std::string summary(const ScanFigures& figures) {
  const RecordCounts& records = figures.records;
  std::string text = fmt::format("{} targets, {} records in {}, {:.0f} targets/s\n",
                                 with_commas(records.targets), with_commas(records.records),
                                 elapsed_text(figures.elapsed.count()), rate(figures));
  constexpr std::array kVerdicts = {ssl::Verdict::verified, ssl::Verdict::failed,
                                    ssl::Verdict::unverified};
  for (const ssl::Verdict verdict : kVerdicts) {
    if (records.of(verdict) == 0) continue;
    text += fmt::format("  {:>12}  certificate {}\n", with_commas(records.of(verdict)),
                        to_string(verdict));
  }
  for (const Count& error : counts(records)) {
    text += fmt::format("  {:>12}  error {}\n", with_commas(error.number), error.name);
  }
  if (figures.bad_lines > 0) {
    text += fmt::format("  {:>12}  lines that are no targets\n", with_commas(figures.bad_lines));
  }
  return text;
}

}  // namespace peercert::tool
