// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <istream>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <pthread.h>
#include <sys/resource.h>

#include <peercert/http/metrics_server.hpp>
#include <peercert/scan/fields.hpp>
#include <peercert/scan/metrics.hpp>
#include <peercert/scan/outputs.hpp>
#include <peercert/scan/scanner.hpp>
#include <peercert/scan/target_source.hpp>

#include "cli/terminal.hpp"
#include "commands.hpp"
#include "reports/scan_progress.hpp"
#include "scan/job/writer.hpp"
#include "scan/outputs/file_lock.hpp"
#include "scan/outputs/file_output.hpp"
#include "scan/targets/descriptor_input.hpp"
#include "scan_state.hpp"
#include "visit.hpp"

namespace peercert::tool {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// How often signals are looked for, and the line on the terminal is drawn.
constexpr milliseconds kWatchInterval{100};
// How long outputs may take for what they have after the second signal.
constexpr milliseconds kLastWords{500};

/// The signals that ask for an end. Threads that begin later do not get them, either.
sigset_t block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

/// Ends the process as the signal would have, had it not been blocked.
[[noreturn]] void die_by(int signal) {
  std::signal(signal, SIG_DFL);
  sigset_t only;
  sigemptyset(&only);
  sigaddset(&only, signal);
  pthread_sigmask(SIG_UNBLOCK, &only, nullptr);
  ::raise(signal);
  std::_Exit(static_cast<int>(ExitCode::interrupted));  // raise() does not return
}

/// As many descriptors as the system lets us have: each connection takes one.
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

/// A scan with its input and its outputs.
class Run {
 public:
  /// Throws where the options name what is not there. The outputs are as they were until nothing
  /// else can be wrong. The signals are those that end it, and are blocked.
  Run(const ScanOptions& options, scan::ScanOptions engine, scan::Networks networks,
      std::vector<scan::NamedSink> sinks, std::optional<scan::CheckpointFile> checkpoint,
      const sigset_t& signals)
      : options_(options),
        signals_(signals),
        finished_(checkpoint ? checkpoint->state.finished : scan::FinishedTargets()),
        buffer_(options.file),
        input_(&buffer_),
        source_(input_, options.targets),
        scanner_(std::move(engine), std::move(networks)),
        writer_(std::move(sinks), std::move(checkpoint)) {
    input_.exceptions(std::ios::badbit);  // what the buffer throws
    if (!options.metrics.empty()) {
      metrics_.emplace(options.metrics, [this] { return scan::prometheus_text(figures()); });
    }
    if (scanner_.concurrency() < options.engine.concurrency) complain_of_descriptors();
    watcher_ = std::jthread([this](const std::stop_token& over) { watch(over); });
    source_.read_header();  // a pipe may have it later
    if (!is_interrupted_) writer_.start();
  }

  ExitCode run() {
    std::exception_ptr failure;
    try {
      scanner_.run([this] { return next(); },
                   [this](std::vector<scan::Record> records) { writer_.push(std::move(records)); });
    } catch (...) {
      failure = std::current_exception();
    }
    try {
      writer_.close(!failure && !is_interrupted_ && !is_state_foreign_);
    } catch (...) {
      if (!failure) failure = std::current_exception();
    }
    // Until here: a signal has to end the program also while an output does not take its last.
    watcher_.request_stop();
    watcher_.join();
    clear_line();
    if (fatal_signal_ != 0) die_by(fatal_signal_);
    if (failure) std::rethrow_exception(failure);
    if (is_state_foreign_) {
      complain("", options_.resume +
                       ": has more targets as finished than the input has; "
                       "remove it to begin anew");
      return ExitCode::usage;
    }
    if (!options_.quiet) write_stderr(summary(figures()));
    if (!is_interrupted_) return ExitCode::ok;
    complain("", "the scan was interrupted",
             options_.resume.empty() ? "with --resume STATE it could go on where it ended"
                                     : "the same command goes on where it ended");
    return ExitCode::interrupted;
  }

 private:
  std::optional<scan::Target> next() {
    for (;;) {
      if (!writer_.wait_for_room() || is_interrupted_) return std::nullopt;
      scan::TargetSource::Item item = source_.next();
      if (is_interrupted_) return std::nullopt;  // and the input was cut off, perhaps in a line
      if (std::holds_alternative<scan::EndOfTargets>(item)) {
        is_state_foreign_ = reaches_beyond(finished_, num_targets_);
        return std::nullopt;
      }
      if (const auto* const bad = std::get_if<scan::BadLine>(&item)) {
        report(*bad);
        continue;
      }
      auto& target = std::get<scan::Target>(item);
      num_targets_ = target.index + 1;
      if (finished_.contains(target.index)) continue;
      writer_.take(target.index);
      return std::move(target);
    }
  }

  void complain_of_descriptors() const {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    complain("",
             std::to_string(scanner_.concurrency()) + " connections at once and not " +
                 std::to_string(options_.engine.concurrency) + ": the process may have " +
                 std::to_string(limit.rlim_cur) + " files open",
             "'ulimit -Hn' shows the limit, which an administrator can raise");
  }

  void report(const scan::BadLine& bad) {
    ++num_bad_lines_;
    clear_line();
    const std::string name = options_.file == "-" ? "standard input" : options_.file;
    complain(name + ":" + std::to_string(bad.line), bad.reason);
  }

  /// Draws the progress and looks for signals and failed outputs until the scan is over.
  void watch(const std::stop_token& over) {
    const bool is_drawn =
        !options_.quiet && stderr_is_terminal() && !writes_to_terminal() && terminal_can_erase();
    while (!over.stop_requested()) {
      const timespec interval{0, std::chrono::nanoseconds(kWatchInterval).count()};
      const int signal = sigtimedwait(&signals_, nullptr, &interval);
      if (signal > 0) interrupt(signal);
      if (fatal_signal_ != 0 && Clock::now() >= end_at_once_) die_by(fatal_signal_);
      if (writer_.has_failed()) scanner_.abandon();  // nobody would see what it finds
      if (is_drawn) draw();
    }
  }
  bool writes_to_terminal() const {
    return stdout_is_terminal() && std::ranges::any_of(options_.outputs, scan::is_stream);
  }

  void interrupt(int signal) {
    clear_line();
    if (fatal_signal_ != 0) die_by(signal);
    if (is_interrupted_.exchange(true)) {
      complain("", "ending at once");
      end_at_once_ = Clock::now() + kLastWords;
      fatal_signal_ = signal;
      scanner_.abandon();
      return;
    }
    complain("", "ending: connections in flight are waited for", "once more ends at once");
    buffer_.end();
    writer_.end_waits();
    scanner_.stop();
  }

  void draw() {
    write_stderr("\r\033[K" + progress_line(figures()));
    is_line_drawn_ = true;
  }
  void clear_line() {
    if (is_line_drawn_.exchange(false)) write_stderr("\r\033[K");
  }

  scan::ScanFigures figures() const {
    scan::ScanFigures figures;
    figures.records = writer_.counts();
    figures.in_flight = scanner_.in_flight();
    figures.bad_lines = num_bad_lines_;
    figures.read = buffer_.num_read();
    figures.size = buffer_.size();
    figures.elapsed = Clock::now() - begin_;
    return figures;
  }

  const ScanOptions& options_;
  const sigset_t signals_;
  const scan::FinishedTargets finished_;
  scan::DescriptorInput buffer_;
  std::istream input_;
  scan::TargetSource source_;
  scan::Scanner scanner_;
  scan::RecordWriter writer_;
  std::uint64_t num_targets_ = 0;  // of the input, as far as it was read
  bool is_state_foreign_ = false;
  Clock::time_point begin_ = Clock::now();
  std::atomic<std::uint64_t> num_bad_lines_ = 0;
  std::atomic<bool> is_interrupted_ = false, is_line_drawn_ = false;
  std::atomic<int> fatal_signal_ = 0;  // the second one that asked for an end; 0: none has
  Clock::time_point end_at_once_{};    // the watcher's
  std::optional<http::MetricsServer> metrics_{};  // last, as the watcher: they ask for figures
  std::jthread watcher_{};
};

scan::OutputFormat format_of_stream(const ScanOptions& options) {
  if (options.format) return *options.format;
  return stdout_is_terminal() ? scan::OutputFormat::text : scan::OutputFormat::jsonl;
}

/// Has signals end the program at once while it opens a FIFO, which waits for a reader.
class EndsByItself {
 public:
  explicit EndsByItself(const sigset_t& signals) {
    pthread_sigmask(SIG_UNBLOCK, &signals, &before_);
  }
  ~EndsByItself() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  EndsByItself(const EndsByItself&) = delete;
  EndsByItself& operator=(const EndsByItself&) = delete;

 private:
  sigset_t before_{};
};

/// What `open` gives for the path.
template <class Open>
scan::NamedSink open_named(const std::string& path, const sigset_t& signals, Open open) {
  std::error_code unknown;
  std::optional<EndsByItself> waits;
  if (!scan::is_stream(path) && std::filesystem::is_fifo(path, unknown)) waits.emplace(signals);
  return {path, open(path)};
}

std::vector<scan::NamedSink> open_sinks(const ScanOptions& options, const sigset_t& signals) {
  std::vector<scan::NamedSink> sinks;
  const scan::Fields fields(options.fields);
  for (const std::string& path : options.outputs) {
    scan::OutputOptions form{.fields = fields};
    if (scan::is_stream(path)) {
      form.format = format_of_stream(options);
      form.width = terminal_width().value_or(form.width);
    }
    sinks.push_back(open_named(path, signals,
                               [&](const std::string& at) { return scan::open_sink(at, form); }));
  }
  if (!options.certificates.empty()) {
    sinks.push_back(open_named(options.certificates, signals, scan::open_certificate_store));
  }
  return sinks;
}

/// What the program itself has open at most: the files of each output (of a database four, and a
/// lock), those of the state, the input, and the listener of the metrics with its clients.
std::size_t num_own_descriptors(const ScanOptions& options) {
  constexpr std::size_t kOutputDescriptors = 5, kOtherDescriptors = 6;
  constexpr std::size_t kMetricsDescriptors = 4 + http::MetricsLimits{}.clients;  // 4: its loop
  return kOutputDescriptors * (options.outputs.size() + 1) + kOtherDescriptors +
         (options.metrics.empty() ? 0 : kMetricsDescriptors);
}

}  // namespace

ExitCode run_scan(const ScanOptions& options) {
  if (options.fields == "help") {
    write_stdout(scan::fields_help());
    return ExitCode::ok;
  }
  raise_descriptor_limit();
  std::optional<scan::LockFile> lock;
  std::optional<Run> run;
  try {
    scan::ScanOptions engine = options.engine;
    engine.reserved_descriptors = num_own_descriptors(options);
    engine.tls.password = read_password(options.password_file);
    const NetworkTexts texts = read_network_files(options);  // of a FIFO that waits for its writer
    const sigset_t signals = block_signals();
    if (!options.resume.empty()) lock.emplace(options.resume);
    auto checkpoint = load_state(options, texts);
    run.emplace(options, std::move(engine), parse_networks(options, texts),
                open_sinks(options, signals), std::move(checkpoint), signals);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {  // what the options name is not there, or not that
    complain("", error.what());
    return ExitCode::usage;
  }
  return run->run();
}

}  // namespace peercert::tool
