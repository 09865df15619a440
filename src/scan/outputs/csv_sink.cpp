// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <string>

#include <peercert/columns/csv_row.hpp>
#include <peercert/scan/record_columns.hpp>

#include "scan/outputs/certificate_table.hpp"
#include "scan/outputs/line_sinks.hpp"

namespace peercert::scan {
namespace {

// The usual columns of a certificate, and after them those that were asked for besides.
Fields columns_with(const Fields& wanted) {
  const Fields usual(kCertificateColumns);
  std::string names(kCertificateColumns);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (!usual.contains(wanted.name(i))) names.append(",").append(wanted.name(i));
  }
  return Fields(names);
}

class CsvSink final : public LineSink {
 public:
  CsvSink(const std::string& path, const OutputOptions& options)
      : LineSink(path), fields_(columns_with(options.fields)) {}

 private:
  void append_heading(Output& out) override {
    columns::CsvRow row(out);
    for (const RecordColumn& column : record_columns()) {
      row.next_cell();
      row.string(column.name);
    }
    for (const CertificateColumn* const column : fields_.columns()) {
      row.next_cell();
      row.string(column->name);
    }
    row.end_row();
  }

  void append(Output& out, const RecordView& view) override {
    columns::CsvRow row(out);
    for (const RecordColumn& column : record_columns()) {
      row.next_cell();
      column.visit(view, row);
    }
    if (view.certificate() != nullptr) {
      append_fields(row, view);
    } else {
      for (std::size_t i = 0; i < fields_.size(); ++i) row.next_cell();
    }
    row.end_row();
  }

  void append_fields(columns::CsvRow& row, const RecordView& view) const {
    const auto time = std::chrono::floor<std::chrono::seconds>(view.record().time);
    const columns::CertificateRow certificate = view.chain().front().row(time, fields_.needs());
    for (const CertificateColumn* const column : fields_.columns()) {
      row.next_cell();
      column->visit(certificate, row);
    }
  }

  Fields fields_;
};

}  // namespace

std::unique_ptr<Sink> make_csv_sink(const std::string& path, const OutputOptions& options) {
  return std::make_unique<CsvSink>(path, options);
}

}  // namespace peercert::scan
