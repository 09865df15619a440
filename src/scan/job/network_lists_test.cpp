// SPDX-License-Identifier: Apache-2.0
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include <gtest/gtest.h>

#include <peercert/scan/network_lists.hpp>

#include "support/scratch.hpp"

namespace peercert::scan {
namespace {

bool permits(const NetworkLists& lists, std::uint8_t last) {
  const std::uint8_t address[] = {192, 0, 2, last};
  return lists.networks().permits(address);
}

std::string refusal_of_lists(const std::vector<std::string>& allow,
                             const std::vector<std::string>& deny) {
  try {
    const NetworkLists lists(allow, deny);
    return "accepted";
  } catch (const std::invalid_argument& error) {
    return error.what();
  } catch (const std::system_error& error) {
    return error.what();
  }
}

TEST(NetworkLists, AreTheNetworksOfAllFiles) {
  const Scratch scratch;
  const std::string allow = scratch.write("allow", "192.0.2.0/25\n"),
                    more = scratch.write("more", "192.0.2.200\n"),
                    deny = scratch.write("deny", "# asked to be left alone\n192.0.2.7\n");
  const NetworkLists lists({allow, more}, {deny});
  EXPECT_TRUE(permits(lists, 1));
  EXPECT_TRUE(permits(lists, 200));
  EXPECT_FALSE(permits(lists, 201));
  EXPECT_FALSE(permits(lists, 7));
  EXPECT_TRUE(permits(NetworkLists(), 201));
}

TEST(NetworkLists, AreComparedByContentsInAnyOrder) {
  const Scratch scratch;
  const std::string a = scratch.write("a", "192.0.2.0/25\n"), b = scratch.write("b", "192.0.2.7\n");
  EXPECT_EQ(NetworkLists({a, b}, {}).allowed_digest(), NetworkLists({b, a}, {}).allowed_digest());
  EXPECT_NE(NetworkLists({a}, {}).allowed_digest(), NetworkLists({b}, {}).allowed_digest());
  EXPECT_NE(NetworkLists({a}, {}).allowed_digest(), NetworkLists({a, b}, {}).allowed_digest());
  EXPECT_EQ(NetworkLists({a}, {}).denied_digest(), "");
  EXPECT_EQ(NetworkLists({}, {a}).denied_digest(), NetworkLists({a}, {}).allowed_digest());
}

TEST(NetworkLists, NameTheFileThatIsWrong) {
  const Scratch scratch;
  const std::string bad = scratch.write("bad", "192.0.2.0/24\nlocalhost\n"),
                    none = scratch.write("none", "# 192.0.2.0/24\n"), nowhere = scratch / "nowhere";
  EXPECT_TRUE(refusal_of_lists({bad}, {}).starts_with(bad + ": line 2: "));
  EXPECT_TRUE(refusal_of_lists({}, {bad}).starts_with(bad + ": line 2: "));
  EXPECT_EQ(refusal_of_lists({none}, {}), none + ": it allows no network");
  EXPECT_EQ(refusal_of_lists({}, {none}), "accepted");
  EXPECT_EQ(refusal_of_lists({nowhere}, {}), nowhere + ": No such file or directory");
}

}  // namespace
}  // namespace peercert::scan
