// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <istream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include <semaphore.h>

#include <peercert/scan/scan_job.hpp>
#include <peercert/scan/scanner.hpp>
#include <peercert/ssl/error.hpp>

#include "base/start_without_signals.hpp"
#include "scan/job/file_uses.hpp"
#include "scan/job/scan_state.hpp"
#include "scan/job/writer.hpp"
#include "scan/outputs/file_lock.hpp"
#include "scan/outputs/output_format.hpp"
#include "scan/targets/descriptor_input.hpp"

namespace peercert::scan {
namespace {

using Clock = std::chrono::steady_clock;

// What an output has open at most: of a database four files, and a lock.
constexpr std::size_t kOutputDescriptors = 5;
// The input, the state, its lock, the next state, its folder; and one that was read before.
constexpr std::size_t kJobDescriptors = 6;

ScanOptions engine_of(const ScanJobOptions& options) {
  ScanOptions engine = options.engine;
  engine.reserved_descriptors += kOutputDescriptors * options.outputs.size() + kJobDescriptors;
  return engine;
}

std::vector<NamedSink> open_sinks(const std::vector<JobOutput>& outputs) {
  std::vector<NamedSink> sinks;
  sinks.reserve(outputs.size());
  for (const JobOutput& output : outputs) sinks.push_back({output.name, output.open()});
  return sinks;
}

std::string format_name(OutputFormat format) {
  switch (format) {
    case OutputFormat::jsonl: return "jsonl";
    case OutputFormat::csv: return "csv";
    case OutputFormat::sqlite: return "sqlite";
    case OutputFormat::text: return "text";
  }
  return {};
}

/// The targets: a file, or a stream of the caller's.
class JobInput {
 public:
  explicit JobInput(const ScanJobOptions& options) : stream_(options.stream) {
    if (stream_ != nullptr) return;
    buffer_.emplace(options.input);
    file_.rdbuf(&*buffer_);
    file_.exceptions(std::ios::badbit);  // what the buffer throws
    stream_ = &file_;
  }

  std::istream& stream() { return *stream_; }
  /// Has whoever waits for more see the end. Safe in signal handlers.
  void end() noexcept {
    if (buffer_) buffer_->end();
  }
  std::uint64_t num_read() const noexcept { return buffer_ ? buffer_->num_read() : 0; }
  std::uint64_t size() const noexcept { return buffer_ ? buffer_->size() : 0; }

 private:
  std::optional<DescriptorInput> buffer_{};
  std::istream file_{nullptr};
  std::istream* stream_;
};

/// A thread that a signal handler can have do something: it may call neither a mutex nor a
/// condition variable, but sem_post() (POSIX.1-2017, 2.4.3).
class SignalSafeThread {
 public:
  SignalSafeThread() { ::sem_init(&woken_, 0, 0); }
  SignalSafeThread(const SignalSafeThread&) = delete;
  SignalSafeThread& operator=(const SignalSafeThread&) = delete;
  ~SignalSafeThread() {
    is_over_ = true;
    wake();
    if (thread_.joinable()) thread_.join();
    ::sem_destroy(&woken_);
  }

  /// Has the thread begin, which calls the function after each wake().
  void start(std::function<void()> function) {
    thread_ = start_without_signals([this, function = std::move(function)] {
      while (wait()) function();
    });
  }
  void wake() noexcept { ::sem_post(&woken_); }

 private:
  bool wait() {
    while (::sem_wait(&woken_) != 0) {  // a debugger may interrupt it
    }
    return !is_over_;
  }

  sem_t woken_{};
  std::atomic<bool> is_over_ = false;
  std::thread thread_{};
};

}  // namespace

class ScanJob::Impl {
 public:
  Impl(ScanJobOptions options, std::unique_ptr<LockFile> lock,
       std::optional<CheckpointFile> checkpoint)
      : options_(std::move(options)),
        lock_(std::move(lock)),
        finished_(checkpoint ? checkpoint->state.finished : FinishedTargets()),
        input_(options_),
        source_(input_.stream(), options_.targets),
        scanner_(engine_of(options_), options_.networks.networks()),
        writer_(open_sinks(options_.outputs), std::move(checkpoint),
                {.on_failure = [this] { give_up(); }}) {
    ending_.start([this] { end(); });
  }

  void start() {
    if (std::exchange(is_started_, true)) return;
    try {
      source_.read_header();  // a pipe may have it later
    } catch (const ssl::ValueError&) {
      if (!is_stopped_) throw;  // or it was cut off
    }
    if (!is_stopped_) writer_.start();
  }

  ScanResult run() {
    start();
    std::exception_ptr failure;
    try {
      scanner_.run([this] { return next(); },
                   [this](std::vector<Record> records) { writer_.push(std::move(records)); });
    } catch (...) {
      failure = std::current_exception();
    }
    const bool is_complete = !failure && !is_stopped_ && !is_state_foreign_;
    try {
      writer_.close(is_complete);
    } catch (...) {
      if (!failure) failure = std::current_exception();
    }
    if (failure) std::rethrow_exception(failure);
    if (is_state_foreign_) {
      throw StateError(options_.resume +
                       ": has more targets as finished than the input has; "
                       "remove it to begin anew");
    }
    return {figures(), is_complete};
  }

  void stop() noexcept {
    is_stopped_ = true;
    input_.end();
    ending_.wake();
  }
  void abandon() noexcept {
    is_abandoned_ = true;
    stop();
  }

  ScanFigures figures() const {
    ScanFigures figures;
    figures.records = writer_.counts();
    figures.in_flight = scanner_.in_flight();
    figures.bad_lines = num_bad_lines_;
    figures.read = input_.num_read();
    figures.size = input_.size();
    figures.elapsed = Clock::now() - begin_;
    return figures;
  }
  std::size_t concurrency() const noexcept { return scanner_.concurrency(); }

 private:
  std::optional<Target> next() {
    for (;;) {
      if (!writer_.wait_for_room() || is_stopped_) return std::nullopt;
      TargetSource::Item item = source_.next();
      // Whoever ended the input cut it off, perhaps in a line.
      if (is_stopped_ || writer_.has_failed()) return std::nullopt;
      if (std::holds_alternative<EndOfTargets>(item)) {
        is_state_foreign_ = reaches_beyond(finished_, num_targets_);
        return std::nullopt;
      }
      if (const auto* const bad = std::get_if<BadLine>(&item)) {
        ++num_bad_lines_;
        if (options_.on_bad_line) options_.on_bad_line(*bad);
        continue;
      }
      auto& target = std::get<Target>(item);
      num_targets_ = target.index + 1;
      if (finished_.contains(target.index)) continue;
      writer_.take(target.index);
      return std::move(target);
    }
  }

  /// What stop() and abandon() want, where locks may be waited for.
  void end() {
    writer_.end_waits();
    if (is_abandoned_) {
      scanner_.abandon();
    } else {
      scanner_.stop();
    }
  }

  /// An output has failed: nobody would see what the scan finds.
  void give_up() {
    input_.end();
    scanner_.abandon();
  }

  const ScanJobOptions options_;
  const std::unique_ptr<LockFile> lock_;
  const FinishedTargets finished_;  // before this run
  JobInput input_;
  TargetSource source_;
  Scanner scanner_;
  RecordWriter writer_;
  bool is_started_ = false;
  std::uint64_t num_targets_ = 0;  // of the input, as far as it was read
  bool is_state_foreign_ = false;
  const Clock::time_point begin_ = Clock::now();
  std::atomic<std::uint64_t> num_bad_lines_ = 0;
  std::atomic<bool> is_stopped_ = false, is_abandoned_ = false;
  SignalSafeThread ending_{};  // last: it uses the others
};

JobOutput file_output(const std::string& path, const OutputOptions& options) {
  std::string form = options.format ? format_name(*options.format) : "";
  for (std::size_t i = 0; i < options.fields.size(); ++i) {
    form.append(form.empty() ? "" : ",").append(options.fields.name(i));
  }
  JobOutput output{path, [path, options] { return open_sink(path, options); }, std::move(form),
                   path};
  if (is_database(path, options)) {
    output.endings_next_to_it.assign(std::begin(kDatabaseEndings), std::end(kDatabaseEndings));
  }
  return output;
}

JobOutput certificate_output(const std::string& path) {
  return {path, [path] { return open_certificate_store(path); }, {}, path};
}

ScanJob::ScanJob(ScanJobOptions options) {
  refuse_second_uses(options);
  std::unique_ptr<LockFile> lock;
  if (!options.resume.empty()) lock = std::make_unique<LockFile>(options.resume);
  auto checkpoint = load_state(options);
  impl_ = std::make_unique<Impl>(std::move(options), std::move(lock), std::move(checkpoint));
}
ScanJob::~ScanJob() = default;

void ScanJob::start() { impl_->start(); }
ScanResult ScanJob::run() { return impl_->run(); }
void ScanJob::stop() noexcept { impl_->stop(); }
void ScanJob::abandon() noexcept { impl_->abandon(); }
ScanFigures ScanJob::figures() const { return impl_->figures(); }
std::size_t ScanJob::concurrency() const noexcept { return impl_->concurrency(); }

}  // namespace peercert::scan
