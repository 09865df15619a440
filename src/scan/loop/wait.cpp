// SPDX-License-Identifier: Apache-2.0
#include "scan/loop/wait.hpp"

#include <cstdint>
#include <utility>

#include <asio/error.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>

namespace peercert::scan {

using asio::ip::tcp;

namespace {

void end_operation(tcp::socket& socket) {
  std::error_code ignored;
  socket.cancel(ignored);
}
void end_operation(asio::steady_timer& timer) { timer.cancel(); }

}  // namespace

struct Wait::State {
  explicit State(const asio::any_io_executor& loop) : timer(loop) {}

  asio::steady_timer timer;  // of the deadline
  Clock::time_point deadline = Clock::time_point::max();
  std::uint64_t num_deadlines = 0;
  // The operation that runs: its object, and how that is told to end it.
  void* object = nullptr;
  void (*cancel)(void*) = nullptr;

  void expire() {
    if (object != nullptr) cancel(object);
  }
};

Wait::Wait(const asio::any_io_executor& loop) : state_(std::make_shared<State>(loop)) {}

// NOLINTNEXTLINE(bugprone-exception-escape): to cancel a timer does not fail
Wait::~Wait() { set_deadline(Clock::time_point::max()); }

Clock::time_point Wait::deadline() const noexcept { return state_->deadline; }

void Wait::set_deadline(Clock::time_point deadline) {
  state_->deadline = deadline;
  const std::uint64_t number = ++state_->num_deadlines;
  if (deadline == Clock::time_point::max()) {
    state_->timer.cancel();
    return;
  }
  state_->timer.expires_at(deadline);
  state_->timer.async_wait([state = state_, number](const std::error_code& error) {
    // An expiry may be queued when the next deadline is set.
    if (!error && number == state->num_deadlines) state->expire();
  });
}

void Wait::end() {
  set_deadline(Clock::time_point::max());
  state_->deadline = Clock::time_point::min();
  state_->expire();
}

/// From the check to the end of `start` nothing else runs on this thread: the timer either expires
/// after the operation has begun, and ends it, or has come to be too late for it to begin.
template <class Object, class Start>
asio::awaitable<std::error_code> Wait::run(Object& object, Start start) {
  if (is_over()) co_return asio::error::operation_aborted;
  state_->object = &object;
  state_->cancel = [](void* running) { end_operation(*static_cast<Object*>(running)); };
  std::error_code error;
  co_await start(asio::redirect_error(asio::use_awaitable, error));
  state_->object = nullptr;
  co_return error;
}

asio::awaitable<std::error_code> Wait::readable(tcp::socket& socket) {
  return run(socket, [&socket](auto token) {
    return socket.async_wait(tcp::socket::wait_read, std::move(token));
  });
}

asio::awaitable<std::error_code> Wait::writable(tcp::socket& socket) {
  return run(socket, [&socket](auto token) {
    return socket.async_wait(tcp::socket::wait_write, std::move(token));
  });
}

asio::awaitable<Wait::Transfer> Wait::read_some(tcp::socket& socket, asio::mutable_buffer into) {
  Transfer transfer;
  transfer.error = co_await run(socket, [&](auto token) -> asio::awaitable<void> {
    transfer.len = co_await socket.async_read_some(into, std::move(token));
  });
  co_return transfer;
}

asio::awaitable<std::error_code> Wait::write(tcp::socket& socket, asio::const_buffer bytes) {
  std::error_code error;
  while (bytes.size() > 0 && !error) {
    error = co_await run(socket, [&](auto token) -> asio::awaitable<void> {
      bytes += co_await socket.async_write_some(bytes, std::move(token));
    });
  }
  co_return error;
}

asio::awaitable<std::error_code> Wait::connect(tcp::socket& socket, tcp::endpoint endpoint) {
  return run(socket, [&socket, endpoint](auto token) {
    return socket.async_connect(endpoint, std::move(token));
  });
}

asio::awaitable<std::error_code> Wait::event(Event& event, Clock::time_point moment) {
  if (event.is_set()) co_return std::error_code();
  event.timer_.expires_at(moment);
  const std::error_code error = co_await run(
      event.timer_, [&](auto token) { return event.timer_.async_wait(std::move(token)); });
  if (event.is_set() || Clock::now() >= moment) co_return std::error_code();
  co_return error;
}

asio::awaitable<std::error_code> Wait::until(Clock::time_point moment) {
  Event never(state_->timer.get_executor());
  co_return co_await event(never, moment);
}

}  // namespace peercert::scan
