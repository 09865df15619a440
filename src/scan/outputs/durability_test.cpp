// SPDX-License-Identifier: Apache-2.0
// What goes to the disk, and in which order: after a failure of the power a state must not speak of
// records that are not in the outputs.
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <peercert/scan/outputs.hpp>

#include "scan/job/checkpoint.hpp"
#include "scan/job/writer.hpp"
#include "support/disk_calls.hpp"
#include "support/scan_records.hpp"
#include "support/scratch.hpp"

using peercert::test::DiskCalls;

// In front of the C library's, for the whole program.
extern "C" {
int fsync(int fd) {
  if (!DiskCalls::may_call("sync", fd)) return -1;
  return static_cast<int>(::syscall(SYS_fsync, fd));
}
int fdatasync(int fd) {
  if (!DiskCalls::may_call("sync", fd)) return -1;
  return static_cast<int>(::syscall(SYS_fdatasync, fd));
}
int rename(const char* from, const char* to) noexcept {
  if (!DiskCalls::may_call("rename", to)) return -1;
  return static_cast<int>(::syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0));
}
// A descriptor is closed whatever close() says.
int close(int fd) {
  const bool succeeds = DiskCalls::may_call("close", fd);
  const int error = errno;
  const auto result = static_cast<int>(::syscall(SYS_close, fd));
  if (succeeds) return result;
  errno = error;
  return -1;
}
int flock(int fd, int operation) noexcept {
  if (!DiskCalls::may_call("lock", fd)) return -1;
  return static_cast<int>(::syscall(SYS_flock, fd, operation));
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
  const DiskCalls log;
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
  const DiskCalls log;
  for (std::uint64_t index = 0; index < 1000; ++index)
    test::write(*sink, test::verified_record(index));
  EXPECT_EQ(log.calls(), Calls{});
  sink->commit();
  EXPECT_EQ(std::ranges::count(log.calls(), "sync a.jsonl"), 1);
  const Calls once = log.calls();
  sink->commit();
  sink->close();
  EXPECT_EQ(log.calls(), once);
}

TEST(Durability, TheEndOfAStateIsOnTheDisk) {
  const Scratch scratch;
  const std::string path = scratch / "state";
  save_checkpoint(path, {});
  const DiskCalls log;
  remove_checkpoint(path);
  EXPECT_EQ(log.calls(), Calls{"sync " + (scratch / "x").parent_path().filename().string()});
}

// Each call of save_checkpoint() and remove_checkpoint() that can fail makes them fail.
TEST(Durability, NoFailureIsPassedOver) {
  const Scratch scratch;
  const std::string path = scratch / "state";
  const std::string folder = (scratch / "x").parent_path().filename().string();
  const auto failure_of = [](const std::string& failing, const auto& call) -> std::string {
    const DiskCalls calls([&](const std::string& seen) { return seen == failing ? EIO : 0; });
    try {
      call();
      return "done";
    } catch (const std::system_error& error) {
      return error.what();
    }
  };
  const std::string failed = ": Input/output error";
  const auto save = [&] { save_checkpoint(path, {}); };
  EXPECT_EQ(failure_of("sync state.new", save), path + ".new" + failed);
  EXPECT_EQ(failure_of("close state.new", save), path + ".new" + failed);
  EXPECT_EQ(failure_of("rename state", save), path + failed);
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_EQ(failure_of("sync " + folder, save), path + failed);
  EXPECT_EQ(failure_of("sync " + folder, [&] { remove_checkpoint(path); }), path + failed);

  const auto write = [&] {
    const auto sink = open_sink(scratch / "a.jsonl");
    sink->rewind({});
    test::write(*sink, test::verified_record(0));
    sink->close();
  };
  EXPECT_EQ(failure_of("sync a.jsonl", write), (scratch / "a.jsonl").string() + failed);
  EXPECT_EQ(failure_of("close a.jsonl", write), (scratch / "a.jsonl").string() + failed);
  EXPECT_EQ(failure_of("sync " + folder, write), (scratch / "a.jsonl").string() + failed);
}

// NFS, FUSE and others have no fsync() of a folder.
TEST(Durability, AFolderThatCannotBeSyncedIsNoFailure) {
  const Scratch scratch;
  const std::string folder = (scratch / "x").parent_path().filename().string();
  for (const int cannot : {EINVAL, EOPNOTSUPP}) {
    const DiskCalls calls(
        [&](const std::string& seen) { return seen == "sync " + folder ? cannot : 0; });
    EXPECT_NO_THROW(save_checkpoint(scratch / "state", {}));
  }
}

}  // namespace
}  // namespace peercert::scan
