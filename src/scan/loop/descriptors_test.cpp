// SPDX-License-Identifier: Apache-2.0
#include "scan/loop/descriptors.hpp"

#include <cstddef>
#include <vector>

#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <sys/resource.h>

#include "scan/outputs/descriptor.hpp"

namespace peercert::scan {
namespace {

/// Another RLIMIT_NOFILE for a scope.
class SoftLimit {
 public:
  explicit SoftLimit(rlim_t most) {
    EXPECT_EQ(::getrlimit(RLIMIT_NOFILE, &before_), 0);
    rlimit limit = before_;
    limit.rlim_cur = most;
    EXPECT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
  }
  ~SoftLimit() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  SoftLimit(const SoftLimit&) = delete;
  SoftLimit& operator=(const SoftLimit&) = delete;

 private:
  rlimit before_{};
};

TEST(Descriptors, AsManyAreFreeAsCanBeOpened) {
  constexpr rlim_t kMost = 1024;  // more than the number of any that is open
  const SoftLimit limit(kMost);
  const std::size_t num_free = num_free_descriptors();
  EXPECT_LT(num_free, kMost - 2);  // standard input, output and error are open
  std::vector<Descriptor> opened;
  for (int fd = ::eventfd(0, 0); fd >= 0; fd = ::eventfd(0, 0)) opened.emplace_back(fd);
  EXPECT_EQ(opened.size(), num_free);
}

TEST(Descriptors, NoneIsFreeBelowWhatIsOpen) {
  const SoftLimit limit(1);
  EXPECT_EQ(num_free_descriptors(), 0U);
}

}  // namespace
}  // namespace peercert::scan
