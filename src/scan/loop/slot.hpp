// SPDX-License-Identifier: Apache-2.0
// What one connection in flight consists of; the next one gets the same memory.
#pragma once

#include <memory>

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>

#include "scan/capture/observer.hpp"
#include "scan/loop/flight_limits.hpp"
#include "scan/loop/wait.hpp"

namespace peercert::scan {

struct Slot {
  explicit Slot(asio::io_context& loop) : socket(loop), wait(loop.get_executor()) {}
  Slot(const Slot&) = delete;
  Slot& operator=(const Slot&) = delete;

  asio::ip::tcp::socket socket;
  Wait wait;  // of the phase that runs
  ssl::Observer observer{};
  std::unique_ptr<FlightLimits::Lease> lease{};  // of the connection; null if nothing is bounded

  /// Drops the connection.
  void reset() noexcept {
    observer.reset();
    std::error_code ignored;
    socket.close(ignored);
    lease.reset();
  }
};

}  // namespace peercert::scan
