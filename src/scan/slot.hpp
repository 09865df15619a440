// SPDX-License-Identifier: Apache-2.0
// What one connection in flight consists of; the next one gets the same memory.
#pragma once

#include <chrono>
#include <cstdint>

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/steady_timer.hpp>

#include "ssl/observer.hpp"

namespace peercert::scan {

using Clock = std::chrono::steady_clock;

struct Slot {
  explicit Slot(asio::io_context& loop) : socket(loop), timer(loop) {}
  Slot(const Slot&) = delete;
  Slot& operator=(const Slot&) = delete;

  asio::ip::tcp::socket socket;
  asio::steady_timer timer;
  ssl::Observer observer{};
  Clock::time_point deadline{};  // of the phase that runs
  bool expired = false;          // the deadline has passed, and the socket's operations were ended

  /// Begins a phase: from the deadline on, operations of the socket end with operation_aborted.
  void begin_phase(Clock::time_point phase_deadline) {
    deadline = phase_deadline;
    expired = false;
    timer.expires_at(deadline);
    timer.async_wait([this, phase = ++phase_](const std::error_code& error) {
      if (error || phase != phase_) return;  // an expiry that was queued while its phase ended
      expired = true;
      std::error_code ignored;
      socket.cancel(ignored);
    });
  }
  void end_phase() {
    ++phase_;
    timer.cancel();
  }

  /// Drops the connection.
  void reset() noexcept {
    observer.reset();
    std::error_code ignored;
    socket.close(ignored);
  }

 private:
  std::uint64_t phase_ = 0;
};

}  // namespace peercert::scan
