// SPDX-License-Identifier: Apache-2.0
#include "base/start_without_signals.hpp"

#include <csignal>

#include <gtest/gtest.h>

namespace peercert {
namespace {

bool is_blocked(int signal) {
  sigset_t blocked{};
  pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
  return sigismember(&blocked, signal) == 1;
}

TEST(StartWithoutSignals, LeavesThemToWhoStartsIt) {
  ASSERT_FALSE(is_blocked(SIGINT));
  bool blocks_interrupt = false, blocks_pipe = false;
  start_without_signals([&] {
    blocks_interrupt = is_blocked(SIGINT);
    blocks_pipe = is_blocked(SIGPIPE);
  }).join();
  EXPECT_TRUE(blocks_interrupt);
  EXPECT_TRUE(blocks_pipe);
  EXPECT_FALSE(is_blocked(SIGINT));
  EXPECT_FALSE(is_blocked(SIGPIPE));
}

}  // namespace
}  // namespace peercert
