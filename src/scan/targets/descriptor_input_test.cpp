// SPDX-License-Identifier: Apache-2.0
#include "scan/targets/descriptor_input.hpp"

#include <fstream>
#include <istream>
#include <iterator>
#include <string>
#include <system_error>
#include <thread>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/scratch.hpp"

namespace peercert::scan {
namespace {

std::string all_of(DescriptorInput& input) { return {std::istreambuf_iterator<char>(&input), {}}; }

std::string refusal_of_input(const std::string& path) {
  try {
    const DescriptorInput input(path);
    return "accepted";
  } catch (const std::system_error& error) {
    return error.what();
  }
}

TEST(DescriptorInput, ReadsAFileOfAnySizeAndCountsItsBytes) {
  const Scratch scratch;
  const std::string text(200'001, 'x');
  DescriptorInput input(scratch.write("file", text));
  EXPECT_EQ(input.size(), text.size());
  EXPECT_EQ(input.num_read(), 0U);
  EXPECT_EQ(all_of(input), text);
  EXPECT_EQ(input.num_read(), text.size());
}

TEST(DescriptorInput, IsNoFolderAndNoFileThatIsNotThere) {
  const Scratch scratch;
  const std::string folder = scratch / "", nowhere = scratch / "nowhere";
  EXPECT_EQ(refusal_of_input(folder), folder + ": Is a directory");
  EXPECT_EQ(refusal_of_input(nowhere), nowhere + ": No such file or directory");
}

TEST(DescriptorInput, WaitsForTheWriterOfAFifo) {
  const Scratch scratch;
  const std::string path = scratch / "fifo";
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  DescriptorInput input(path);
  EXPECT_EQ(input.size(), 0U);
  std::thread writer([&path] { std::ofstream(path) << "line\n"; });
  EXPECT_EQ(all_of(input), "line\n");
  writer.join();
}

TEST(DescriptorInput, EndsWhileItWaits) {
  const Scratch scratch;
  const std::string path = scratch / "fifo";
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  DescriptorInput input(path);
  std::string read = "not read";
  std::thread reader([&] { read = all_of(input); });
  input.end();
  reader.join();
  EXPECT_EQ(read, "");
}

TEST(DescriptorInput, ReadsNothingMoreOnceItHasEnded) {
  const Scratch scratch;
  DescriptorInput input(scratch.write("file", "text"));
  input.end();
  EXPECT_EQ(all_of(input), "");
}

}  // namespace
}  // namespace peercert::scan
