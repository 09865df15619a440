// SPDX-License-Identifier: Apache-2.0
// For the tests: the calls that bring files to the disk, in their order, and failures of them. What
// stands in front of the C library's functions is in src/scan/outputs/durability_test.cpp.
#pragma once

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace peercert::test {

/// The calls of this program while one of it lives: "sync a.jsonl", "rename state". One at a time.
class DiskCalls {
 public:
  /// Sees a call before it happens: "sync", "rename", "close" or "lock" and the file's name. What
  /// it gives, if it is not 0, is the error with which the call fails instead.
  using Hook = std::function<int(const std::string& call)>;

  explicit DiskCalls(Hook hook = {}) : hook_(std::move(hook)) { current_ = this; }
  ~DiskCalls() { current_ = nullptr; }
  DiskCalls(const DiskCalls&) = delete;
  DiskCalls& operator=(const DiskCalls&) = delete;

  /// Of those that bring something to the disk.
  std::vector<std::string> calls() const {
    const std::lock_guard lock(mutex_);
    return calls_;
  }

  /// Whether the call may happen; if not, errno says why.
  static bool may_call(const std::string& what, const std::filesystem::path& file) {
    DiskCalls* const current = current_;
    return current == nullptr || current->see(what, what + " " + file.filename().string());
  }
  static bool may_call(const std::string& what, int fd) {
    if (current_ == nullptr) return true;
    std::error_code unknown;
    return may_call(what,
                    std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(fd), unknown));
  }

 private:
  bool see(const std::string& what, const std::string& call) {
    if (what == "sync" || what == "rename") {
      const std::lock_guard lock(mutex_);
      calls_.push_back(call);
    }
    const int error = hook_ ? hook_(call) : 0;
    if (error != 0) errno = error;
    return error == 0;
  }

  inline static std::atomic<DiskCalls*> current_ = nullptr;
  const Hook hook_;
  mutable std::mutex mutex_{};
  std::vector<std::string> calls_{};
};

}  // namespace peercert::test
