// SPDX-License-Identifier: Apache-2.0
#include "scan/outputs/own_file.hpp"

#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/scratch.hpp"

namespace peercert::scan {
namespace {

namespace fs = std::filesystem;

const std::string kNotFollowed =
    ": a symbolic link, which is not followed here: name the file that it leads to";

std::string objection(const auto& call) {
  try {
    call();
    return "none";
  } catch (const std::exception& error) {
    return error.what();
  }
}

mode_t mode_of(const std::string& path) {
  struct stat status {};
  EXPECT_EQ(::lstat(path.c_str(), &status), 0);
  return status.st_mode;
}

TEST(OwnFile, HasOnePlaceForAllSpellings) {
  const Scratch scratch;
  fs::create_directory(scratch / "folder");
  fs::create_symlink("folder", scratch / "link");
  const std::string place = canonical_place(scratch / "folder/state");
  EXPECT_EQ(canonical_place(scratch / "link/state"), place);
  EXPECT_EQ(canonical_place(scratch / "./folder/../folder/state"), place);
  fs::create_symlink("elsewhere", scratch / "folder/state");
  EXPECT_EQ(canonical_place(scratch / "link/state"), place);  // the last name is not followed
}

TEST(OwnFile, LinksOfThisUserAreFollowed) {
  const Scratch scratch;
  EXPECT_EQ(follow_own_links("a.jsonl"), "a.jsonl");
  EXPECT_EQ(follow_own_links("/nowhere/a.jsonl"), "/nowhere/a.jsonl");
  fs::create_directory(scratch / "folder");
  fs::create_symlink("folder/second", scratch / "first");
  fs::create_symlink("../third", scratch / "folder/second");
  EXPECT_EQ(canonical_place(follow_own_links(scratch / "first")),
            canonical_place(scratch / "third"));
  fs::create_symlink(scratch / "loop", scratch / "loop");
  EXPECT_EQ(objection([&] { follow_own_links(scratch / "loop"); }),
            (scratch / "loop").string() + ": Too many levels of symbolic links");
}

// At every step: a link of one's own may lead to one of somebody else's.
TEST(OwnFile, LinksOfOthersAreNotFollowed) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can make a link that belongs to somebody else";
  const Scratch scratch;
  scratch.write("victim", "before");
  const std::string planted = scratch / "planted", own = scratch / "own";
  fs::create_symlink("victim", planted);
  constexpr uid_t kSomebody = 12345;
  ASSERT_EQ(::lchown(planted.c_str(), kSomebody, kSomebody), 0);
  fs::create_symlink("planted", own);
  for (const std::string& path : {planted, own}) {
    EXPECT_EQ(objection([&] { follow_own_links(path); }),
              path +
                  ": a symbolic link of another user, which is not followed: "
                  "name the file that it leads to");
  }
}

TEST(OwnFile, KnowsDescriptorsByTheirNames) {
  const Scratch scratch;
  EXPECT_EQ(own_descriptor("/dev/fd/63"), 63);
  EXPECT_EQ(own_descriptor("/proc/self/fd/0"), 0);
  EXPECT_EQ(own_descriptor("/dev/fd/x"), std::nullopt);
  EXPECT_EQ(own_descriptor("/dev/fd/1x"), std::nullopt);
  EXPECT_EQ(own_descriptor("/dev/fd/"), std::nullopt);
  EXPECT_EQ(own_descriptor("/dev/null"), std::nullopt);
  EXPECT_EQ(own_descriptor("63"), std::nullopt);
  EXPECT_EQ(own_descriptor("/proc/1/fd/1"), std::nullopt);
  EXPECT_EQ(own_descriptor(follow_own_links("/dev/stdout")), STDOUT_FILENO);
  fs::create_symlink("/dev/stderr", scratch / "link");
  EXPECT_EQ(own_descriptor(follow_own_links(scratch / "link")), STDERR_FILENO);
}

TEST(OwnFile, OpensNothingButRegularFiles) {
  const Scratch scratch;
  const std::string file = scratch.write("file", "text"), link = scratch / "link";
  EXPECT_EQ(objection([&] { open_regular(file, O_RDONLY); }), "none");
  fs::create_symlink("file", link);
  EXPECT_EQ(objection([&] { open_regular(link, O_RDONLY); }), link + kNotFollowed);
  fs::create_symlink("absent", scratch / "dangling");
  EXPECT_EQ(objection([&] { open_regular(scratch / "dangling", O_RDWR | O_CREAT); }),
            (scratch / "dangling").string() + kNotFollowed);
  EXPECT_FALSE(fs::exists(scratch / "absent"));

  const std::string fifo = scratch / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  EXPECT_EQ(objection([&] { open_regular(fifo, O_RDONLY); }), fifo + ": not a regular file");
  EXPECT_EQ(objection([&] { open_regular("/dev/null", O_RDONLY); }),
            "/dev/null: not a regular file");
  EXPECT_EQ(objection([&] { open_regular(scratch / ".", O_RDONLY); }),
            (scratch / ".").string() + ": Is a directory");
  EXPECT_EQ(objection([&] { open_regular(scratch / "absent", O_RDONLY); }),
            (scratch / "absent").string() + ": No such file or directory");
  open_regular(scratch / "fresh", O_RDWR | O_CREAT);
  EXPECT_EQ(mode_of(scratch / "fresh"), mode_t{S_IFREG | 0600});
}

TEST(OwnFile, ANewOneIsNothingThatWasThere) {
  const Scratch scratch;
  scratch.write("victim", "before");
  const std::string path = scratch / "file";
  fs::create_symlink("victim", path);
  { make_new_file(path); }
  EXPECT_EQ(mode_of(path), mode_t{S_IFREG | 0600});
  EXPECT_EQ(scratch.read("victim"), "before");

  fs::remove(path);
  fs::create_hard_link(scratch / "victim", path);
  const Descriptor file = make_new_file(path);
  EXPECT_EQ(::write(file.get(), "x", 1), 1);
  EXPECT_EQ(scratch.read("victim"), "before");
  fs::create_directory(scratch / "folder");
  EXPECT_THROW(make_new_file(scratch / "folder"), std::system_error);
}

}  // namespace
}  // namespace peercert::scan
