// SPDX-License-Identifier: Apache-2.0
// The one thread that all records go through.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <peercert/scan/figures.hpp>
#include <peercert/scan/record.hpp>
#include <peercert/scan/record_view.hpp>
#include <peercert/scan/sink.hpp>

#include "scan/job/checkpoint.hpp"

namespace peercert::scan {

/// An output, and what a checkpoint calls it.
struct NamedSink {
  std::string name;
  std::unique_ptr<Sink> sink;
};

struct WriterOptions {
  std::size_t capacity = 4096;  // records that wait before is_full() says so
  std::chrono::milliseconds commit_interval{1000};
  std::function<void()> on_failure{};  // called once by the writer's thread: see has_failed()
};

/// Where the state of a scan is kept, and the state to begin with.
struct CheckpointFile {
  std::string path;
  Checkpoint state;
};

/// Gives records to sinks on a thread of its own, and keeps a checkpoint: what it says is finished
/// is in every sink. take(), push() and what says how it goes: from any thread.
class RecordWriter {
 public:
  /// Leaves the sinks alone until start(). Throws std::invalid_argument if the checkpoint has other
  /// outputs.
  explicit RecordWriter(std::vector<NamedSink> sinks,
                        std::optional<CheckpointFile> checkpoint = std::nullopt,
                        WriterOptions options = {});
  RecordWriter(const RecordWriter&) = delete;
  RecordWriter& operator=(const RecordWriter&) = delete;
  /// As close(false), but what fails is not told.
  ~RecordWriter();

  /// Sets the sinks back to where the checkpoint has them, or to their beginnings without one, and
  /// begins to write. Throws the sinks' exceptions.
  void start();

  /// A target was taken from the input: call it in the order of their indices, before another can
  /// be taken.
  void take(std::uint64_t index);
  /// All records of one target that was taken, which is finished by that. Never waits. After a
  /// failure they are dropped.
  void push(std::vector<Record> records);
  /// Whether as many records wait as should: whoever takes targets calls wait_for_room().
  bool is_full() const noexcept { return num_waiting_ >= options_.capacity; }
  /// Waits while the writer is full. False if no target should be taken any more: has_failed(), or
  /// end_waits() was called.
  bool wait_for_room();
  /// Has wait_for_room() return, now and whenever it is called.
  void end_waits();
  /// Whether a sink or the checkpoint could not be written: nothing more will be, and the scan
  /// should end. close() throws what it was.
  bool has_failed() const noexcept { return has_failed_; }

  RecordCounts counts() const noexcept;

  /// Waits until everything is written and closes the sinks. If the scan is complete, they are told
  /// before by finish(), and the checkpoint is removed; otherwise it stays. Throws the failure, if
  /// there was one; once. Without start() it does nothing.
  void close(bool is_complete);

 private:
  using Clock = std::chrono::steady_clock;
  using Counter = std::atomic<std::uint64_t>;

  void run() noexcept;
  template <class Call>
  void for_each_sink(const Call& call);
  static void close(NamedSink& output);
  void tell_failure();
  void write_until_closed();
  bool wait_for_records(std::vector<std::vector<Record>>& targets, Clock::time_point until);
  void write(const std::vector<Record>& target);
  void count(const Record& record) noexcept;
  void commit();
  void end() noexcept;

  std::vector<NamedSink> sinks_;  // without the sink once that has failed, or is closed
  std::optional<CheckpointFile> checkpoint_;
  const WriterOptions options_;
  const std::size_t room_again_;  // so few records wait when wait_for_room() has ended

  std::mutex mutex_;  // for all until the next empty line
  std::condition_variable changed_, room_;
  std::vector<std::vector<Record>> queue_;
  FinishedTargets finished_;
  bool is_closing_ = false, is_ending_ = false;
  bool is_complete_ = false;  // set with is_closing_, and stays

  std::atomic<std::size_t> num_waiting_ = 0;
  std::atomic<bool> has_failed_ = false;
  std::exception_ptr failure_;  // read after the thread has ended
  RecordView view_;             // the thread's own, as the next
  bool has_uncommitted_ = false;
  Counter num_targets_ = 0, num_records_ = 0;
  std::array<Counter, RecordCounts::kNumVerdicts> num_verdicts_{};
  std::array<Counter, RecordCounts::kNumErrors> num_errors_{};
  std::thread thread_;
};

}  // namespace peercert::scan
