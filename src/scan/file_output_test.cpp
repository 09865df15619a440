// SPDX-License-Identifier: Apache-2.0
#include "scan/file_output.hpp"

#include <csignal>
#include <stdexcept>
#include <string>
#include <system_error>

#include <gtest/gtest.h>
#include <unistd.h>
#include <zstd.h>

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
  const std::string path = scratch.write("out", "four");
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

}  // namespace
}  // namespace peercert::scan
