// SPDX-License-Identifier: Apache-2.0
// A scan from its input to its outputs, that can end at any moment and go on later.
#pragma once

#include <cstddef>
#include <functional>
#include <iosfwd>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <peercert/scan/figures.hpp>
#include <peercert/scan/network_lists.hpp>
#include <peercert/scan/options.hpp>
#include <peercert/scan/outputs.hpp>
#include <peercert/scan/sink.hpp>
#include <peercert/scan/target_source.hpp>

namespace peercert::scan {

/// A place for the records of a job.
struct JobOutput {
  std::string name{};  // what the state calls it; no two outputs have one name
  /// Makes the sink, once: after the input, the state and all options were found to be good.
  std::function<std::unique_ptr<Sink>()> open{};
  std::string form{};  // what of a record is written, and how; a resumed scan has the same
  std::string file{};  // where they go, "-" for standard output; empty if to no file
  /// What the names of further files end in that the sink makes, as "-wal": they begin with `file`.
  std::vector<std::string> endings_next_to_it{};
};
/// What open_sink() makes of these.
JobOutput file_output(const std::string& path, const OutputOptions& options = {});
/// What open_certificate_store() makes of it.
JobOutput certificate_output(const std::string& path);

struct ScanJobOptions {
  std::string input = "-";         // the file of targets; "-" is standard input
  std::istream* stream = nullptr;  // the targets, instead of `input`; has to outlive the job
  TargetOptions targets{};
  /// The job adds to `reserved_descriptors` what it opens itself.
  ScanOptions engine{};
  NetworkLists networks{};
  std::vector<JobOutput> outputs{};
  /// The file with the state of the scan: docs/scan.md, "Resuming". A job that finds it there goes
  /// on with it. Empty: none is kept.
  std::string resume{};

  /// Called by the thread of run() for each line that names no target.
  std::function<void(const BadLine&)> on_bad_line{};
  /// What the texts of exceptions call a member of these options, which is given as
  /// "engine.tls.alpn". Not set: that.
  std::function<std::string(std::string_view)> name_of{};
};

/// The state is not one that this scan can go on with: its text begins with the name of the file.
class StateError : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

struct ScanResult {
  ScanFigures figures{};
  bool is_complete = false;  // every target has its records; false after stop() and abandon()
};

/// Takes targets from an input, looks at each of them, and gives the records to the outputs. With a
/// state each target has its records once in the end, however often the job ends early, even if
/// that is with the process. Its threads handle no signals, and it leaves those of others alone.
class ScanJob {
 public:
  /// Opens the input, the state and the outputs; what these hold stays. Throws StateError if the
  /// state is of other options or another input, std::invalid_argument and std::system_error for
  /// files that cannot be used, and what the constructors of TargetSource and Scanner throw. The
  /// input, the outputs, the state and the files that are next to them are different ones, by
  /// device and inode, or that is std::invalid_argument before any is opened.
  explicit ScanJob(ScanJobOptions options);
  ScanJob(const ScanJob&) = delete;
  ScanJob& operator=(const ScanJob&) = delete;
  /// Not while run() runs.
  ~ScanJob();

  /// Reads the header of the input, if it is to have one, and sets the outputs back to where the
  /// state has them, or empties them. run() does it otherwise: whoever calls this first knows that
  /// nothing was wrong with the options. Throws as TargetSource::read_header() and Sink::rewind().
  void start();

  /// Looks at all targets. To be called once. Throws the failure of the input or an output, and
  /// StateError if the state has more targets as finished than the input has; what was written is
  /// kept then, and so is the state.
  ScanResult run();

  /// Has run() begin no more targets, and return once those in flight are done: Scanner::stop().
  /// From any thread and from signal handlers. A `stream` that waits is waited for.
  void stop() noexcept;
  /// The same, but targets in flight get no record.
  void abandon() noexcept;

  /// How far it is. From any thread.
  ScanFigures figures() const;
  /// How many targets are in flight at most: Scanner::concurrency().
  std::size_t concurrency() const noexcept;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace peercert::scan
