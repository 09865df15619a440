// SPDX-License-Identifier: Apache-2.0
// For the tests: what a full disk does.
#pragma once

#include <csignal>

#include <sys/resource.h>

namespace peercert::test {

/// No file of this process grows beyond so many bytes while one of it lives.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t size) : before_(::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &limit_);
    const rlimit lower{size, limit_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &lower);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &limit_);
    ::signal(SIGXFSZ, before_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit limit_{};
  void (*before_)(int);
};

}  // namespace peercert::test
