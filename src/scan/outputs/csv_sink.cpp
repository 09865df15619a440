// SPDX-License-Identifier: Apache-2.0
// RFC 4180: rows end with CRLF, cells with a comma, a quote or a space at an end are quoted.
#include <string>

#include "render/safe_text.hpp"
#include "scan/outputs/line_sinks.hpp"
#include "scan/records/record_columns.hpp"
#include "x509/name_syntax.hpp"

namespace peercert::scan {
namespace {

// Spreadsheets take such a cell for a formula and run it: what a peer sends must not become one.
// Control characters in front, which they skip, are escaped by then.
bool is_formula(std::string_view cell) {
  return !cell.empty() && std::string_view("=+-@").find(cell.front()) != std::string_view::npos;
}

void append_cell(Output& out, std::string_view text) {
  const bool needs_quotes = text.find_first_of(",\"\r\n") != std::string_view::npos ||
                            text.starts_with(' ') || text.ends_with(' ');
  if (!needs_quotes) return out.append(text);
  out.append('"');
  for (const char c : text) {
    if (c == '"') out.append('"');
    out.append(c);
  }
  out.append('"');
}

void append_text_cell(Output& out, std::string text) {
  if (is_formula(text)) text.insert(0, 1, '\'');
  append_cell(out, text);
}

// A value of JSON; a string without its quotes. Its escapes stay, but for those of quotes.
void append_json_cell(Output& out, std::string_view json) {
  if (!json.starts_with('"')) return append_cell(out, json);
  std::string text;
  for (std::size_t i = 1; i + 1 < json.size(); ++i) {
    if (json[i] == '\\' && json[i + 1] == '"') continue;
    text += json[i];
    if (json[i] == '\\') text += json[++i];
  }
  append_text_cell(out, std::move(text));
}

// The usual columns of a certificate, and behind them those that were asked for besides.
Fields columns_with(const Fields& wanted) {
  const Fields usual(kCertificateColumns);
  std::string names(kCertificateColumns);
  const auto is_usual = [&usual](std::string_view name) {
    for (std::size_t i = 0; i < usual.size(); ++i) {
      if (usual.name(i) == name) return true;
    }
    return false;
  };
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (!is_usual(wanted.name(i))) names.append(",").append(wanted.name(i));
  }
  return Fields(names);
}

class CsvSink final : public LineSink {
 public:
  CsvSink(const std::string& path, const OutputOptions& options)
      : LineSink(path), fields_(columns_with(options.fields)) {}

 private:
  void append_heading(Output& out) override {
    for (const Column& column : record_columns()) {
      out.append(column.name);
      out.append(',');
    }
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      if (i > 0) out.append(',');
      out.append(fields_.name(i));
    }
    out.append("\r\n");
  }

  void append(Output& out, const Record& record) override {
    examined_.examine(record);
    for (const Column& column : record_columns()) {
      value_.clear();
      column.append(examined_, value_);
      append_value(out, column.type);
      out.append(',');
    }
    append_fields(out);
    out.append("\r\n");
  }

  void append_value(Output& out, ColumnType type) const {
    if (type != ColumnType::text) return out.append(value_.view());
    std::string safe;
    render::append_safe(
        {reinterpret_cast<const std::uint8_t*>(value_.view().data()), value_.size()}, safe);
    append_text_cell(out, std::move(safe));
  }

  void append_fields(Output& out) {
    const auto time = std::chrono::floor<std::chrono::seconds>(examined_.record().time);
    const CertificateView* const certificate = examined_.certificate();
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      if (i > 0) out.append(',');
      if (certificate == nullptr) continue;
      value_.clear();
      fields_.append_value(i, value_, *certificate, examined_.record().chain.front(), time);
      append_json_cell(out, value_.view());
    }
  }

  Fields fields_;
  Examination examined_;
  Output value_;
};

}  // namespace

std::unique_ptr<Sink> make_csv_sink(const std::string& path, const OutputOptions& options) {
  return std::make_unique<CsvSink>(path, options);
}

}  // namespace peercert::scan
