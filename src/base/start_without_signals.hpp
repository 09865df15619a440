// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <csignal>
#include <functional>
#include <memory>
#include <thread>
#include <utility>

namespace peercert {

/// Starts a thread that handles no signals: those are for the application's threads. A pipe that
/// was closed is then an error of write() there, and not the end of the process.
inline std::thread start_without_signals(std::function<void()> function) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  const std::unique_ptr<sigset_t, void (*)(sigset_t*)> restore(
      &before, [](sigset_t* mask) { pthread_sigmask(SIG_SETMASK, mask, nullptr); });
  return std::thread(std::move(function));
}

}  // namespace peercert
