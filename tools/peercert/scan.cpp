// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <filesystem>
#include <memory>
#include <new>
#include <optional>
#include <stop_token>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <sys/resource.h>

#include <peercert/http/metrics_server.hpp>
#include <peercert/scan/fields.hpp>
#include <peercert/scan/metrics.hpp>
#include <peercert/scan/scan_job.hpp>

#include "cli/end_signals.hpp"
#include "cli/terminal.hpp"
#include "commands.hpp"
#include "reports/scan_progress.hpp"
#include "visit.hpp"

namespace peercert::tool {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// How often the line on the terminal is drawn.
constexpr milliseconds kDrawInterval{100};
// How long outputs may take for what they have after the second signal.
constexpr milliseconds kLastWords{500};

/// As many descriptors as the system lets us have: each connection takes one.
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

/// The line on the terminal that says how the scan goes.
class ProgressLine {
 public:
  void draw(const scan::ScanFigures& figures) {
    write_stderr("\r\033[K" + progress_line(figures));
    is_drawn_ = true;
  }
  void clear() {
    if (is_drawn_.exchange(false)) write_stderr("\r\033[K");
  }

 private:
  std::atomic<bool> is_drawn_ = false;
};

/// A thread that draws the progress of a job and takes the signals, until end().
class Watcher {
 public:
  Watcher(const ScanOptions& options, const EndSignals& signals, scan::ScanJob& job,
          ProgressLine& line)
      : options_(options), signals_(signals), job_(job), line_(line) {
    thread_ = std::jthread([this](const std::stop_token& over) { watch(over); });
  }

  /// The job is over, and so is the process if that was wanted at once.
  void end() {
    thread_.request_stop();
    thread_.join();
    line_.clear();
    if (fatal_signal_ != 0) EndSignals::die_by(fatal_signal_);
  }

 private:
  void watch(const std::stop_token& over) {
    const bool is_drawn =
        !options_.quiet && stderr_is_terminal() && !writes_to_terminal() && terminal_can_erase();
    while (!over.stop_requested()) {
      const int signal = signals_.wait_for(kDrawInterval);
      if (signal != 0) interrupt(signal);
      if (fatal_signal_ != 0 && Clock::now() >= end_at_once_) EndSignals::die_by(fatal_signal_);
      if (is_drawn) line_.draw(job_.figures());
    }
  }
  bool writes_to_terminal() const {
    return stdout_is_terminal() && std::ranges::any_of(options_.outputs, scan::is_stream);
  }

  void interrupt(int signal) {
    line_.clear();
    if (fatal_signal_ != 0) EndSignals::die_by(signal);
    if (std::exchange(is_interrupted_, true)) {
      complain("", "ending at once");
      end_at_once_ = Clock::now() + kLastWords;
      fatal_signal_ = signal;
      job_.abandon();
      return;
    }
    complain("", "ending: connections in flight are waited for", "once more ends at once");
    job_.stop();
  }

  const ScanOptions& options_;
  const EndSignals& signals_;
  scan::ScanJob& job_;
  ProgressLine& line_;
  bool is_interrupted_ = false;      // the thread's, until it has ended
  int fatal_signal_ = 0;             // likewise: the second one that asked for an end; 0: none has
  Clock::time_point end_at_once_{};  // likewise
  std::jthread thread_{};
};

scan::OutputFormat format_of_stream(const ScanOptions& options) {
  if (options.format) return *options.format;
  return stdout_is_terminal() ? scan::OutputFormat::text : scan::OutputFormat::jsonl;
}

/// The output, for which signals end the program at once while it opens a FIFO: that waits for a
/// reader.
scan::JobOutput interruptible(scan::JobOutput output, const EndSignals& signals) {
  output.open = [&signals, path = output.name, open = std::move(output.open)] {
    std::error_code unknown;
    if (scan::is_stream(path) || !std::filesystem::is_fifo(path, unknown)) return open();
    std::unique_ptr<scan::Sink> sink;
    signals.let_through([&] { sink = open(); });
    return sink;
  };
  return output;
}

std::vector<scan::JobOutput> outputs_of(const ScanOptions& options, const EndSignals& signals) {
  std::vector<scan::JobOutput> outputs;
  const scan::Fields fields(options.fields);
  for (const std::string& path : options.outputs) {
    scan::OutputOptions form{.fields = fields, .command = options.command};
    if (scan::is_stream(path)) {
      form.format = format_of_stream(options);
      form.width = terminal_width().value_or(form.width);
    }
    outputs.push_back(interruptible(scan::file_output(path, form), signals));
  }
  if (!options.certificates.empty()) {
    outputs.push_back(interruptible(scan::certificate_output(options.certificates), signals));
  }
  return outputs;
}

/// What the program itself has open at most, besides the job: the standard descriptors, and the
/// listener of the metrics with its clients.
std::size_t num_own_descriptors(const ScanOptions& options) {
  constexpr std::size_t kStandardDescriptors = 3;
  constexpr std::size_t kMetricsDescriptors = 4 + http::MetricsLimits{}.clients;  // 4: its loop
  return kStandardDescriptors + (options.metrics.empty() ? 0 : kMetricsDescriptors);
}

/// The job without its outputs. Reads the password and the lists of networks, which may be FIFOs
/// that wait for their writers.
scan::ScanJobOptions job_of(const ScanOptions& options, ProgressLine& line) {
  scan::ScanJobOptions job{.input = options.file, .targets = options.targets};
  job.engine = options.engine;
  job.engine.reserved_descriptors = num_own_descriptors(options);
  job.engine.tls.password = read_password(options.password_file);
  job.networks = scan::NetworkLists(options.allow_files, options.deny_files);
  job.resume = options.resume;
  job.name_of = name_of_option;
  const std::string name = options.file == "-" ? "standard input" : options.file;
  job.on_bad_line = [&line, name](const scan::BadLine& bad) {
    line.clear();
    complain(name + ":" + std::to_string(bad.line), bad.reason);
  };
  return job;
}

/// Serves the figures of the job until it is destroyed, if the options want that.
std::unique_ptr<http::MetricsServer> serve_metrics(const ScanOptions& options,
                                                   const scan::ScanJob& job) {
  if (options.metrics.empty()) return nullptr;
  return std::make_unique<http::MetricsServer>(
      options.metrics, [&job] { return scan::prometheus_text(job.figures()); });
}

void complain_of_descriptors(const ScanOptions& options, const scan::ScanJob& job) {
  if (job.concurrency() >= options.engine.concurrency) return;
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  complain("",
           std::to_string(job.concurrency()) + " connections at once and not " +
               std::to_string(options.engine.concurrency) + ": the process may have " +
               std::to_string(limit.rlim_cur) + " files open",
           "'ulimit -Hn' shows the limit, which an administrator can raise");
}

ExitCode run(const ScanOptions& options, scan::ScanJob& job, Watcher& watcher) {
  scan::ScanResult result;
  try {
    result = job.run();
  } catch (const scan::StateError& error) {
    watcher.end();
    complain("", error.what());
    return ExitCode::usage;
  } catch (...) {
    watcher.end();
    throw;
  }
  // Not before: a signal has to end the program also while an output does not take its last.
  watcher.end();
  if (!options.quiet) write_stderr(summary(result.figures));
  if (result.is_complete) return ExitCode::ok;
  complain("", "the scan was interrupted",
           options.resume.empty() ? "with --resume STATE it could go on where it ended"
                                  : "the same command goes on where it ended");
  return ExitCode::interrupted;
}

}  // namespace

ExitCode run_scan(const ScanOptions& options) {
  if (options.fields == "help") {
    write_stdout(scan::fields_help());
    return ExitCode::ok;
  }
  raise_descriptor_limit();
  ProgressLine line;
  std::optional<EndSignals> signals;
  std::optional<scan::ScanJob> job;
  std::unique_ptr<http::MetricsServer> metrics;
  std::optional<Watcher> watcher;
  try {
    scan::ScanJobOptions job_options = job_of(options, line);
    signals.emplace();
    job_options.outputs = outputs_of(options, *signals);
    job.emplace(std::move(job_options));
    metrics = serve_metrics(options, *job);
    complain_of_descriptors(options, *job);
    watcher.emplace(options, *signals, *job, line);
    job->start();
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {  // what the options name is not there, or not that
    if (watcher) watcher->end();
    complain("", error.what());
    return ExitCode::usage;
  }
  return run(options, *job, *watcher);
}

}  // namespace peercert::tool
