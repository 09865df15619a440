// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include <peercert/decode/decode_files.hpp>

#include "decode/certificate_source.hpp"

namespace peercert::decode {
namespace {

// The batches of all files, one file after the other.
class BatchSource {
 public:
  explicit BatchSource(const FileOptions& options) : options_(options) {}

  // Gives the next batch; false if there is none.
  bool next(Batch& batch) {
    for (;;) {
      if (source_ && source_->next(batch)) return true;
      source_.reset();
      if (next_file_ == options_.files.size()) return false;
      const std::string& name = options_.files[next_file_++];
      try {
        source_.emplace(name, options_.form);
      } catch (const std::system_error& error) {
        batch = {};
        batch.source = name;
        batch.failure = error.code().message();
        return true;
      }
    }
  }

 private:
  const FileOptions& options_;
  std::size_t next_file_ = 0;
  std::optional<CertificateSource> source_;
};

// Threads that take batches, work on them, and deliver them in the order in which they were taken.
// Each thread has one batch and there is no queue, which bounds the memory. The first thread is the
// caller's: small inputs and one job need no other.
class Pipeline {
 public:
  Pipeline(const FileOptions& options,
           const std::function<std::unique_ptr<BatchWorker>()>& make_worker)
      : make_worker_(make_worker),
        num_jobs_(options.jobs != 0 ? options.jobs
                                    : std::max(1U, std::thread::hardware_concurrency())),
        source_(options) {}

  // Throws what a thread has thrown first.
  void run() {
    run_thread();
    std::vector<std::jthread> threads;
    {
      const std::lock_guard lock(input_mutex_);
      threads.swap(threads_);
    }
    threads.clear();
    if (error_) std::rethrow_exception(error_);
  }

 private:
  void run_thread() noexcept {
    try {
      Batch batch;
      const std::unique_ptr<BatchWorker> worker = make_worker_();
      while (const std::optional<std::uint64_t> turn = take(batch)) {
        worker->work(batch);
        if (!wait_for(*turn)) return;
        worker->deliver(batch);
        end_turn();
      }
    } catch (...) {
      const std::lock_guard lock(output_mutex_);
      if (!error_) error_ = std::current_exception();
      has_stopped_ = true;
      turn_ended_.notify_all();
    }
  }

  // The next batch, and which turn it has to be delivered.
  std::optional<std::uint64_t> take(Batch& batch) {
    const std::lock_guard lock(input_mutex_);
    if (has_stopped_ || !source_.next(batch)) return std::nullopt;
    if (batch.has_more && threads_.size() + 1 < num_jobs_) start_thread();
    return num_taken_++;
  }

  void start_thread() {
    try {
      threads_.emplace_back([this] { run_thread(); });
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

  const std::function<std::unique_ptr<BatchWorker>()>& make_worker_;

  std::mutex input_mutex_;  // guards the next four
  std::size_t num_jobs_;
  BatchSource source_;
  std::uint64_t num_taken_ = 0;
  std::vector<std::jthread> threads_;

  std::mutex output_mutex_;  // guards the next two
  std::uint64_t turn_ = 0;   // which batch may be delivered
  std::exception_ptr error_;
  std::condition_variable turn_ended_;
  std::atomic<bool> has_stopped_ = false;
};

// Decodes a batch as a whole, so that the visitor has nothing to wait for.
class VisitingWorker : public BatchWorker {
 public:
  explicit VisitingWorker(const std::function<void(const DecodedCertificate&)>& visit)
      : visit_(visit) {}

  void work(const Batch& batch) override {
    items_.clear();
    // New ones, since each keeps the longest that it has decoded: thousands could keep gigabytes.
    decoders_.clear();
    decoders_.resize(batch.num_items());
    for (std::size_t i = 0; i < decoders_.size(); ++i) {
      items_.push_back(decoders_[i].decode(batch, i));
    }
  }

  void deliver(const Batch&) override {
    for (const DecodedCertificate& item : items_) visit_(item);
  }

 private:
  const std::function<void(const DecodedCertificate&)>& visit_;
  std::vector<FrameDecoder> decoders_;
  std::vector<DecodedCertificate> items_;
};

}  // namespace

void decode_files(const FileOptions& options,
                  const std::function<void(const DecodedCertificate&)>& visit) {
  decode_batches(options, [&visit] { return std::make_unique<VisitingWorker>(visit); });
}

void decode_batches(const FileOptions& options,
                    const std::function<std::unique_ptr<BatchWorker>()>& make_worker) {
  Pipeline(options, make_worker).run();
}

}  // namespace peercert::decode
