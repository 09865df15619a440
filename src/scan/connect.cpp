// SPDX-License-Identifier: Apache-2.0
#include "scan/connect.hpp"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <utility>

#include <asio/error.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>

namespace peercert::scan {
namespace {

using asio::ip::tcp;

// Connection Attempt Delay, RFC 8305, 5.
constexpr std::chrono::milliseconds kAttemptDelay{250};

/// Several attempts, of which the first that succeeds wins.
struct Race : std::enable_shared_from_this<Race> {
  explicit Race(const asio::any_io_executor& loop) : wake(loop) {}

  asio::steady_timer wake;  // cancelled when an attempt ends
  std::vector<std::unique_ptr<tcp::socket>> attempts{};
  std::size_t num_running = 0;
  tcp::socket* winner = nullptr;
  std::size_t last = 0;  // the attempt that ended last
  std::error_code error{};

  void start(const tcp::endpoint& endpoint) {
    attempts.push_back(std::make_unique<tcp::socket>(wake.get_executor()));
    ++num_running;
    attempts.back()->async_connect(
        endpoint, [self = shared_from_this(), number = attempts.size() - 1](
                      const std::error_code& result) { self->finish(number, result); });
  }

  void finish(std::size_t number, const std::error_code& result) {
    --num_running;
    if (winner != nullptr) return;
    last = number;
    error = result;
    if (!result) winner = attempts[number].get();
    wake.cancel();
  }

  /// What is still running ends by itself and is not looked at.
  void close_losers() {
    for (const auto& attempt : attempts) {
      std::error_code ignored;
      if (attempt.get() != winner) attempt->close(ignored);
    }
  }
};

asio::awaitable<std::error_code> run(Race& race, Clock::time_point deadline,
                                     const std::vector<tcp::endpoint>& endpoints) {
  for (std::size_t next = 0; race.winner == nullptr;) {
    const Clock::time_point now = Clock::now();
    if (now >= deadline) co_return asio::error::operation_aborted;
    if (next < endpoints.size()) {
      race.start(endpoints[next++]);
    } else if (race.num_running == 0) {
      co_return race.error;
    }
    const bool is_last = next == endpoints.size();
    race.wake.expires_at(is_last ? deadline : std::min(deadline, now + kAttemptDelay));
    std::error_code ignored;
    co_await race.wake.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  co_return std::error_code();
}

}  // namespace

asio::awaitable<std::error_code> connect(Slot& slot, const std::vector<tcp::endpoint>& endpoints,
                                         tcp::endpoint& endpoint) {
  endpoint = endpoints.front();
  if (endpoints.size() == 1) {
    std::error_code error;
    co_await slot.socket.async_connect(endpoint, asio::redirect_error(asio::use_awaitable, error));
    co_return error;
  }
  const auto race = std::make_shared<Race>(slot.socket.get_executor());
  const std::error_code error = co_await run(*race, slot.deadline, endpoints);
  endpoint = endpoints[race->last];
  if (race->winner != nullptr) slot.socket = std::move(*race->winner);
  race->close_losers();
  co_return error;
}

ErrorClass class_of_connect_error(const std::error_code& error) noexcept {
  if (error == asio::error::operation_aborted) return ErrorClass::timeout;
  switch (error.value()) {
    case ECONNREFUSED: return ErrorClass::refused;
    case ETIMEDOUT: return ErrorClass::timeout;
    case ECONNRESET: return ErrorClass::reset;
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
    case EADDRNOTAVAIL: return ErrorClass::internal;  // no descriptor, memory or port left here
    default: return ErrorClass::unreachable;
  }
}

}  // namespace peercert::scan
