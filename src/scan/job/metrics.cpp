// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <peercert/scan/metrics.hpp>

namespace peercert::scan {
namespace {

// A text in Prometheus' format, one metric after the other.
class MetricsText {
 public:
  void begin(std::string_view name, std::string_view type, std::string_view help) {
    name_ = std::string("peercert_scan_").append(name);
    text_.append("# HELP ").append(name_).append(" ").append(help);
    text_.append("\n# TYPE ").append(name_).append(" ").append(type).append("\n");
  }
  void value(std::string_view number) { text_.append(name_).append(" ").append(number) += '\n'; }
  void value(std::uint64_t number) { value(std::to_string(number)); }
  void value(std::string_view label, std::string_view of, std::uint64_t number) {
    text_.append(name_).append("{").append(label).append("=\"").append(of).append("\"} ");
    text_.append(std::to_string(number)) += '\n';
  }
  std::string take() { return std::move(text_); }

 private:
  std::string name_{}, text_{};
};

std::string with_milliseconds(double seconds) {
  std::array<char, 64> text{};
  constexpr int kDigits = 3;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), seconds,
                                 std::chars_format::fixed, kDigits);
  return {text.data(), end.ptr};
}

}  // namespace

std::string prometheus_text(const ScanFigures& figures) {
  const RecordCounts& records = figures.records;
  MetricsText text;
  text.begin("targets_total", "counter", "Targets that are done.");
  text.value(records.targets);
  text.begin("records_total", "counter", "Records that were written.");
  text.value(records.records);
  text.begin("certificates_total", "counter", "Records with a certificate, by verdict.");
  for (const ssl::Verdict verdict :
       {ssl::Verdict::verified, ssl::Verdict::failed, ssl::Verdict::unverified}) {
    text.value("verdict", to_string(verdict), records.of(verdict));
  }
  text.begin("errors_total", "counter", "Records with an error, by its class.");
  for (std::size_t i = 0; i < RecordCounts::kNumErrors; ++i) {
    const auto error_class = static_cast<ErrorClass>(i);
    text.value("class", to_string(error_class), records.of(error_class));
  }
  text.begin("bad_lines_total", "counter", "Lines of the input that are no targets.");
  text.value(figures.bad_lines);
  text.begin("in_flight", "gauge", "Targets that are being looked at.");
  text.value(figures.in_flight);
  text.begin("elapsed_seconds", "gauge", "Time since the scan began.");
  text.value(with_milliseconds(figures.elapsed.count()));
  text.begin("input_read_bytes", "gauge", "Bytes of the input that were read.");
  text.value(figures.read);
  return text.take();
}

}  // namespace peercert::scan
