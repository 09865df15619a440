// SPDX-License-Identifier: Apache-2.0
#include "scan/file_lock.hpp"

#include <csignal>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <peercert/scan/outputs.hpp>

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
  EXPECT_EQ(lock_of("/nowhere/state"), "/nowhere/state: No such file or directory");
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
