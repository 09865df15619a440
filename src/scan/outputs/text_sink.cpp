// SPDX-License-Identifier: Apache-2.0
// The table for people: a line for each record, as wide as the terminal.
#include <algorithm>
#include <string>

#include <peercert/render/text.hpp>

#include "render/safe_text.hpp"
#include "scan/outputs/line_sinks.hpp"

namespace peercert::scan {
namespace {

constexpr std::size_t kMinWidth = 60;
constexpr std::size_t kResultWidth = 12;
constexpr std::size_t kDaysWidth = 6;
constexpr std::string_view kGap = "  ";

std::string safe_text(std::string_view text) {
  std::string safe;
  render::append_safe({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, safe);
  return safe;
}

bool begins_character(char octet) { return (static_cast<unsigned char>(octet) & 0xc0) != 0x80; }

// The text, cut or filled up to a number of characters; it is well-formed UTF-8.
void append_column(Output& out, std::string_view text, std::size_t width) {
  const auto len = static_cast<std::size_t>(std::ranges::count_if(text, begins_character));
  if (len <= width) {
    out.append(text);
    return out.append(std::string(width - len, ' '));
  }
  constexpr std::string_view kCut = "..";
  std::size_t end = 0;
  for (std::size_t left = width - kCut.size();; ++end) {
    if (begins_character(text[end]) && left-- == 0) break;
  }
  out.append(text.substr(0, end));
  out.append(kCut);
}

class TextSink final : public LineSink {
 public:
  TextSink(const std::string& path, const OutputOptions& options)
      : LineSink(path), width_(std::max(options.width, kMinWidth)) {}

 private:
  void append_heading(Output& out) override {
    append_row(out, {"TARGET", "RESULT", "DAYS", "DETAILS"});
  }

  struct Row {
    std::string target, result, days, details;
  };

  void append(Output& out, const RecordView& view) override {
    append_row(out, {safe_text(view.record().target.text), std::string(result(view)),
                     days_left(view), details(view)});
  }

  void append_row(Output& out, const Row& row) const {
    const std::size_t target_width = width_ * 2 / 5;
    line_.clear();
    append_column(line_, row.target, target_width);
    line_.append(kGap);
    append_column(line_, row.result, kResultWidth);
    line_.append(kGap);
    line_.append(std::string(kDaysWidth - std::min(kDaysWidth, row.days.size()), ' '));
    line_.append(row.days);
    line_.append(kGap);
    append_column(line_, row.details,
                  width_ - target_width - kResultWidth - kDaysWidth - 3 * kGap.size());
    const std::string_view line = line_.view();
    out.append(line.substr(0, line.find_last_not_of(' ') + 1));
    out.append('\n');
  }

  // A certificate's verdict says more than how the handshake ended.
  static std::string_view result(const RecordView& view) {
    const Record& record = view.record();
    return record.chain.empty() ? view.error_class() : to_string(record.validation.verdict);
  }

  static std::string days_left(const RecordView& view) {
    const CertificateView* const certificate = view.certificate();
    const auto end = certificate != nullptr ? certificate->not_after().parse() : std::nullopt;
    if (!end) return {};
    const auto left = end->to_sys_seconds() - view.record().time;
    return std::to_string(std::chrono::floor<std::chrono::days>(left).count());
  }

  static std::string details(const RecordView& view) {
    const Record& record = view.record();
    if (!record.validation.reason.empty()) return safe_text(record.validation.reason);
    const std::string error = view.error_message();
    if (!error.empty()) return safe_text(error);
    const CertificateView* const certificate = view.certificate();
    const std::string issuer = certificate != nullptr ? to_short_text(certificate->issuer()) : "";
    return record.protocol + std::string(kGap) + issuer;
  }

  std::size_t width_;
  mutable Output line_;
};

}  // namespace

std::unique_ptr<Sink> make_text_sink(const std::string& path, const OutputOptions& options) {
  return std::make_unique<TextSink>(path, options);
}

}  // namespace peercert::scan
