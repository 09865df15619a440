// SPDX-License-Identifier: Apache-2.0
// TCP to one of several addresses.
#pragma once

#include <algorithm>
#include <string>
#include <system_error>
#include <vector>

#include <asio/awaitable.hpp>
#include <asio/ip/tcp.hpp>

#include <peercert/scan/record.hpp>

#include "scan/loop/flight_limits.hpp"
#include "scan/loop/slot.hpp"
#include "scan/loop/wait.hpp"

namespace peercert::scan {

/// The time that a target has in all.
class TimeBudget {
 public:
  explicit TimeBudget(Clock::duration total) : end_(Clock::now() + total) {}

  /// Of a phase that begins now and may take so long.
  Clock::time_point deadline(Clock::duration limit) const {
    return std::min(end_, Clock::now() + limit);
  }
  Clock::time_point end() const noexcept { return end_; }
  bool is_spent() const noexcept { return Clock::now() >= end_; }
  /// For time in which the target could do nothing.
  void extend(Clock::duration by) noexcept { end_ += by; }

 private:
  Clock::time_point end_;
};

/// Why there is no connection.
struct ConnectError {
  std::error_code code{};
  bool is_dismissed = false;  // the limits were closed while the target waited for a place

  explicit operator bool() const noexcept { return is_dismissed || static_cast<bool>(code); }
};

/// Connects the slot's socket within `limit`. Of several addresses the next one is tried when one
/// fails or has not answered for a quarter of a second, the others going on: RFC 8305, 5. Each
/// attempt has a lease of its own; the slot gets that of the one that answered first, and the
/// others end with their attempts. Nobody holds one place and does nothing but wait for another:
/// while a target only waits for places, its time is not spent. Sets `endpoint` to the one that
/// answered first, or else to the one that failed last. Where a process has no descriptor left an
/// attempt is put off.
asio::awaitable<ConnectError> connect(Slot& slot, FlightLimits& limits, TimeBudget& budget,
                                      Clock::duration limit,
                                      const std::vector<asio::ip::tcp::endpoint>& endpoints,
                                      asio::ip::tcp::endpoint& endpoint);

/// What a failure of connect() is. operation_aborted is the phase's deadline.
ErrorClass class_of_connect_error(const std::error_code& error) noexcept;
/// The sentence for it.
std::string message_of_connect_error(const std::error_code& error);

}  // namespace peercert::scan
