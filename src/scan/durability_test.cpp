// SPDX-License-Identifier: Apache-2.0
// What goes to the disk, and in which order: after a failure of the power a state must not speak of
// records that are not in the outputs.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <mutex>
#include <string>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <peercert/scan/outputs.hpp>

#include "scan/writer.hpp"
#include "support/scan_records.hpp"
#include "support/scratch.hpp"

namespace peercert::scan {
namespace {

/// The calls of the functions below while one of it lives.
class DiskLog {
 public:
  DiskLog() { set(this); }
  ~DiskLog() { set(nullptr); }
  DiskLog(const DiskLog&) = delete;
  DiskLog& operator=(const DiskLog&) = delete;

  static void add(const std::string& call, const std::filesystem::path& file) {
    const std::lock_guard lock(mutex_);
    if (current_ != nullptr) current_->calls_.push_back(call + " " + file.filename().string());
  }
  static void add(const std::string& call, int fd) {
    std::error_code unknown;
    add(call, std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(fd), unknown));
  }
  std::vector<std::string> calls() const {
    const std::lock_guard lock(mutex_);
    return calls_;
  }

 private:
  static void set(DiskLog* log) {
    const std::lock_guard lock(mutex_);
    current_ = log;
  }

  inline static std::mutex mutex_{};
  inline static DiskLog* current_ = nullptr;
  std::vector<std::string> calls_{};
};

}  // namespace
}  // namespace peercert::scan

// In front of the C library's, for the whole program.
extern "C" {
int fsync(int fd) {
  peercert::scan::DiskLog::add("sync", fd);
  return static_cast<int>(::syscall(SYS_fsync, fd));
}
int fdatasync(int fd) {
  peercert::scan::DiskLog::add("sync", fd);
  return static_cast<int>(::syscall(SYS_fdatasync, fd));
}
int rename(const char* from, const char* to) noexcept {
  peercert::scan::DiskLog::add("rename", to);
  return static_cast<int>(::syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0));
}
}

namespace peercert::scan {
namespace {

using Calls = std::vector<std::string>;

TEST(Durability, OutputsAreOnTheDiskBeforeTheStateThatSpeaksOfThem) {
  const Scratch scratch;
  const std::string folder = "sync " + (scratch / "x").parent_path().filename().string();
  std::vector<NamedSink> sinks;
  for (const char* const name : {"a.jsonl", "b.csv.zst", "c.db"}) {
    sinks.push_back({name, open_sink(scratch / name)});
  }
  sinks.push_back({"d.pem", open_certificate_store(scratch / "d.pem")});
  RecordWriter writer(std::move(sinks), CheckpointFile{scratch / "state", {}},
                      {.commit_interval = std::chrono::hours(1)});
  writer.start();
  writer.take(0);
  writer.push({test::verified_record(0)});
  const DiskLog log;
  writer.close(false);
  Calls calls = log.calls();
  const auto renamed = std::ranges::find(calls, "rename state");
  ASSERT_NE(renamed, calls.end());
  Calls before(calls.begin(), renamed);
  EXPECT_GT(std::erase(before, folder), 0U);  // for the names of the files
  EXPECT_EQ(before, (Calls{"sync a.jsonl", "sync b.csv.zst", "sync c.db-wal", "sync d.pem",
                           "sync state.new"}));
  EXPECT_EQ(*(renamed + 1), folder);
}

TEST(Durability, IsPaidForOncePerCommit) {
  const Scratch scratch;
  const auto sink = open_sink(scratch / "a.jsonl");
  sink->rewind({});
  const DiskLog log;
  for (std::uint64_t index = 0; index < 1000; ++index) sink->write(test::verified_record(index));
  EXPECT_EQ(log.calls(), Calls{});
  sink->commit();
  EXPECT_EQ(std::ranges::count(log.calls(), "sync a.jsonl"), 1);
  const Calls once = log.calls();
  sink->commit();
  sink->close();
  EXPECT_EQ(log.calls(), once);
}

}  // namespace
}  // namespace peercert::scan
