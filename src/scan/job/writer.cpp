// SPDX-License-Identifier: Apache-2.0
#include "scan/job/writer.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "base/start_without_signals.hpp"

namespace peercert::scan {
namespace {

// The thread is woken for so many targets at once, or after so long: each waking costs.
constexpr std::size_t kBatch = 256;
constexpr std::chrono::milliseconds kBatchInterval{20};

// Who waits for room is woken once so many places are free, and not for each one: that costs, too.
constexpr std::size_t kShareThatIsAwaited = 2;

}  // namespace

RecordWriter::RecordWriter(std::vector<NamedSink> sinks, std::optional<CheckpointFile> checkpoint,
                           WriterOptions options)
    : sinks_(std::move(sinks)),
      checkpoint_(std::move(checkpoint)),
      options_(std::move(options)),
      room_again_(options_.capacity / kShareThatIsAwaited) {
  if (!checkpoint_) return;
  finished_ = checkpoint_->state.finished;
  const NamedTexts& saved = checkpoint_->state.outputs;
  if (!saved.empty() &&
      !std::ranges::equal(sinks_, saved, {}, &NamedSink::name, &NamedTexts::value_type::first)) {
    throw std::invalid_argument(checkpoint_->path + ": the scan had other outputs");
  }
}

RecordWriter::~RecordWriter() {
  try {
    close(false);
  } catch (...) {  // who wants to know calls close()
  }
}

// A state without outputs is that of a scan that has not begun.
void RecordWriter::start() {
  const NamedTexts saved = checkpoint_ ? checkpoint_->state.outputs : NamedTexts{};
  for (std::size_t i = 0; i < sinks_.size(); ++i) {
    sinks_[i].sink->rewind(saved.empty() ? std::string() : saved[i].second);
  }
  thread_ = start_without_signals([this] { run(); });
}

void RecordWriter::take(std::uint64_t index) {
  const std::lock_guard lock(mutex_);
  finished_.take(index);
}

void RecordWriter::push(std::vector<Record> records) {
  if (records.empty() || has_failed_) return;
  num_waiting_ += records.size();
  bool is_batch = false;
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(records));
    is_batch = queue_.size() == kBatch;
  }
  if (is_batch) changed_.notify_one();
}

bool RecordWriter::wait_for_room() {
  std::unique_lock lock(mutex_);
  if (is_full()) {
    room_.wait(lock, [this] { return num_waiting_ <= room_again_ || has_failed_ || is_ending_; });
  }
  return !has_failed_ && !is_ending_;
}

void RecordWriter::end_waits() {
  const std::lock_guard lock(mutex_);
  is_ending_ = true;
  room_.notify_all();
}

void RecordWriter::close(bool is_complete) {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    is_closing_ = true;
    is_complete_ = is_complete;
  }
  changed_.notify_one();
  thread_.join();
  if (failure_ != nullptr) std::rethrow_exception(failure_);
  if (is_complete && checkpoint_) remove_checkpoint(checkpoint_->path);
}

void RecordWriter::run() noexcept {
  try {
    write_until_closed();
    commit();
    if (is_complete_) for_each_sink([](NamedSink& output) { output.sink->finish(); });
    for (NamedSink& output : sinks_) close(output);
  } catch (...) {
    failure_ = std::current_exception();
    tell_failure();
    end();
  }
}

// A sink is not called again once it has thrown, or is closed: what it has left stays as it is.
template <class Call>
void RecordWriter::for_each_sink(const Call& call) {
  for (NamedSink& output : sinks_) {
    try {
      call(output);
    } catch (...) {
      output.sink.reset();
      throw;
    }
  }
}

void RecordWriter::close(NamedSink& output) {
  const std::unique_ptr<Sink> sink = std::move(output.sink);
  sink->close();
}

void RecordWriter::tell_failure() {
  {
    const std::lock_guard lock(mutex_);
    has_failed_ = true;
    room_.notify_all();
  }
  if (options_.on_failure) options_.on_failure();
}

void RecordWriter::write_until_closed() {
  std::vector<std::vector<Record>> targets;
  auto next_commit = Clock::now() + options_.commit_interval;
  while (wait_for_records(targets, next_commit)) {
    for (const std::vector<Record>& target : targets) write(target);
    targets.clear();
    if (Clock::now() < next_commit) continue;
    commit();
    next_commit = Clock::now() + options_.commit_interval;
  }
}

// Takes what waits, at the latest at a moment. False: there is nothing more, nor will be.
bool RecordWriter::wait_for_records(std::vector<std::vector<Record>>& targets,
                                    Clock::time_point until) {
  std::unique_lock lock(mutex_);
  until = std::min(until, Clock::now() + kBatchInterval);
  changed_.wait_until(lock, until, [this] { return queue_.size() >= kBatch || is_closing_; });
  targets.swap(queue_);
  return !targets.empty() || !is_closing_;
}

void RecordWriter::write(const std::vector<Record>& target) {
  for (const Record& record : target) {
    view_.assign(record);
    for_each_sink([this](NamedSink& output) { output.sink->write(view_); });
    count(record);
  }
  ++num_targets_;
  has_uncommitted_ = true;
  const std::lock_guard lock(mutex_);
  finished_.finish(target.front().target.index);
  num_waiting_ -= target.size();
  if (num_waiting_ <= room_again_) room_.notify_all();
}

void RecordWriter::count(const Record& record) noexcept {
  ++num_records_;
  if (!record.chain.empty()) {
    ++num_verdicts_[static_cast<std::size_t>(record.validation.verdict)];
  }
  if (record.failure) ++num_errors_[static_cast<std::size_t>(record.failure->error_class)];
}

// Finished is what was written, and all that was written is on the disk before the checkpoint is.
void RecordWriter::commit() {
  if (!has_uncommitted_) return;
  NamedTexts outputs;
  for_each_sink(
      [&outputs](NamedSink& output) { outputs.emplace_back(output.name, output.sink->commit()); });
  has_uncommitted_ = false;
  if (!checkpoint_) return;
  checkpoint_->state.outputs = std::move(outputs);
  {
    const std::lock_guard lock(mutex_);
    checkpoint_->state.finished = finished_;
  }
  save_checkpoint(checkpoint_->path, checkpoint_->state);
}

// After a failure: the other sinks may still be able to write what they have.
void RecordWriter::end() noexcept {
  for (NamedSink& output : sinks_) {
    try {
      if (output.sink != nullptr) close(output);
    } catch (...) {  // the first failure is the one to tell
    }
  }
}

RecordCounts RecordWriter::counts() const noexcept {
  RecordCounts counts;
  counts.targets = num_targets_;
  counts.records = num_records_;
  std::ranges::copy(num_verdicts_, counts.verdicts.begin());
  std::ranges::copy(num_errors_, counts.errors.begin());
  return counts;
}

}  // namespace peercert::scan
