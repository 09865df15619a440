// SPDX-License-Identifier: Apache-2.0
#include "scan/outputs/file_output.hpp"

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <zstd.h>

#include <peercert/scan/outputs.hpp>

#include "support/disk_calls.hpp"
#include "support/file_size_limit.hpp"
#include "support/scratch.hpp"

namespace peercert::scan {
namespace {

std::string message(const auto& call) {
  try {
    call();
    return "done";
  } catch (const std::exception& error) {
    return error.what();
  }
}

// All frames of a file, which has to be whole.
std::string decompress(const std::string& octets) {
  std::string text(1 << 20, '\0');
  const std::size_t len = ZSTD_decompress(text.data(), text.size(), octets.data(), octets.size());
  return ZSTD_isError(len) != 0 ? ZSTD_getErrorName(len) : text.substr(0, len);
}

TEST(FileOutput, IsSetBackToACommit) {
  const Scratch scratch;
  const std::string path = scratch.write("out", "what was there before, and is longer");
  std::string committed;
  {
    FileOutput file(path);
    file.rewind({});
    EXPECT_TRUE(file.is_empty());
    file.buffer().append("one\n");
    EXPECT_FALSE(file.is_empty());
    committed = file.commit();
    file.buffer().append("lost\n");
    file.commit();
  }
  EXPECT_EQ(scratch.read("out"), "one\nlost\n");
  FileOutput file(path);
  file.rewind(committed);
  EXPECT_FALSE(file.is_empty());
  file.buffer().append("two\n");
  file.close();
  EXPECT_EQ(scratch.read("out"), "one\ntwo\n");
}

TEST(FileOutput, OfZstandardIsWholeAtEachCommit) {
  const Scratch scratch;
  const std::string path = scratch / "out.zst";
  std::string committed;
  {
    FileOutput file(path);
    file.rewind({});
    file.buffer().append("one\n");
    committed = file.commit();
    EXPECT_EQ(file.commit(), committed);
    EXPECT_EQ(decompress(scratch.read("out.zst")), "one\n");
    file.buffer().append(std::string(600'000, 'x'));
    file.write_if_large();  // a frame that is not whole
  }
  FileOutput file(path);
  file.rewind(committed);
  file.buffer().append("two\n");
  file.close();
  EXPECT_EQ(decompress(scratch.read("out.zst")), "one\ntwo\n");
}

TEST(FileOutput, OfZstandardWithNothingInItIsWhole) {
  const Scratch scratch;
  FileOutput file(scratch / "out.zst");
  file.rewind({});
  file.close();
  EXPECT_GT(scratch.read("out.zst").size(), 0U);
  EXPECT_EQ(decompress(scratch.read("out.zst")), "");
}

TEST(FileOutput, AFullDiskIsAnErrorThatNamesTheFile) {
  FileOutput file("/dev/full");
  file.rewind({});
  file.buffer().append("one\n");
  EXPECT_EQ(message([&] { file.commit(); }), "/dev/full: No space left on device");
}

TEST(FileOutput, AClosedPipeIsAnErrorThatNamesTheFile) {
  auto* const before = ::signal(SIGPIPE, SIG_IGN);
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const std::string path = "/dev/fd/" + std::to_string(ends[1]);
  FileOutput file(path);
  file.rewind({});
  file.buffer().append("one\n");
  EXPECT_EQ(file.commit(), "4");
  ::close(ends[0]);
  file.buffer().append("two\n");
  EXPECT_EQ(message([&] { file.commit(); }), path + ": Broken pipe");
  ::close(ends[1]);
  ::signal(SIGPIPE, before);
}

TEST(FileOutput, WhatCannotBeSetBackIsRefused) {
  const Scratch scratch;
  const std::string path = scratch.write("out", "for\n");
  FileOutput file(path);
  EXPECT_EQ(message([&] { file.rewind("5"); }),
            path + ": shorter than the scan that is to be resumed has left it");
  EXPECT_EQ(message([&] { file.rewind("4 "); }), path + ": not what a scan has left");
  EXPECT_EQ(message([&] { file.rewind("-1"); }), path + ": not what a scan has left");
  FileOutput device("/dev/null");
  EXPECT_EQ(message([&] { device.rewind("4"); }),
            "/dev/null: no file, so that a scan cannot be resumed there");
  EXPECT_THROW(FileOutput("/nowhere/out"), std::system_error);
}

TEST(FileOutput, IsNotCutWithinALineOrAFrame) {
  const Scratch scratch;
  const std::string path = scratch.write("out", "one\ntwo\n");
  FileOutput file(path);
  for (const char* const place : {"1", "3", "5", "7"}) {
    EXPECT_EQ(message([&] { file.rewind(place); }), path + ": not what a scan has left") << place;
  }
  EXPECT_EQ(scratch.read("out"), "one\ntwo\n");
  EXPECT_EQ(message([&] { file.rewind("4"); }), "done");
  EXPECT_EQ(scratch.read("out"), "one\n");

  const std::string compressed = scratch / "out.zst";
  std::uint64_t first = 0, second = 0;
  {
    FileOutput frames(compressed);
    frames.rewind({});
    frames.buffer().append("one\n");
    first = std::stoull(frames.commit());
    frames.buffer().append("two\n");
    second = std::stoull(frames.commit());
  }
  FileOutput frames(compressed);
  for (std::uint64_t place = 1; place < second; ++place) {
    if (place == first) continue;
    EXPECT_NE(message([&] { frames.rewind(std::to_string(place)); }), "done") << place;
  }
  EXPECT_EQ(message([&] { frames.rewind(std::to_string(second)); }), "done");
  EXPECT_EQ(message([&] { frames.rewind(std::to_string(first)); }), "done");
  frames.close();
  EXPECT_EQ(decompress(scratch.read("out.zst")), "one\n");
}

// As a full disk: what still goes into the file is cut off again, and nothing follows, also where
// there is room again.
TEST(FileOutput, EndsWithAWholeLineAfterAWriteThatFailed) {
  const Scratch scratch;
  for (const std::string name : {"out", "out.zst"}) {
    const std::string path = scratch / name;
    FileOutput file(path);
    file.rewind({});
    file.buffer().append("one\n");
    const std::uint64_t committed = std::stoull(file.commit());
    {
      const test::FileSizeLimit limit(committed + 6);
      for (int i = 0; i < 10; ++i) file.buffer().append("another line\n");
      EXPECT_EQ(message([&] { file.commit(); }), path + ": File too large");
    }
    EXPECT_EQ(std::filesystem::file_size(path), committed);
    file.buffer().append("a later line\n");
    EXPECT_NE(message([&] { file.commit(); }), "done");
    EXPECT_NE(message([&] { file.close(); }), "done");
  }
  EXPECT_EQ(scratch.read("out"), "one\n");
  EXPECT_EQ(decompress(scratch.read("out.zst")), "one\n");
}

// A file that may not be on the disk has no commit there.
TEST(FileOutput, EndsAtItsLastCommitAfterASyncThatFailed) {
  const Scratch scratch;
  const std::string path = scratch / "out";
  const std::string folder = (scratch / "x").parent_path().filename().string();
  for (const std::string& failing : {std::string("sync out"), "sync " + folder}) {
    FileOutput file(path);
    file.rewind({});
    file.buffer().append("one\n");
    const test::DiskCalls calls([&](const std::string& seen) { return seen == failing ? EIO : 0; });
    EXPECT_EQ(message([&] { file.commit(); }), path + ": Input/output error");
    EXPECT_EQ(scratch.read("out"), "") << failing;
    EXPECT_NE(message([&] { file.close(); }), "done");
  }
}

TEST(FileOutput, FollowsLinksOfItsUser) {
  const Scratch scratch;
  scratch.write("real", "before\n");
  std::filesystem::create_symlink("real", scratch / "first");
  std::filesystem::create_symlink("first", scratch / "out");
  {
    FileOutput file(scratch / "out");
    EXPECT_EQ(message([&] { FileOutput(scratch / "real"); }),
              (scratch / "real").string() +
                  ": another scan writes to it: wait for its end, or name another file");
    file.rewind({});
    file.buffer().append("one\n");
    file.close();
  }
  EXPECT_EQ(scratch.read("real"), "one\n");
  EXPECT_TRUE(std::filesystem::is_symlink(scratch / "out"));
}

// What a shell has opened is not ours: it may append, and others may write there, too.
TEST(FileOutput, OfAnOpenDescriptorIsWrittenWhereThatStands) {
  const Scratch scratch;
  const std::string log = scratch.write("log", "before\n");
  const Descriptor open(::open(log.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  std::filesystem::create_symlink("/dev/fd/" + std::to_string(open.get()), scratch / "out.jsonl");
  for (const std::string& path :
       {"/dev/fd/" + std::to_string(open.get()), (scratch / "out.jsonl").string()}) {
    EXPECT_TRUE(is_stream(path));
    FileOutput file(path);
    EXPECT_EQ(message([&] { file.rewind("7"); }),
              path + ": no file, so that a scan cannot be resumed there");
    file.rewind({});
    file.buffer().append("one\n");
    file.close();
  }
  EXPECT_EQ(scratch.read("log"), "before\none\none\n");
  EXPECT_FALSE(is_stream(log));
  EXPECT_TRUE(is_stream("-"));
  EXPECT_TRUE(is_stream("/dev/stdout"));
  EXPECT_FALSE(is_stream("/dev/null"));
  EXPECT_EQ(message([] { FileOutput("/dev/fd/999999"); }), "/dev/fd/999999: Bad file descriptor");
}

TEST(FileOutput, IsReadFromTheFileThatIsOpen) {
  const Scratch scratch;
  const std::string path = scratch.write("out", "one\n");
  const FileOutput file(path);
  EXPECT_GE(file.open_to_read().get(), 0);
  std::filesystem::rename(path, scratch / "moved");
  scratch.write("out", "two\n");
  EXPECT_EQ(message([&] { file.open_to_read(); }), path + ": was replaced while it was opened");
}

}  // namespace
}  // namespace peercert::scan
