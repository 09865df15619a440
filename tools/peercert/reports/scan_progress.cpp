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

std::string prometheus_text(const ScanFigures& figures) {
  const RecordCounts& records = figures.records;
  std::string text;
  const auto add = [&text](std::string_view name, std::string_view type, std::string_view help) {
    text += fmt::format("# HELP {0} {2}\n# TYPE {0} {1}\n", name, type, help);
  };
  add("peercert_scan_targets_total", "counter", "Targets that are done.");
  text += fmt::format("peercert_scan_targets_total {}\n", records.targets);
  add("peercert_scan_records_total", "counter", "Records that were written.");
  text += fmt::format("peercert_scan_records_total {}\n", records.records);
  add("peercert_scan_certificates_total", "counter", "Records with a certificate, by verdict.");
  for (const ssl::Verdict verdict :
       {ssl::Verdict::verified, ssl::Verdict::failed, ssl::Verdict::unverified}) {
    text += fmt::format("peercert_scan_certificates_total{{verdict=\"{}\"}} {}\n",
                        to_string(verdict), records.of(verdict));
  }
  add("peercert_scan_errors_total", "counter", "Records with an error, by its class.");
  for (std::size_t i = 0; i < RecordCounts::kNumErrors; ++i) {
    const auto error_class = static_cast<ErrorClass>(i);
    text += fmt::format("peercert_scan_errors_total{{class=\"{}\"}} {}\n", to_string(error_class),
                        records.of(error_class));
  }
  add("peercert_scan_bad_lines_total", "counter", "Lines of the input that are no targets.");
  text += fmt::format("peercert_scan_bad_lines_total {}\n", figures.bad_lines);
  add("peercert_scan_in_flight", "gauge", "Targets that are being looked at.");
  text += fmt::format("peercert_scan_in_flight {}\n", figures.in_flight);
  add("peercert_scan_elapsed_seconds", "gauge", "Time since the scan began.");
  text += fmt::format("peercert_scan_elapsed_seconds {:.3f}\n", figures.elapsed.count());
  add("peercert_scan_input_read_bytes", "gauge", "Octets of the input that were read.");
  text += fmt::format("peercert_scan_input_read_bytes {}\n", figures.read);
  return text;
}

}  // namespace peercert::tool
