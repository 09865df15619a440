// SPDX-License-Identifier: Apache-2.0
#include "scan/loop/connect.hpp"

#include <cerrno>
#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <utility>

#include <asio/co_spawn.hpp>
#include <asio/error.hpp>

namespace peercert::scan {
namespace {

using asio::awaitable;
using asio::ip::tcp;

// Connection Attempt Delay, RFC 8305, 5.
constexpr std::chrono::milliseconds kAttemptDelay{250};
// How long an attempt is put off for which the system has no descriptor or memory.
constexpr std::chrono::milliseconds kShortagePause{50};

/// What passes when others let go of what they hold, and says nothing about the peer.
bool is_shortage(const std::error_code& error) noexcept {
  switch (error.value()) {
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM: return true;
    default: return false;
  }
}

awaitable<std::error_code> connect_patiently(Wait& wait, tcp::socket& socket,
                                             tcp::endpoint endpoint) {
  for (;;) {
    const std::error_code error = co_await wait.connect(socket, endpoint);
    if (!is_shortage(error)) co_return error;
    std::error_code ignored;
    socket.close(ignored);
    if (co_await wait.until(Clock::now() + kShortagePause)) co_return error;
  }
}

/// One address that is tried.
struct Attempt {
  enum class State { waits_for_place, connects, connected, failed };

  Attempt(const asio::any_io_executor& loop, tcp::endpoint to)
      : endpoint(std::move(to)), socket(loop), wait(loop) {}

  const tcp::endpoint endpoint;
  tcp::socket socket;
  Wait wait;
  State state = State::waits_for_place;
  std::unique_ptr<FlightLimits::Lease> lease{};
  bool has_spare_descriptor = false;
  bool is_given_up = false;  // ends by itself, and is not looked at

  void give_up() {
    is_given_up = true;
    wait.end();
  }
};

/// Several attempts, of which the first that succeeds wins.
class Race : public std::enable_shared_from_this<Race> {
 public:
  Race(Slot& slot, FlightLimits& limits, TimeBudget& budget, Clock::duration limit,
       const std::vector<tcp::endpoint>& endpoints)
      : loop_(slot.socket.get_executor()),
        limits_(limits),
        budget_(budget),
        wait_(slot.wait),
        deadline_(budget.deadline(limit)),
        changed_(loop_),
        left_(endpoints.rbegin(), endpoints.rend()) {}

  /// Has result() be the attempt that has won, or else the one that failed last.
  awaitable<ConnectError> run();
  /// Null if none was begun.
  Attempt* result() const noexcept { return result_.get(); }

 private:
  bool is_won() const noexcept { return result_ && result_->state == Attempt::State::connected; }
  bool is_anybody_connecting() const noexcept {
    return std::ranges::count(attempts_, Attempt::State::connects, &Attempt::state) > 0;
  }
  /// Whether an address is left, and its turn has come.
  bool is_next_due() const noexcept { return !left_.empty() && Clock::now() >= next_start_; }

  awaitable<void> run_until_won();
  bool start_next();
  bool stop_oldest();
  awaitable<void> wait_for_places();
  awaitable<void> wait_for_change();
  awaitable<void> attempt(std::shared_ptr<Race> self, std::shared_ptr<Attempt> attempt);
  void finish(const std::shared_ptr<Attempt>& attempt, const ConnectError& error);

  const asio::any_io_executor loop_;
  FlightLimits& limits_;
  TimeBudget& budget_;  // of run(), as the next
  Wait& wait_;
  Clock::time_point deadline_;
  Event changed_;                                     // an attempt has a place, or has ended
  std::vector<tcp::endpoint> left_;                   // the next one last
  std::vector<std::shared_ptr<Attempt>> attempts_{};  // that go on, the oldest first
  std::shared_ptr<Attempt> result_{};
  ConnectError error_{};
  Clock::time_point next_start_ = Clock::now();
  bool is_oldest_due_ = false;  // to make room for the next, since no descriptor is free
};

awaitable<ConnectError> Race::run() {
  co_await run_until_won();
  for (const auto& other : attempts_) {
    if (other != result_) other->give_up();
  }
  if (!is_won()) {
    if (!result_ && !attempts_.empty()) result_ = attempts_.front();
    co_return error_;
  }
  // The target has a descriptor in any case.
  if (result_->has_spare_descriptor) limits_.give_descriptor_back();
  co_return ConnectError{};
}

awaitable<void> Race::run_until_won() {
  while (!is_won()) {
    if (!attempts_.empty() && !is_anybody_connecting()) {
      co_await wait_for_places();
    } else if (attempts_.empty() && (left_.empty() || error_.is_dismissed)) {
      co_return;
    } else if (Clock::now() >= deadline_) {
      error_ = {asio::error::operation_aborted};
      co_return;
    } else if (!is_next_due() || !start_next()) {
      co_await wait_for_change();
    }
  }
}

/// Each attempt but the first needs a descriptor that no other target may claim. If there is none
/// this is false at first, until each of those that are left can have its share of the time; then
/// the oldest attempt ends for the next.
bool Race::start_next() {
  const auto now = Clock::now();
  bool has_spare = !attempts_.empty() && limits_.take_descriptor();
  if (!attempts_.empty() && !has_spare) {
    if (!std::exchange(is_oldest_due_, true)) {
      next_start_ = now + (deadline_ - now) / static_cast<std::int64_t>(left_.size() + 1);
      return false;
    }
    has_spare = stop_oldest();
  }
  is_oldest_due_ = false;
  next_start_ = now + kAttemptDelay;
  const auto next = std::make_shared<Attempt>(loop_, left_.back());
  left_.pop_back();
  next->has_spare_descriptor = has_spare;
  attempts_.push_back(next);
  const auto self = shared_from_this();
  asio::co_spawn(loop_, attempt(self, next), [self, next](const std::exception_ptr& error) {
    if (error) self->finish(next, {std::make_error_code(std::errc::not_enough_memory)});
  });
  return true;
}

/// Whether it had a spare descriptor, which is now the caller's.
bool Race::stop_oldest() {
  const auto oldest = attempts_.front();
  attempts_.erase(attempts_.begin());
  oldest->give_up();
  return std::exchange(oldest->has_spare_descriptor, false);
}

awaitable<void> Race::wait_for_places() {
  const auto before = Clock::now();
  wait_.set_deadline(Clock::time_point::max());
  changed_.clear();
  co_await wait_.event(changed_);
  const auto waited = Clock::now() - before;
  budget_.extend(waited);
  deadline_ += waited;
}

awaitable<void> Race::wait_for_change() {
  wait_.set_deadline(deadline_);
  changed_.clear();
  co_await wait_.event(changed_, left_.empty() ? deadline_ : std::min(deadline_, next_start_));
}

awaitable<void> Race::attempt(std::shared_ptr<Race> self, std::shared_ptr<Attempt> attempt) {
  ConnectError error;
  if (limits_.is_bounded()) {
    attempt->lease = std::make_unique<FlightLimits::Lease>();
    error.is_dismissed =
        !co_await limits_.take(*attempt->lease, attempt->endpoint.address(), attempt->wait);
  }
  if (!error && !attempt->is_given_up) {
    attempt->state = Attempt::State::connects;
    changed_.set();
    error.code = co_await connect_patiently(attempt->wait, attempt->socket, attempt->endpoint);
  }
  self->finish(attempt, error);
}

void Race::finish(const std::shared_ptr<Attempt>& attempt, const ConnectError& error) {
  if (!error && !attempt->is_given_up && !is_won()) {
    attempt->state = Attempt::State::connected;
    result_ = attempt;
    changed_.set();
    return;
  }
  std::error_code ignored;
  attempt->socket.close(ignored);
  attempt->lease.reset();
  if (std::exchange(attempt->has_spare_descriptor, false)) limits_.give_descriptor_back();
  if (attempt->is_given_up || is_won()) return;
  attempt->state = Attempt::State::failed;
  std::erase(attempts_, attempt);
  result_ = attempt;
  error_.code = error.code;
  error_.is_dismissed |= error.is_dismissed;
  next_start_ = Clock::now();
  changed_.set();
}

awaitable<ConnectError> connect_to_one(Slot& slot, FlightLimits& limits, TimeBudget& budget,
                                       Clock::duration limit, const tcp::endpoint& endpoint) {
  if (limits.is_bounded()) {
    slot.lease = std::make_unique<FlightLimits::Lease>();
    const auto before = Clock::now();
    slot.wait.set_deadline(Clock::time_point::max());
    const bool is_taken = co_await limits.take(*slot.lease, endpoint.address(), slot.wait);
    budget.extend(Clock::now() - before);
    if (!is_taken) co_return ConnectError{.is_dismissed = true};
  }
  slot.wait.set_deadline(budget.deadline(limit));
  co_return ConnectError{co_await connect_patiently(slot.wait, slot.socket, endpoint)};
}

}  // namespace

awaitable<ConnectError> connect(Slot& slot, FlightLimits& limits, TimeBudget& budget,
                                Clock::duration limit, const std::vector<tcp::endpoint>& endpoints,
                                tcp::endpoint& endpoint) {
  endpoint = endpoints.front();
  if (endpoints.size() == 1) {
    co_return co_await connect_to_one(slot, limits, budget, limit, endpoint);
  }
  const auto race = std::make_shared<Race>(slot, limits, budget, limit, endpoints);
  const ConnectError error = co_await race->run();
  if (race->result() != nullptr) endpoint = race->result()->endpoint;
  if (!error) {
    slot.socket = std::move(race->result()->socket);
    slot.lease = std::move(race->result()->lease);
  }
  co_return error;
}

ErrorClass class_of_connect_error(const std::error_code& error) noexcept {
  if (error == asio::error::operation_aborted) return ErrorClass::timeout;
  if (is_shortage(error)) return ErrorClass::internal;
  switch (error.value()) {
    case ECONNREFUSED: return ErrorClass::refused;
    case ETIMEDOUT: return ErrorClass::timeout;
    case ECONNRESET: return ErrorClass::reset;
    case EADDRNOTAVAIL: return ErrorClass::internal;  // no port left here
    default: return ErrorClass::unreachable;
  }
}

std::string message_of_connect_error(const std::error_code& error) {
  if (error == asio::error::operation_aborted) return "no answer in time";
  if (!is_shortage(error)) return error.message();
  return "no file descriptor or memory was free in time (" + error.message() +
         "): raise 'ulimit -n', or scan fewer targets at once";
}

}  // namespace peercert::scan
