// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <peercert/scan/metrics.hpp>

namespace peercert::scan {
namespace {

ScanFigures some_figures() {
  ScanFigures figures;
  figures.records.targets = 7;
  figures.records.records = 9;
  figures.records.verdicts[static_cast<std::size_t>(ssl::Verdict::failed)] = 3;
  figures.records.errors[static_cast<std::size_t>(ErrorClass::not_tls)] = 2;
  figures.in_flight = 5;
  figures.bad_lines = 1;
  figures.read = 4096;
  figures.elapsed = std::chrono::milliseconds(12'034);
  return figures;
}

// Each line of the text format: a comment, or a name, perhaps a label, and a number.
TEST(PrometheusText, HasEachFigureOnALineOfItsOwn) {
  const std::string text = prometheus_text(some_figures());
  for (const std::string line :
       {"# TYPE peercert_scan_targets_total counter", "peercert_scan_targets_total 7",
        "peercert_scan_records_total 9", "peercert_scan_certificates_total{verdict=\"verified\"} 0",
        "peercert_scan_certificates_total{verdict=\"failed\"} 3",
        "peercert_scan_errors_total{class=\"not-tls\"} 2",
        "peercert_scan_errors_total{class=\"timeout\"} 0", "peercert_scan_bad_lines_total 1",
        "# TYPE peercert_scan_in_flight gauge", "peercert_scan_in_flight 5",
        "peercert_scan_elapsed_seconds 12.034", "peercert_scan_input_read_bytes 4096"}) {
    EXPECT_NE(('\n' + text).find('\n' + line + '\n'), std::string::npos) << line;
  }
}

TEST(PrometheusText, HasEveryClassOfErrors) {
  const std::string text = prometheus_text({});
  for (std::size_t i = 0; i < RecordCounts::kNumErrors; ++i) {
    const std::string label(to_string(static_cast<ErrorClass>(i)));
    EXPECT_NE(text.find("{class=\"" + label + "\"} 0\n"), std::string::npos) << label;
  }
}

}  // namespace
}  // namespace peercert::scan
