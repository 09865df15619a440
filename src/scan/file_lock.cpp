// SPDX-License-Identifier: Apache-2.0
#include "scan/file_lock.hpp"

#include <cerrno>
#include <filesystem>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

namespace peercert::scan {

void lock_file(const Descriptor& file, const std::string& name) {
  if (::flock(file.get(), LOCK_EX | LOCK_NB) == 0) return;
  if (errno == EWOULDBLOCK) {
    throw std::invalid_argument(
        name + ": another scan writes to it: wait for its end, or name another file");
  }
  // Some network filesystems have no locks, or their servers do not answer for them.
  const bool has_none = errno == ENOLCK || errno == EOPNOTSUPP || errno == ENOSYS;
  if (!has_none) throw std::system_error(errno, std::generic_category(), name);
}

LockFile::LockFile(const std::string& name) {
  std::error_code unknown;
  const std::filesystem::path one_of_many = std::filesystem::weakly_canonical(name, unknown);
  path_ = (unknown ? name : one_of_many.string()) + ".lock";
  constexpr int kMode = 0666;  // less what the umask says
  do {
    file_ = Descriptor(::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY, kMode));
    if (file_.get() < 0) throw std::system_error(errno, std::generic_category(), name);
    lock_file(file_, name);
  } while (!is_found());
}

// Whether others would find the file that is locked: its last owner may have removed it meanwhile.
bool LockFile::is_found() const {
  struct stat mine {
  }, found{};
  return ::fstat(file_.get(), &mine) == 0 && ::stat(path_.c_str(), &found) == 0 &&
         mine.st_dev == found.st_dev && mine.st_ino == found.st_ino;
}

LockFile::~LockFile() {
  struct stat status {};
  const bool is_ours = ::fstat(file_.get(), &status) == 0 && status.st_size == 0;
  if (is_ours) ::unlink(path_.c_str());  // before the descriptor, and so the lock, goes
}

}  // namespace peercert::scan
