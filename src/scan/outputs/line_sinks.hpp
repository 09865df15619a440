// SPDX-License-Identifier: Apache-2.0
// Sinks that append to a file.
#pragma once

#include <memory>

#include <peercert/scan/outputs.hpp>

#include "scan/outputs/file_output.hpp"

namespace peercert::scan {

/// A sink whose records stand in a file one behind the other.
class LineSink : public Sink {
 public:
  explicit LineSink(const std::string& path) : file_(path) {}

  void write(const RecordView& view) final;
  std::string commit() final { return file_.commit(); }
  void rewind(std::string_view committed) final { file_.rewind(committed); }
  void close() final;

 private:
  /// What stands in front of all records.
  virtual void append_heading(Output&) {}
  virtual void append(Output& out, const RecordView& view) = 0;

  FileOutput file_;
};

std::unique_ptr<Sink> make_jsonl_sink(const std::string& path, const OutputOptions& options);
std::unique_ptr<Sink> make_csv_sink(const std::string& path, const OutputOptions& options);
std::unique_ptr<Sink> make_text_sink(const std::string& path, const OutputOptions& options);

}  // namespace peercert::scan
