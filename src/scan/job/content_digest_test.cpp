// SPDX-License-Identifier: Apache-2.0
#include "scan/job/content_digest.hpp"

#include <filesystem>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/scratch.hpp"

namespace peercert::scan {
namespace {

TEST(ContentDigest, IsThatOfTheDigestsOfItsMebibytes) {
  // printf %s ... | sha256sum | xxd -r -p | sha256sum
  EXPECT_EQ(content_digest(""),
            "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(content_digest("abc"),
            "sha256:4f8b42c22dd3729b519ba6f68d2da7cc5b2d606d05daed5ad5128cc03e6c6358");
}

TEST(ContentDigest, OfAFileIsThatOfItsText) {
  const Scratch scratch;
  for (const std::size_t len : {0U, 1U, (1U << 20) - 1, 1U << 20, (1U << 20) + 1, 3U << 20}) {
    std::string text(len, 'a');
    for (std::size_t i = 0; i < len; i += 1000) text[i] = static_cast<char>(i >> 10);
    const std::string path = scratch.write("file", text);
    EXPECT_EQ(file_digest(path), content_digest(text)) << len;
    if (text.empty()) continue;
    ++text.back();
    EXPECT_NE(file_digest(path), content_digest(text)) << len;
  }
}

// Standard input may have been read already, and is to be read afterwards.
TEST(ContentDigest, OfAnOpenFileLeavesItWhereItIs) {
  const Scratch scratch;
  const std::string path = scratch.write("file", "one\ntwo\n");
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  ASSERT_EQ(::lseek(file.get(), 4, SEEK_SET), 4);
  EXPECT_EQ(file_digest(file, path), content_digest("two\n"));
  EXPECT_EQ(::lseek(file.get(), 0, SEEK_CUR), 4);
}

TEST(ContentDigest, ThereIsNoneOfWhatCanBeReadButOnce) {
  const Scratch scratch;
  const std::string fifo = scratch / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  EXPECT_EQ(file_digest(fifo), std::nullopt);
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const Descriptor reader(ends[0]), writer(ends[1]);
  EXPECT_EQ(file_digest(reader, "pipe"), std::nullopt);
  EXPECT_THROW(file_digest(scratch / "absent"), std::system_error);
  EXPECT_THROW(file_digest(Descriptor(), "none"), std::system_error);
}

TEST(ContentDigest, OfADirectoryIsThatOfHashedNames) {
  const Scratch scratch;
  namespace fs = std::filesystem;
  fs::create_directory(scratch / "certs");
  scratch.write("certs/9d66eef0.0", "one");
  scratch.write("certs/9d66eef0.r0", "two");
  const std::string folder = scratch / "certs";
  const std::string before = directory_digest(folder);
  EXPECT_EQ(directory_digest(folder), before);
  for (const char* const other : {"README", "9d66eef0.", "9d66eef0.x", "9d66eef0.r", "9D66EEF0.0",
                                  "9d66eef00.0", "9d66eef.0", "9d66eef0-0"}) {
    scratch.write(std::string("certs/") + other, "x");
  }
  fs::create_symlink("absent", scratch / "certs/9d66eef0.9");
  EXPECT_EQ(directory_digest(folder), before);

  fs::rename(scratch / "certs/9d66eef0.0", scratch / "certs/9d66eef0.2");
  EXPECT_NE(directory_digest(folder), before);
  fs::rename(scratch / "certs/9d66eef0.2", scratch / "certs/9d66eef0.0");
  EXPECT_EQ(directory_digest(folder), before);
  scratch.write("certs/9d66eef0.1", "three");
  const std::string more = directory_digest(folder);
  EXPECT_NE(more, before);
  fs::remove(scratch / "certs/9d66eef0.1");
  scratch.write("certs/9d66eef0.r0", "TWO");
  EXPECT_NE(directory_digest(folder), before);
  scratch.write("certs/9d66eef0.r0", "two");
  fs::create_directory(scratch / "more");
  scratch.write("more/00000000.0", "four");
  EXPECT_EQ(directory_digest(folder), before);
  EXPECT_NE(directory_digest(folder + ":" + (scratch / "more").string()), before);
  EXPECT_THROW(directory_digest(scratch / "absent"), std::system_error);
}

}  // namespace
}  // namespace peercert::scan
