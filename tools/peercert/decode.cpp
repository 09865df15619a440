// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <string_view>

#include <peercert/decode/decode_files.hpp>
#include <peercert/decode/read_files.hpp>

#include "cli/progress.hpp"
#include "cli/terminal.hpp"
#include "commands.hpp"
#include "reports/batch_renderer.hpp"

namespace peercert::tool {
namespace {

// Standard output and standard error, for one thread at a time.
class Writer {
 public:
  explicit Writer(const DecodeOptions& options)
      : separates_(options.format == Format::text),
        progress_(decode::total_size(options.input.files)) {}
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer() { progress_.clear(); }

  void write(const decode::Batch& batch, const BatchRenderer& rendered) {
    const std::string_view text = rendered.text();
    // Empty lines stand between certificates, not before the first.
    std::size_t at = separates_ && is_first_ && !text.empty() ? 1 : 0;
    is_first_ = is_first_ && text.empty();
    for (const Complaint& complaint : rendered.complaints()) {
      const std::size_t end = std::max(at, complaint.at);
      write_stdout(text.substr(at, end - at));
      at = end;
      progress_.clear();
      complain(complaint.subject, complaint.what, complaint.advice);
      has_failed_ = true;
    }
    write_stdout(text.substr(at));
    progress_.advance(batch.frames.size(), batch.num_bytes);
  }

  bool has_failed() const { return has_failed_; }

 private:
  bool separates_;
  bool is_first_ = true;
  bool has_failed_ = false;
  Progress progress_;
};

// Renders on all threads, and writes in order.
class Printer : public decode::BatchWorker {
 public:
  Printer(const DecodeOptions& options, Writer& writer) : renderer_(options), writer_(writer) {}

  void work(const decode::Batch& batch) override { renderer_.render(batch); }
  void deliver(const decode::Batch& batch) override { writer_.write(batch, renderer_); }

 private:
  BatchRenderer renderer_;
  Writer& writer_;
};

}  // namespace

ExitCode run_decode(const DecodeOptions& options) {
  DecodeOptions all = options;
  if (all.input.files.empty()) {
    if (stdin_is_terminal())
      complain("", "reading certificates from the terminal; end with Ctrl-D");
    all.input.files.emplace_back("-");
  }
  Writer writer(all);
  decode::decode_batches(all.input, [&] { return std::make_unique<Printer>(all, writer); });
  return writer.has_failed() ? ExitCode::undecodable : ExitCode::ok;
}

}  // namespace peercert::tool
