// SPDX-License-Identifier: Apache-2.0
// One scan at a time for a file.
#pragma once

#include <string>

#include "scan/outputs/descriptor.hpp"

namespace peercert::scan {

/// How often a LockFile that another process has removed meanwhile is made anew. Each owner that
/// ends removes its own, so that many in a row are somebody's intention.
inline constexpr int kMaxLockAttempts = 100;

/// Keeps others that ask so from an open file until its descriptor is closed (flock(2)), which the
/// kernel does however a process ends. Throws std::invalid_argument whose text begins with the name
/// if another has the file, and std::system_error. Where a filesystem has no locks there is none.
void lock_file(const Descriptor& file, const std::string& name);

/// The same for a file that is replaced by others, or must not be opened: it is FILE.lock that is
/// locked, and removed at the end. One that a killed process has left is in nobody's way. Neither
/// FILE nor FILE.lock is followed where it is a symbolic link.
class LockFile {
 public:
  /// Throws as lock_file() and open_regular(); and std::invalid_argument after kMaxLockAttempts.
  explicit LockFile(const std::string& name);
  LockFile(const LockFile&) = delete;
  LockFile& operator=(const LockFile&) = delete;
  ~LockFile();

 private:
  bool is_found() const;

  std::string path_;
  Descriptor file_;
};

}  // namespace peercert::scan
