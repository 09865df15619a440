// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <csignal>
#include <functional>

namespace peercert::tool {

/// SIGINT and SIGTERM, which this thread and those that it begins later do not get any more: one of
/// them asks for each.
class EndSignals {
 public:
  EndSignals();

  /// The next one; 0 if none comes in time.
  int wait_for(std::chrono::milliseconds time) const;
  /// Has them end the process at once while the function runs.
  void let_through(const std::function<void()>& function) const;
  /// Ends the process as the signal would have.
  [[noreturn]] static void die_by(int signal);

 private:
  sigset_t signals_{};
};

}  // namespace peercert::tool
