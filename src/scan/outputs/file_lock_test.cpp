// SPDX-License-Identifier: Apache-2.0
#include "scan/outputs/file_lock.hpp"

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <peercert/scan/outputs.hpp>

#include "support/disk_calls.hpp"
#include "support/scratch.hpp"

namespace peercert::scan {
namespace {

const std::string kAdvice = ": another scan writes to it: wait for its end, or name another file";

std::string lock_of(const std::string& name) {
  try {
    const LockFile lock(name);
    return "accepted";
  } catch (const std::exception& error) {
    return error.what();
  }
}

TEST(LockFile, KeepsOthersAwayAndLeavesNothing) {
  const Scratch scratch;
  const std::string path = scratch / "state";
  {
    const LockFile lock(path);
    EXPECT_EQ(lock_of(path), path + kAdvice);
    const std::string same = scratch / "./state";
    EXPECT_EQ(lock_of(same), same + kAdvice);
  }
  EXPECT_EQ(lock_of(path), "accepted");
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_FALSE(std::filesystem::exists(path + ".lock"));
  EXPECT_EQ(lock_of("/nowhere/state"), "/nowhere/state.lock: No such file or directory");
}

TEST(LockFile, IsNobodysAfterAKill) {
  const Scratch scratch;
  const std::string path = scratch / "state";
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const LockFile lock(path);
    static_cast<void>(::write(ends[1], "x", 1));
    ::pause();
  }
  ::close(ends[1]);
  char octet = 0;
  ASSERT_EQ(::read(ends[0], &octet, 1), 1);
  EXPECT_EQ(lock_of(path), path + kAdvice);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_TRUE(std::filesystem::exists(path + ".lock"));
  EXPECT_EQ(lock_of(path), "accepted");
  ::close(ends[0]);
}

TEST(LockFile, DoesNotRemoveWhatSomebodyElseHasWritten) {
  const Scratch scratch;
  scratch.write("Cargo.lock", "version = 3\n");
  EXPECT_EQ(lock_of(scratch / "Cargo"), "accepted");
  EXPECT_EQ(scratch.read("Cargo.lock"), "version = 3\n");
}

// Two that hold one lock would need: the first opens the file, the owner removes it and ends, the
// second makes and locks a new one, and the first locks what it has opened.
TEST(LockFile, IsNotTheOneThatWasRemovedMeanwhile) {
  const Scratch scratch;
  const std::string path = scratch / "state";
  std::optional<LockFile> owner, second;
  owner.emplace(path);
  bool is_first_call = true;
  const test::DiskCalls calls([&](const std::string& call) {
    if (call != "lock state.lock" || !std::exchange(is_first_call, false)) return 0;
    owner.reset();
    second.emplace(path);
    return 0;
  });
  EXPECT_EQ(lock_of(path), path + kAdvice);
  EXPECT_FALSE(is_first_call);
  second.reset();
  EXPECT_EQ(lock_of(path), "accepted");
}

TEST(LockFile, GivesUpWhereItIsReplacedAgainAndAgain) {
  const Scratch scratch;
  const std::string path = scratch / "state";
  int num_replaced = 0;
  const test::DiskCalls calls([&](const std::string& call) {
    constexpr int kManyTimes = 10'000;  // after so many the lock would be had
    if (call == "lock state.lock" && num_replaced++ < kManyTimes) {
      std::filesystem::remove(path + ".lock");
    }
    return 0;
  });
  EXPECT_EQ(lock_of(path), path +
                               ".lock: others remove or replace it again and again: name another "
                               "file, in a folder of your own");
  EXPECT_LE(num_replaced, kMaxLockAttempts);
}

TEST(LockFile, LeavesAloneWhatHasItsNameAtTheEnd) {
  const Scratch scratch;
  {
    const LockFile lock(scratch / "state");
    std::filesystem::remove(scratch / "state.lock");
    scratch.write("state.lock", "");
  }
  EXPECT_TRUE(std::filesystem::exists(scratch / "state.lock"));
}

TEST(LockFile, FollowsNoLink) {
  const Scratch scratch;
  scratch.write("victim", "");
  std::filesystem::create_symlink("victim", scratch / "state.lock");
  std::filesystem::create_symlink("absent", scratch / "other.lock");
  const std::string advice =
      ": a symbolic link, which is not followed here: name the file that it leads to";
  for (const char* const name : {"state", "other"}) {
    const std::string path = scratch / name;
    EXPECT_EQ(lock_of(path), path + ".lock" + advice);
  }
  EXPECT_FALSE(std::filesystem::exists(scratch / "absent"));
  // The file's own name may be a link, to anywhere: the lock stands beside the link.
  std::filesystem::create_symlink("/nowhere/x", scratch / "link");
  EXPECT_EQ(lock_of(scratch / "link"), "accepted");
}

TEST(LockFile, WithoutLocksOfTheFilesystemKeepsNobodyAway) {
  const Scratch scratch;
  const std::string path = scratch / "state";
  for (const int none : {ENOLCK, EOPNOTSUPP, ENOSYS}) {
    const test::DiskCalls calls([&](const std::string&) { return none; });
    EXPECT_EQ(lock_of(path), "accepted") << none;
  }
  const test::DiskCalls calls([](const std::string&) { return EIO; });
  EXPECT_EQ(lock_of(path), path + ": Input/output error");
}

TEST(LockFile, HoldsForEveryKindOfOutput) {
  const Scratch scratch;
  for (const char* const name : {"a.jsonl", "a.csv.zst", "a.db"}) {
    const std::string path = scratch / name;
    std::optional sink = open_sink(path);
    EXPECT_THROW(open_sink(path), std::invalid_argument) << name;
    sink.reset();
    EXPECT_NO_THROW(open_sink(path)) << name;
  }
  EXPECT_NO_THROW((open_sink("/dev/null", {.format = OutputFormat::csv}),
                   open_sink("/dev/null", {.format = OutputFormat::csv})));
}

}  // namespace
}  // namespace peercert::scan
