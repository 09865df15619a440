// SPDX-License-Identifier: Apache-2.0
#include "scan/job/writer.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <memory>
#include <mutex>
#include <optional>
#include <semaphore>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include <peercert/scan/outputs.hpp>

#include "scan/outputs/descriptor.hpp"
#include "scan/outputs/sqlite_database.hpp"
#include "support/file_size_limit.hpp"
#include "support/scan_records.hpp"
#include "support/scratch.hpp"

namespace peercert::scan {
namespace {

using test::failed_record;
using test::scan_record;

// What a sink was told, to be looked at when the writer has gone.
struct Told {
  std::vector<std::uint64_t> written;
  std::vector<std::string> rewound;
  int num_commits = 0;
  std::size_t committed = 0;
  int closed = 0;
};

class FakeSink final : public Sink {
 public:
  explicit FakeSink(Told& told, std::size_t fails_at = SIZE_MAX)
      : told_(told), fails_at_(fails_at) {}

  void write(const RecordView& view) override {
    if (told_.written.size() == fails_at_)
      throw std::system_error(ENOSPC, std::generic_category(), "FILE");
    told_.written.push_back(view.record().target.index);
  }
  std::string commit() override {
    told_.committed = told_.written.size();
    ++told_.num_commits;
    return std::to_string(told_.committed);
  }
  void rewind(std::string_view committed) override { told_.rewound.emplace_back(committed); }
  void close() override { ++told_.closed; }

 private:
  Told& told_;
  std::size_t fails_at_;
};

int num_observations(const std::string& path) {
  SqliteDatabase database(path);
  return static_cast<int>(database.number("SELECT count(*) FROM observations"));
}

template <class... Sinks>
std::vector<NamedSink> sinks(Sinks... each) {
  std::vector<NamedSink> list;
  (list.push_back({"sink" + std::to_string(list.size()), std::move(each)}), ...);
  return list;
}

TEST(RecordWriter, GivesEveryRecordToEverySink) {
  Told first, second;
  RecordWriter writer(sinks(std::make_unique<FakeSink>(first), std::make_unique<FakeSink>(second)));
  writer.start();
  std::vector<std::thread> threads;
  std::atomic<std::uint64_t> next = 0;
  std::mutex taking;
  constexpr std::uint64_t kPerThread = 500;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (std::uint64_t n = 0; n < kPerThread; ++n) {
        std::uint64_t index = 0;
        {
          const std::lock_guard lock(taking);
          index = next++;
          writer.take(index);
        }
        writer.push({scan_record(index)});
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  writer.close(true);
  EXPECT_EQ(first.written, second.written);
  EXPECT_EQ(std::set(first.written.begin(), first.written.end()).size(), 4 * kPerThread);
  EXPECT_EQ(first.rewound, std::vector<std::string>{""});
  EXPECT_EQ(first.committed, 4 * kPerThread);
  EXPECT_EQ(first.closed, 1);
  EXPECT_EQ(writer.counts().records, 4 * kPerThread);
}

TEST(RecordWriter, CountsVerdictsAndErrors) {
  Told told;
  RecordWriter writer(sinks(std::make_unique<FakeSink>(told)));
  writer.start();
  for (const std::uint64_t index : {0U, 1U, 2U}) writer.take(index);
  writer.push({test::verified_record(0), failed_record(0, ErrorClass::timeout, "slow")});
  writer.push({failed_record(1, ErrorClass::timeout, "slow")});
  writer.push({});
  writer.close(true);
  const RecordCounts counts = writer.counts();
  EXPECT_EQ(counts.targets, 2U);
  EXPECT_EQ(counts.records, 3U);
  EXPECT_EQ(counts.of(ErrorClass::timeout), 2U);
  EXPECT_EQ(counts.of(ErrorClass::refused), 0U);
  EXPECT_EQ(counts.of(ssl::Verdict::verified), 1U);
  EXPECT_EQ(counts.of(ssl::Verdict::absent), 0U);
}

TEST(RecordWriter, AFailureIsToldOnceAndEndsTheRest) {
  Told good, bad;
  RecordWriter writer(sinks(std::make_unique<FakeSink>(good), std::make_unique<FakeSink>(bad, 3)));
  writer.start();
  for (std::uint64_t index = 0; index < 10; ++index) {
    writer.take(index);
    writer.push({scan_record(index)});
  }
  while (!writer.has_failed()) std::this_thread::yield();
  writer.push({scan_record(10)});
  try {
    writer.close(true);
    ADD_FAILURE() << "no failure";
  } catch (const std::system_error& error) {
    EXPECT_STREQ(error.what(), "FILE: No space left on device");
  }
  EXPECT_NO_THROW(writer.close(true));
  EXPECT_EQ(bad.written.size(), 3U);
  EXPECT_EQ(good.written.size(), 4U);
  EXPECT_EQ(good.closed, 1);
  EXPECT_EQ(bad.closed, 0);
  EXPECT_EQ(writer.counts().records, 3U);
}

/// Fails where it is to end.
class UnclosableSink final : public Sink {
 public:
  void write(const RecordView&) override {}
  std::string commit() override { return "0"; }
  void rewind(std::string_view) override {}
  void close() override {
    EXPECT_EQ(++num_closed_, 1);
    throw std::system_error(EIO, std::generic_category(), "FILE");
  }

 private:
  int num_closed_ = 0;
};

TEST(RecordWriter, ClosesEachSinkOnceWhereOneCannotBeClosed) {
  Told before, after;
  RecordWriter writer(sinks(std::make_unique<FakeSink>(before), std::make_unique<UnclosableSink>(),
                            std::make_unique<FakeSink>(after)));
  writer.start();
  EXPECT_THROW(writer.close(true), std::system_error);
  EXPECT_EQ(before.closed, 1);
  EXPECT_EQ(after.closed, 1);
}

// There is room again before the sinks are closed, as where the file that is cut gives some back.
TEST(RecordWriter, AFullDiskLeavesTheFileAtItsLastCommit) {
  for (const std::string name : {"full.jsonl", "full.jsonl.zst", "full.db"}) {
    const Scratch scratch;
    const auto open = [&] {
      std::vector<NamedSink> list;
      list.push_back({"full", open_sink(scratch / name)});
      list.push_back({"other", open_sink(scratch / "other.csv")});
      return list;
    };
    const std::string state = scratch / "state";
    {
      RecordWriter writer(open(), CheckpointFile{state, {}});
      writer.start();
      writer.take(0);
      writer.push({test::verified_record(0)});
      writer.close(false);
    }
    const std::string committed = scratch.read(name);
    std::optional<test::FileSizeLimit> limit;
    RecordWriter writer(
        open(), CheckpointFile{state, *load_checkpoint(state)},
        {.commit_interval = std::chrono::hours(1), .on_failure = [&limit] { limit.reset(); }});
    writer.start();
    limit.emplace(name == "full.db" ? 1 : committed.size() + 6);
    writer.take(1);
    writer.push({test::verified_record(1)});
    EXPECT_THROW(writer.close(false), std::system_error);
    EXPECT_FALSE(limit);
    if (name == "full.db") {
      EXPECT_EQ(num_observations(scratch / name), 1) << name;
    } else {
      EXPECT_EQ(scratch.read(name), committed) << name;
    }
    const std::string other = scratch.read("other.csv");
    EXPECT_EQ(std::ranges::count(other, '\n'), 3);  // with the heading
    EXPECT_TRUE(other.ends_with('\n'));
    EXPECT_EQ(load_checkpoint(state)->finished.below(), 1U);
  }
}

TEST(RecordWriter, HoldsNothingAfterAFailure) {
  Told told;
  RecordWriter writer(sinks(std::make_unique<FakeSink>(told, 0)), std::nullopt, {.capacity = 3});
  writer.start();
  writer.take(0);
  writer.push({scan_record(0)});
  while (!writer.has_failed()) std::this_thread::yield();
  for (std::uint64_t index = 1; index < 10; ++index) {
    writer.take(index);
    writer.push({scan_record(index)});
  }
  EXPECT_FALSE(writer.is_full());
  EXPECT_THROW(writer.close(true), std::system_error);
}

/// Writes to a pipe whose reader has gone.
class BrokenPipeSink final : public Sink {
 public:
  BrokenPipeSink() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe(ends.data()), 0);
    ::close(ends[0]);
    pipe_ = Descriptor(ends[1]);
  }
  void write(const RecordView&) override {
    if (::write(pipe_.get(), "x", 1) != 1) throw std::system_error(errno, std::generic_category());
  }
  std::string commit() override { return {}; }
  void rewind(std::string_view) override {}
  void close() override {}

 private:
  Descriptor pipe_;
};

TEST(RecordWriter, ABrokenPipeIsAFailureAndNoSignal) {
  const auto before = std::signal(SIGPIPE, SIG_DFL);
  RecordWriter writer(sinks(std::make_unique<BrokenPipeSink>()));
  writer.start();
  writer.take(0);
  writer.push({scan_record(0)});
  try {
    writer.close(true);
    ADD_FAILURE() << "no failure";
  } catch (const std::system_error& error) {
    EXPECT_EQ(error.code(), std::errc::broken_pipe);
  }
  std::signal(SIGPIPE, before);
}

TEST(RecordWriter, LeavesTheSignalsOfWhoStartsIt) {
  const auto is_blocked = [](int signal) {
    sigset_t blocked{};
    pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
    return sigismember(&blocked, signal) == 1;
  };
  Told told;
  RecordWriter writer(sinks(std::make_unique<FakeSink>(told)));
  ASSERT_FALSE(is_blocked(SIGINT));
  writer.start();
  EXPECT_FALSE(is_blocked(SIGINT));
  EXPECT_FALSE(is_blocked(SIGTERM));
  writer.close(true);
}

TEST(RecordWriter, LeavesSinksAloneThatItDoesNotStart) {
  Told told;
  {
    RecordWriter writer(sinks(std::make_unique<FakeSink>(told)));
    writer.close(true);
  }
  EXPECT_TRUE(told.rewound.empty());
  EXPECT_EQ(told.closed, 0);
}

// A sink that waits, as a slow disk does.
class SlowSink final : public Sink {
 public:
  explicit SlowSink(std::atomic<bool>& may_go) : may_go_(may_go) {}
  void write(const RecordView&) override { may_go_.wait(false); }
  std::string commit() override { return "0"; }
  void rewind(std::string_view) override {}
  void close() override {}

 private:
  std::atomic<bool>& may_go_;
};

TEST(RecordWriter, IsFullWhileRecordsWait) {
  std::atomic<bool> may_go = false;
  RecordWriter writer(sinks(std::make_unique<SlowSink>(may_go)), std::nullopt, {.capacity = 3});
  writer.start();
  for (std::uint64_t index = 0; index < 3; ++index) {
    EXPECT_FALSE(writer.is_full());
    writer.take(index);
    writer.push({scan_record(index)});
  }
  EXPECT_TRUE(writer.is_full());
  writer.take(3);
  writer.push(std::vector<Record>(4, scan_record(3)));  // of four addresses
  may_go = true;
  may_go.notify_all();
  writer.close(true);
  EXPECT_FALSE(writer.is_full());
}

/// A sink that writes a record for each permit, and fails from one of them on.
class PermittedSink final : public Sink {
 public:
  PermittedSink(std::counting_semaphore<>& permits, std::atomic<std::size_t>& num_written,
                std::size_t fails_at = SIZE_MAX)
      : permits_(permits), num_written_(num_written), fails_at_(fails_at) {}
  void write(const RecordView&) override {
    permits_.acquire();
    if (num_written_ == fails_at_) throw std::system_error(ENOSPC, std::generic_category(), "FILE");
    ++num_written_;
  }
  std::string commit() override { return "0"; }
  void rewind(std::string_view) override {}
  void close() override {}

 private:
  std::counting_semaphore<>& permits_;
  std::atomic<std::size_t>& num_written_;
  std::size_t fails_at_;
};

constexpr std::size_t kPlaces = 4;

/// A writer that is full, with a thread that waits for room.
class FullWriter {
 public:
  explicit FullWriter(std::size_t fails_at = SIZE_MAX)
      : writer_(sinks(std::make_unique<PermittedSink>(permits, num_written, fails_at)),
                std::nullopt, {.capacity = kPlaces, .on_failure = [this] { ++num_failures; }}) {
    writer_.start();
    for (std::uint64_t index = 0; index < kPlaces; ++index) {
      writer_.take(index);
      writer_.push({scan_record(index)});
    }
    waiter_ = std::thread([this] {
      has_room = writer_.wait_for_room();
      has_returned = true;
    });
  }
  FullWriter(const FullWriter&) = delete;
  FullWriter& operator=(const FullWriter&) = delete;
  ~FullWriter() { permits.release(kPlaces); }

  void permit_one() {
    const std::size_t before = num_written;
    permits.release();
    while (num_written == before) std::this_thread::yield();
  }
  void join() { waiter_.join(); }
  RecordWriter& writer() { return writer_; }

  std::counting_semaphore<> permits{0};
  std::atomic<std::size_t> num_written = 0, num_failures = 0;
  std::atomic<bool> has_room = false, has_returned = false;

 private:
  RecordWriter writer_;
  std::thread waiter_;
};

TEST(RecordWriter, WaitsForRoomUntilHalfOfItIsFree) {
  FullWriter full;
  full.permit_one();
  EXPECT_FALSE(full.has_returned);
  full.permit_one();
  full.join();
  EXPECT_TRUE(full.has_room);
  EXPECT_TRUE(full.writer().wait_for_room());  // not full again
}

TEST(RecordWriter, HasNoRoomAfterAFailureWhichItTellsOnce) {
  FullWriter full(0);
  full.permits.release();
  full.join();
  EXPECT_FALSE(full.has_room);
  EXPECT_FALSE(full.writer().wait_for_room());
  EXPECT_THROW(full.writer().close(false), std::system_error);
  EXPECT_EQ(full.num_failures, 1U);
}

TEST(RecordWriter, EndsTheWaitsForRoom) {
  FullWriter full;
  full.writer().end_waits();
  full.join();
  EXPECT_FALSE(full.has_room);
  EXPECT_FALSE(full.writer().wait_for_room());
  EXPECT_FALSE(full.writer().has_failed());
}

TEST(RecordWriter, KeepsACheckpointUntilAllIsDone) {
  const Scratch scratch;
  const std::string path = scratch / "state";
  Told told;
  {
    RecordWriter writer(sinks(std::make_unique<FakeSink>(told)),
                        CheckpointFile{path, {.command = {{"input", "x"}}}});
    writer.start();
    for (const std::uint64_t index : {0U, 1U, 2U, 3U}) writer.take(index);
    for (const std::uint64_t index : {0U, 1U, 3U}) writer.push({scan_record(index)});
    writer.close(false);
  }
  auto state = load_checkpoint(path);
  ASSERT_TRUE(state);
  EXPECT_EQ(state->command, (NamedTexts{{"input", "x"}}));
  EXPECT_EQ(state->outputs, (NamedTexts{{"sink0", "3"}}));
  EXPECT_EQ(state->finished.below(), 2U);
  EXPECT_EQ(state->finished.beyond(), (std::set<std::uint64_t>{3}));

  EXPECT_THROW(RecordWriter({}, CheckpointFile{path, *state}), std::invalid_argument);
  RecordWriter writer(sinks(std::make_unique<FakeSink>(told)), CheckpointFile{path, *state});
  EXPECT_EQ(told.rewound.back(), "");
  writer.start();
  EXPECT_EQ(told.rewound.back(), "3");
  writer.take(2);
  writer.push({scan_record(2)});
  writer.close(true);
  EXPECT_FALSE(load_checkpoint(path));
}

TEST(RecordWriter, WhatWasFinishedBeforeStaysFinished) {
  const Scratch scratch;
  const std::string path = scratch / "state";
  Told told;
  RecordWriter writer(sinks(std::make_unique<FakeSink>(told)),
                      CheckpointFile{path, {.finished = FinishedTargets(2, {3})}});
  writer.start();
  writer.take(2);
  writer.push({scan_record(2)});
  writer.close(false);
  const FinishedTargets finished = load_checkpoint(path)->finished;
  EXPECT_EQ(finished.below(), 3U);
  EXPECT_TRUE(finished.contains(3));
}

TEST(RecordWriter, CommitsNothingWhereThereIsNothingNew) {
  const Scratch scratch;
  const std::string path = scratch / "state";
  Told told;
  {
    RecordWriter writer(sinks(std::make_unique<FakeSink>(told)), CheckpointFile{path, {}});
    writer.start();
    writer.close(false);
  }
  EXPECT_EQ(told.num_commits, 0);
  EXPECT_FALSE(std::filesystem::exists(path));  // as if the scan had not begun

  RecordWriter writer(sinks(std::make_unique<FakeSink>(told)), CheckpointFile{path, {}},
                      {.commit_interval = std::chrono::milliseconds(1)});
  writer.start();
  writer.take(0);
  writer.push({scan_record(0)});
  while (!std::filesystem::exists(path)) std::this_thread::yield();
  writer.close(false);
  EXPECT_EQ(told.num_commits, 1);
}

TEST(RecordWriter, CommitsByTimeWhileNothingElseHappens) {
  const Scratch scratch;
  const std::string path = scratch / "state";
  Told told;
  RecordWriter writer(sinks(std::make_unique<FakeSink>(told)), CheckpointFile{path, {}},
                      {.commit_interval = std::chrono::milliseconds(1)});
  writer.start();
  writer.take(0);
  writer.push({scan_record(0)});
  while (!std::filesystem::exists(path)) std::this_thread::yield();
  EXPECT_EQ(load_checkpoint(path)->finished.below(), 1U);
  writer.close(false);
}

}  // namespace
}  // namespace peercert::scan
