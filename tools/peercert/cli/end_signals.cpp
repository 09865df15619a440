// SPDX-License-Identifier: Apache-2.0
#include "cli/end_signals.hpp"

#include <cstdlib>
#include <ctime>
#include <memory>

#include <pthread.h>

#include "cli/exit_code.hpp"

namespace peercert::tool {

EndSignals::EndSignals() {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGINT);
  sigaddset(&signals_, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
}

int EndSignals::wait_for(std::chrono::milliseconds time) const {
  using std::chrono::nanoseconds;
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const timespec timeout{seconds.count(), nanoseconds(time - seconds).count()};
  const int signal = sigtimedwait(&signals_, nullptr, &timeout);
  return signal > 0 ? signal : 0;
}

void EndSignals::let_through(const std::function<void()>& function) const {
  sigset_t before{};
  pthread_sigmask(SIG_UNBLOCK, &signals_, &before);
  const std::unique_ptr<sigset_t, void (*)(sigset_t*)> restore(
      &before, [](sigset_t* mask) { pthread_sigmask(SIG_SETMASK, mask, nullptr); });
  function();
}

void EndSignals::die_by(int signal) {
  std::signal(signal, SIG_DFL);
  sigset_t only;
  sigemptyset(&only);
  sigaddset(&only, signal);
  pthread_sigmask(SIG_UNBLOCK, &only, nullptr);
  ::raise(signal);
  std::_Exit(static_cast<int>(ExitCode::interrupted));  // raise() does not return
}

}  // namespace peercert::tool
