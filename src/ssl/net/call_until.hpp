// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "base/start_without_signals.hpp"
#include "ssl/net/deadline.hpp"

namespace peercert::ssl {

/// Gives what a function without a deadline of its own gives, or nullopt if the deadline comes
/// first. A function that is late goes on in a detached thread, and its result is dropped; it must
/// not throw nor refer to anything of the caller's. The deadline is not never.
template <class T>
std::optional<T> call_until(const Deadline& deadline, std::function<T()> function) {
  struct Shared {
    std::mutex mutex;
    std::condition_variable finished;
    std::optional<T> result;
  };
  const auto shared = std::make_shared<Shared>();
  start_without_signals([shared, function = std::move(function)] {
    T result = function();
    const std::lock_guard lock(shared->mutex);
    shared->result = std::move(result);
    shared->finished.notify_one();
  }).detach();

  std::unique_lock lock(shared->mutex);
  shared->finished.wait_for(lock, *deadline.remaining(),
                            [&] { return shared->result.has_value(); });
  return std::move(shared->result);
}

}  // namespace peercert::ssl
