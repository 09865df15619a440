// SPDX-License-Identifier: Apache-2.0
#include "scan/checkpoint.hpp"

#include <stdexcept>
#include <string>
#include <system_error>

#include <gtest/gtest.h>

#include "support/scratch.hpp"

namespace peercert::scan {
namespace {

Checkpoint example() {
  return {{{"--verify", "required"}, {"input", "a\nb\t%\xff"}},
          FinishedTargets(12, {14, 20}),
          {{"out.jsonl", "4096"}, {"out.db", "7 3"}}};
}

std::string refusal_of(std::string_view text) {
  try {
    parse_checkpoint(text, "STATE");
    return "accepted";
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
}

TEST(FinishedTargets, AreAllBelowTheFirstInFlightAndSomeBeyond) {
  FinishedTargets finished;
  for (const std::uint64_t index : {0U, 1U, 2U, 3U}) finished.take(index);
  finished.finish(2);
  finished.finish(1);
  EXPECT_EQ(finished.below(), 0U);
  EXPECT_EQ(finished.beyond(), (std::set<std::uint64_t>{1, 2}));
  EXPECT_TRUE(finished.contains(2));
  EXPECT_FALSE(finished.contains(0));
  finished.finish(0);
  EXPECT_EQ(finished.below(), 3U);
  EXPECT_TRUE(finished.beyond().empty());
  finished.finish(3);
  EXPECT_EQ(finished.below(), 4U);
  EXPECT_FALSE(finished.contains(4));
}

TEST(FinishedTargets, OfAShardDoNotGrow) {
  FinishedTargets finished;
  for (std::uint64_t index = 7; index < 100'000; index += 100) {
    finished.take(index);
    finished.finish(index);
  }
  EXPECT_TRUE(finished.beyond().empty());
  EXPECT_EQ(finished.below(), 99'908U);
}

TEST(FinishedTargets, GoOnWhereAnEarlierRunWas) {
  FinishedTargets finished(10, {12, 15});
  EXPECT_TRUE(finished.contains(9));
  EXPECT_TRUE(finished.contains(12));
  EXPECT_FALSE(finished.contains(11));
  finished.take(10);
  finished.take(11);
  finished.finish(11);
  EXPECT_EQ(finished.below(), 10U);
  finished.finish(10);
  EXPECT_EQ(finished.below(), 12U);
  EXPECT_TRUE(finished.contains(12));
  finished.take(13);
  finished.finish(13);
  EXPECT_EQ(finished.below(), 14U);
  EXPECT_TRUE(finished.contains(15));
  EXPECT_FALSE(finished.contains(14));
}

TEST(Checkpoint, IsReadAsItWasWritten) {
  const Checkpoint before = example();
  const Checkpoint after = parse_checkpoint(to_text(before), "STATE");
  EXPECT_EQ(after.command, before.command);
  EXPECT_EQ(after.outputs, before.outputs);
  EXPECT_EQ(after.finished.below(), 12U);
  EXPECT_EQ(after.finished.beyond(), before.finished.beyond());
}

TEST(Checkpoint, AnythingElseIsRefused) {
  const std::string text = to_text(example());
  const std::string expected = "STATE: not the state of a scan, or of another version";
  for (std::size_t len = 0; len < text.size(); ++len) {
    EXPECT_NE(refusal_of(text.substr(0, len)), "accepted") << len;
  }
  EXPECT_EQ(refusal_of(""), expected);
  EXPECT_EQ(refusal_of("peercert.checkpoint/2\nend\n"), expected);
  EXPECT_EQ(refusal_of("peercert.checkpoint/1\nfoo\t1\nend\n"), expected);
  EXPECT_EQ(refusal_of("peercert.checkpoint/1\ncommand\t%4\nend\n"), expected);
  EXPECT_EQ(refusal_of("peercert.checkpoint/1\ncommand\t%xy\nend\n"), expected);
  EXPECT_EQ(refusal_of("peercert.checkpoint/1\nfinished\t-1\nend\n"),
            "STATE: not what a scan has left");
}

TEST(Checkpoint, ReplacesTheFileOrLeavesItAlone) {
  const Scratch scratch;
  const std::string path = scratch / "state";
  EXPECT_FALSE(load_checkpoint(path));
  save_checkpoint(path, example());
  Checkpoint next = example();
  next.outputs[0].second = "8192";
  save_checkpoint(path, next);
  EXPECT_EQ(load_checkpoint(path)->outputs[0].second, "8192");
  EXPECT_FALSE(std::filesystem::exists(path + ".new"));

  std::filesystem::create_directory(path + ".new");  // in the way of the next one
  EXPECT_THROW(save_checkpoint(path, example()), std::system_error);
  EXPECT_EQ(load_checkpoint(path)->outputs[0].second, "8192");
  EXPECT_THROW(save_checkpoint("/nowhere/state", example()), std::system_error);

  remove_checkpoint(path);
  EXPECT_FALSE(load_checkpoint(path));
  remove_checkpoint(path);
  EXPECT_THROW(remove_checkpoint("/proc/version/state"), std::system_error);
  EXPECT_THROW(load_checkpoint("/proc/version/state"), std::system_error);
  try {
    load_checkpoint(scratch / ".");
    ADD_FAILURE() << "a folder is no state";
  } catch (const std::system_error& error) {
    EXPECT_EQ(error.what(), (scratch / ".").string() + ": Is a directory");
  }
}

TEST(Checkpoint, SaysWhatDiffers) {
  const NamedTexts command = {{"input", "hosts"}, {"--port", "443"}};
  EXPECT_EQ(difference(command, command), "");
  EXPECT_EQ(difference(command, {{"input", "hosts"}, {"--port", "25"}}),
            R"(--port was "443" and is "25")");
  EXPECT_EQ(difference(command, {{"input", "hosts"}}), R"(--port was "443" and is absent)");
  EXPECT_EQ(difference({{"input", "hosts"}}, command), R"(--port was absent and is "443")");
  EXPECT_EQ(difference(command, {command[1], command[0]}), "the options are in another order");
}

}  // namespace
}  // namespace peercert::scan
