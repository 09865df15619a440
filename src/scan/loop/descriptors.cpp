// SPDX-License-Identifier: Apache-2.0
#include "scan/loop/descriptors.hpp"

#include <filesystem>
#include <iterator>
#include <limits>
#include <system_error>

#include <sys/resource.h>

namespace peercert::scan {
namespace {

// Where /proc cannot be read: what a program has open that has just begun.
constexpr std::size_t kOpenIfUnknown = 16;

std::size_t num_open_descriptors() {
  std::error_code error;
  std::filesystem::directory_iterator entries("/proc/self/fd", error);
  if (error) return kOpenIfUnknown;
  std::size_t num = 0;
  for (const std::filesystem::directory_iterator end; !error && entries != end;
       entries.increment(error)) {
    ++num;
  }
  return num - 1;  // the folder itself
}

}  // namespace

std::size_t num_free_descriptors() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) {
    return std::numeric_limits<int>::max();
  }
  const std::size_t num_open = num_open_descriptors();
  return limit.rlim_cur > num_open ? limit.rlim_cur - num_open : 0;
}

}  // namespace peercert::scan
