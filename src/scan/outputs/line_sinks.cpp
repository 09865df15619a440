// SPDX-License-Identifier: Apache-2.0
#include "scan/outputs/line_sinks.hpp"

#include "scan/records/record_json.hpp"

namespace peercert::scan {
namespace {

class JsonlSink final : public LineSink {
 public:
  JsonlSink(const std::string& path, const OutputOptions& options)
      : LineSink(path), json_(options.fields) {}

 private:
  void append(Output& out, const RecordView& view) override {
    json_.append(out, view);
    out.append('\n');
  }

  RecordJson json_;
};

}  // namespace

void LineSink::write(const RecordView& view) {
  if (file_.is_empty()) append_heading(file_.buffer());
  append(file_.buffer(), view);
  file_.write_if_large();
}

void LineSink::close() {
  if (file_.is_empty()) append_heading(file_.buffer());
  file_.close();
}

std::unique_ptr<Sink> make_jsonl_sink(const std::string& path, const OutputOptions& options) {
  return std::make_unique<JsonlSink>(path, options);
}

}  // namespace peercert::scan
