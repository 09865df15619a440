// SPDX-License-Identifier: Apache-2.0
#include "scan/job/checkpoint.hpp"

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <peercert/crypto/fingerprint.hpp>

#include "render/json_object.hpp"
#include "scan/job/content_digest.hpp"
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

const std::string kRefused =
    "STATE: not the state of a scan, or of another version; remove it to begin anew";

// The text with the digest that belongs to it: who tampers with a state can make that, too.
std::string sealed(std::string text) {
  const auto digest =
      crypto::sha256({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  Output hex;
  render::append_hex(hex, digest);
  return text.append("sha256\t").append(hex.view()).append("\n");
}

TEST(Checkpoint, IsLinesWithADigest) {
  EXPECT_EQ(to_text(example()), sealed("peercert.checkpoint/2\n"
                                       "command\t--verify\trequired\n"
                                       "command\tinput\ta%0ab%09%25\xff\n"
                                       "finished-below\t12\n"
                                       "finished\t14\n"
                                       "finished\t20\n"
                                       "output\tout.jsonl\t4096\n"
                                       "output\tout.db\t7 3\n"));
}

TEST(Checkpoint, ThatWasCutOffOrDamagedIsRefused) {
  const std::string text = to_text(example());
  for (std::size_t len = 0; len < text.size(); ++len) {
    EXPECT_EQ(refusal_of(text.substr(0, len)), kRefused) << len;
  }
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = text;
      damaged[at] = static_cast<char>(damaged[at] ^ 1 << bit);
      EXPECT_EQ(refusal_of(damaged), kRefused) << at;
    }
  }
  EXPECT_EQ(refusal_of(text + "\n"), kRefused);
  EXPECT_EQ(refusal_of(text + text), kRefused);
  EXPECT_EQ(refusal_of("peercert.checkpoint/1\nfinished-below\t0\nend\n"), kRefused);
}

TEST(Checkpoint, ThatWasTamperedWithIsRefused) {
  const std::string begin = "peercert.checkpoint/2\n", out = "output\ta.jsonl\t9\n";
  EXPECT_EQ(refusal_of(sealed(begin + "finished-below\t5\nfinished\t5\n" + out)), "accepted");
  for (const std::string& lines :
       {// numbers
        "finished-below\t\n" + out, "finished-below\t-1\n" + out, "finished-below\t+1\n" + out,
        "finished-below\t01\n" + out, "finished-below\t1 \n" + out, "finished-below\t0x1\n" + out,
        "finished-below\t18446744073709551616\n" + out,
        "finished-below\t5\nfinished\t99999999999999999999\n" + out,
        // what cannot be: finished twice, in another order, without anything written
        "finished-below\t5\nfinished\t4\n" + out,
        "finished-below\t5\nfinished\t7\nfinished\t7\n" + out,
        "finished-below\t5\nfinished\t8\nfinished\t7\n" + out,
        "finished\t7\nfinished-below\t5\n" + out, "finished-below\t5\nfinished-below\t6\n" + out,
        "finished-below\t5\n" + out + "finished\t7\n", out + "finished-below\t5\n", out,
        std::string("finished-below\t5\n"), std::string("finished-below\t0\nfinished\t3\n"),
        std::string("finished-below\t5\noutput\ta.jsonl\t\n"),
        std::string("finished-below\t5\noutput\ta.jsonl\n"),
        // texts
        "command\t%4\t\nfinished-below\t0\n" + out, "command\t%xy\t\nfinished-below\t0\n" + out,
        "command\t%0A\t\nfinished-below\t0\n" + out, "command\t%41\t\nfinished-below\t0\n" + out,
        "command\ta\tb\tc\nfinished-below\t0\n" + out, "command\nfinished-below\t0\n" + out,
        std::string("command\ta\0\tb\nfinished-below\t0\n", 31) + out,
        // lines
        "finished-below\t5\n" + out + "\n", "finished-below\t5\n" + out + "foo\t1\n",
        "finished-below\t5\r\n" + out, "finished-below\t5\n" + out + "end\n"}) {
    EXPECT_EQ(refusal_of(sealed(begin + lines)), kRefused) << lines;
  }
  EXPECT_EQ(refusal_of(sealed("peercert.checkpoint/3\nfinished-below\t5\n" + out)), kRefused);
  EXPECT_EQ(refusal_of(sealed("")), kRefused);
}

// An escaped NUL is a part of the text that it stands in: no name ends there.
TEST(Checkpoint, KeepsEveryOctet) {
  std::string all;
  for (int octet = 0; octet < 256; ++octet) all += static_cast<char>(octet);
  const Checkpoint before{{{all, all}}, FinishedTargets(1, {}), {{all, all}}};
  const Checkpoint after = parse_checkpoint(to_text(before), "STATE");
  EXPECT_EQ(after.command, before.command);
  EXPECT_EQ(after.outputs, before.outputs);
}

TEST(Checkpoint, OfNumbersThatNoInputHasIsHarmless) {
  constexpr std::uint64_t kMost = UINT64_MAX;
  const Checkpoint huge{{}, FinishedTargets(kMost, {kMost}), {{"a", "1"}}};
  const Checkpoint read = parse_checkpoint(to_text(huge), "STATE");
  EXPECT_TRUE(read.finished.contains(kMost - 1));
  EXPECT_TRUE(read.finished.contains(kMost));
}

TEST(Checkpoint, NoLinkRedirectsAState) {
  namespace fs = std::filesystem;
  const Scratch scratch;
  const std::string path = scratch / "state";
  scratch.write("victim", "before");
  fs::create_symlink("victim", path);
  fs::create_symlink("victim", path + ".new");
  EXPECT_THROW(load_checkpoint(path), std::invalid_argument);
  save_checkpoint(path, example());
  EXPECT_EQ(scratch.read("victim"), "before");
  EXPECT_TRUE(fs::is_regular_file(fs::symlink_status(path)));
  EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(load_checkpoint(path)->outputs, example().outputs);

  fs::remove(path);
  fs::create_symlink("victim", path);
  remove_checkpoint(path);  // the link itself
  EXPECT_EQ(scratch.read("victim"), "before");
  EXPECT_FALSE(fs::exists(fs::symlink_status(path)));
  fs::create_directory(path);
  EXPECT_THROW(remove_checkpoint(path), std::system_error);
}

TEST(Checkpoint, IsReadFromARegularFileOfABoundedLength) {
  const Scratch scratch;
  const std::string path = scratch / "state";
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  EXPECT_THROW(load_checkpoint(path), std::invalid_argument);  // and is not waited for
  std::filesystem::remove(path);
  scratch.write("state", "");
  std::filesystem::resize_file(path, kMaxCheckpointLen + 1);
  try {
    load_checkpoint(path);
    ADD_FAILURE() << "too long";
  } catch (const std::invalid_argument& error) {
    EXPECT_EQ(error.what(), path + ": too long for a state");
  }
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
  const NamedTexts before = {{"--deny", content_digest("a")}},
                   after = {{"--deny", content_digest("b")}};
  EXPECT_EQ(difference(before, before), "");
  EXPECT_EQ(difference(before, after), "--deny has other contents");
  EXPECT_EQ(difference(before, {}), "--deny was \"" + before[0].second + "\" and is absent");
}

}  // namespace
}  // namespace peercert::scan
