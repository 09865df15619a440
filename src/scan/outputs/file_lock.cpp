// SPDX-License-Identifier: Apache-2.0
#include "scan/outputs/file_lock.hpp"

#include <cerrno>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scan/outputs/own_file.hpp"

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

LockFile::LockFile(const std::string& name) : path_(canonical_place(name) + ".lock") {
  for (int i = 0; i < kMaxLockAttempts; ++i) {
    file_ = open_regular(path_, O_RDWR | O_CREAT);
    lock_file(file_, name);
    if (is_found()) return;
  }
  throw std::invalid_argument(path_ +
                              ": others remove or replace it again and again: name another file, "
                              "in a folder of your own");
}

// Whether others would find the file that is locked: its last owner may have removed it meanwhile.
bool LockFile::is_found() const {
  struct stat mine {
  }, found{};
  return ::fstat(file_.get(), &mine) == 0 && ::lstat(path_.c_str(), &found) == 0 &&
         mine.st_dev == found.st_dev && mine.st_ino == found.st_ino;
}

LockFile::~LockFile() {
  struct stat status {};
  const bool is_empty = ::fstat(file_.get(), &status) == 0 && status.st_size == 0;
  // What holds something is somebody else's, and so is what has the name meanwhile.
  if (is_empty && is_found()) ::unlink(path_.c_str());  // before the lock goes
}

}  // namespace peercert::scan
