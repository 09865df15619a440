// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "batch_decoder.hpp"
#include "certificate_source.hpp"
#include "cli/progress.hpp"
#include "cli/terminal.hpp"
#include "commands.hpp"

namespace peercert::tool {
namespace {

// Of all files together, 0 if it is not known.
std::uint64_t total_size(const std::vector<std::string>& files) {
  std::uint64_t total = 0;
  for (const std::string& file : files) {
    const std::uint64_t size = regular_size(file);
    if (size == 0) return 0;
    total += size;
  }
  return total;
}

// The batches of all files, one file behind the other.
class Input {
 public:
  Input(std::vector<std::string> files, InputForm form) : files_(std::move(files)), form_(form) {}

  // Gives the next batch; false if there is none.
  bool next(Batch& batch) {
    for (;;) {
      if (source_ && source_->next(batch)) return true;
      source_.reset();
      if (next_file_ == files_.size()) return false;
      const std::string& name = files_[next_file_++];
      try {
        source_.emplace(name, form_);
      } catch (const std::system_error& error) {
        batch = {};
        batch.source = name;
        batch.failure = error.code().message();
        return true;
      }
    }
  }

 private:
  std::vector<std::string> files_;
  InputForm form_;
  std::size_t next_file_ = 0;
  std::optional<CertificateSource> source_;
};

// Standard output and standard error, for one thread at a time.
class Writer {
 public:
  explicit Writer(const DecodeOptions& options)
      : separates_(options.format == Format::text), progress_(total_size(options.files)) {}

  void write(const Batch& batch, const BatchDecoder& decoded) {
    const std::string_view text = decoded.text();
    // Empty lines stand between certificates, not before the first.
    std::size_t at = separates_ && is_first_ && !text.empty() ? 1 : 0;
    is_first_ = is_first_ && text.empty();
    for (const Complaint& complaint : decoded.complaints()) {
      const std::size_t end = std::max(at, complaint.at);
      write_stdout(text.substr(at, end - at));
      at = end;
      progress_.clear();
      complain(complaint.subject, complaint.what, complaint.advice);
      has_failed_ = true;
    }
    write_stdout(text.substr(at));
    progress_.advance(batch.pieces.size(), batch.num_octets);
  }

  void end() { progress_.clear(); }
  bool has_failed() const { return has_failed_; }

 private:
  bool separates_;
  bool is_first_ = true;
  bool has_failed_ = false;
  Progress progress_;
};

// Threads that take batches, decode them, and write them in the order in which they were taken.
// There is a batch in hand for each thread and no queue, which bounds the memory; the first thread
// is the caller's, so that small inputs and one job need no other.
class Pipeline {
 public:
  explicit Pipeline(const DecodeOptions& options)
      : options_(options),
        num_jobs_(options.jobs != 0 ? options.jobs
                                    : std::max(1U, std::thread::hardware_concurrency())),
        input_(options.files, options.input),
        writer_(options) {}

  // Throws what a thread has thrown first.
  ExitCode run() {
    work();
    std::vector<std::jthread> threads;
    {
      const std::lock_guard lock(input_mutex_);
      threads.swap(threads_);
    }
    threads.clear();
    writer_.end();
    if (error_) std::rethrow_exception(error_);
    return writer_.has_failed() ? ExitCode::undecodable : ExitCode::ok;
  }

 private:
  void work() noexcept {
    try {
      Batch batch;
      BatchDecoder decoder(options_);
      while (const std::optional<std::uint64_t> turn = take(batch)) {
        decoder.decode(batch);
        if (!wait_for(*turn)) return;
        writer_.write(batch, decoder);
        end_turn();
      }
    } catch (...) {
      const std::lock_guard lock(output_mutex_);
      if (!error_) error_ = std::current_exception();
      has_stopped_ = true;
      turn_ended_.notify_all();
    }
  }

  // The next batch, and when it is its turn to be written.
  std::optional<std::uint64_t> take(Batch& batch) {
    const std::lock_guard lock(input_mutex_);
    if (has_stopped_ || !input_.next(batch)) return std::nullopt;
    if (batch.has_more && threads_.size() + 1 < num_jobs_) start_thread();
    return num_taken_++;
  }

  void start_thread() {
    try {
      threads_.emplace_back([this] { work(); });
    } catch (const std::system_error&) {
      num_jobs_ = threads_.size() + 1;  // those that there are will do
    }
  }

  bool wait_for(std::uint64_t turn) {
    std::unique_lock lock(output_mutex_);
    turn_ended_.wait(lock, [&] { return has_stopped_ || turn_ == turn; });
    return !has_stopped_;
  }

  void end_turn() {
    {
      const std::lock_guard lock(output_mutex_);
      ++turn_;
    }
    turn_ended_.notify_all();
  }

  const DecodeOptions& options_;

  std::mutex input_mutex_;  // guards the next four
  std::size_t num_jobs_;
  Input input_;
  std::uint64_t num_taken_ = 0;
  std::vector<std::jthread> threads_;

  std::mutex output_mutex_;  // guards the next two
  std::uint64_t turn_ = 0;   // whose it is to use the writer
  std::exception_ptr error_;
  std::condition_variable turn_ended_;
  std::atomic<bool> has_stopped_ = false;
  Writer writer_;
};

}  // namespace

ExitCode run_decode(const DecodeOptions& options) {
  DecodeOptions all = options;
  if (all.files.empty()) {
    if (stdin_is_terminal())
      complain("", "reading certificates from the terminal; end with Ctrl-D");
    all.files.emplace_back("-");
  }
  return Pipeline(all).run();
}

}  // namespace peercert::tool
