// SPDX-License-Identifier: Apache-2.0
#include "scan/outputs/own_file.hpp"

#include <cerrno>
#include <charconv>
#include <climits>
#include <filesystem>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace peercert::scan {
namespace {

constexpr int kMaxLinks = 40;  // as many as Linux follows
constexpr mode_t kPrivate = 0600;

[[noreturn]] void fail_to_open(int error, const std::string& path) {
  throw std::system_error(error, std::generic_category(), path);
}

// The target of the symbolic link that has the name at this moment, whoever replaces it meanwhile;
// nullopt if the name is no link.
std::optional<std::string> own_link_target(const std::string& place, const std::string& path) {
  const Descriptor link(::open(place.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
  struct stat status {};
  if (link.get() < 0 || ::fstat(link.get(), &status) != 0) return std::nullopt;
  if (!S_ISLNK(status.st_mode)) return std::nullopt;
  if (status.st_uid != 0 && status.st_uid != ::geteuid()) {
    throw std::invalid_argument(path +
                                ": a symbolic link of another user, which is not followed: "
                                "name the file that it leads to");
  }
  char target[PATH_MAX];
  const ssize_t len = ::readlinkat(link.get(), "", target, sizeof(target));
  if (len < 0) fail_to_open(errno, path);
  return std::string(target, static_cast<std::size_t>(len));
}

}  // namespace

std::string canonical_place(const std::string& path) {
  std::error_code unknown;
  const std::filesystem::path whole = std::filesystem::absolute(path, unknown);
  if (unknown) return path;
  const auto folder = std::filesystem::weakly_canonical(whole.parent_path(), unknown);
  return unknown ? path : (folder / whole.filename()).string();
}

std::optional<int> own_descriptor(const std::string& path) {
  const std::string place = canonical_place(path);
  const std::string folder = "/proc/" + std::to_string(::getpid()) + "/fd/";
  if (!place.starts_with(folder)) return std::nullopt;
  const std::string_view digits = std::string_view(place).substr(folder.size());
  const char* const end = digits.data() + digits.size();
  int number = 0;
  const auto [stop, error] = std::from_chars(digits.data(), end, number);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return number;
}

std::string follow_own_links(const std::string& path) {
  std::string place = path;
  for (int i = 0; i < kMaxLinks; ++i) {
    if (own_descriptor(place)) return place;
    const auto target = own_link_target(place, path);
    if (!target) return place;
    place = (std::filesystem::path(place).parent_path() / *target).string();
  }
  fail_to_open(ELOOP, path);
}

Descriptor open_regular(const std::string& path, int flags) {
  // A FIFO that somebody has put there would have to be waited for.
  constexpr int kAlways = O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;
  Descriptor file(::open(path.c_str(), flags | kAlways, kPrivate));
  if (file.get() < 0 && errno == ELOOP) {
    throw std::invalid_argument(path +
                                ": a symbolic link, which is not followed here: "
                                "name the file that it leads to");
  }
  struct stat status {};
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0) fail_to_open(errno, path);
  if (S_ISDIR(status.st_mode)) fail_to_open(EISDIR, path);
  if (!S_ISREG(status.st_mode)) throw std::invalid_argument(path + ": not a regular file");
  return file;
}

Descriptor make_new_file(const std::string& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) fail_to_open(errno, path);
  constexpr int kFlags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY;
  Descriptor file(::open(path.c_str(), kFlags, kPrivate));
  if (file.get() < 0) fail_to_open(errno, path);
  return file;
}

}  // namespace peercert::scan
