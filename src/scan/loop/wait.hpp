// SPDX-License-Identifier: Apache-2.0
// The one way in which a scan waits: nothing else calls Asio's async functions, but for what
// belongs to no target.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <system_error>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/buffer.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/steady_timer.hpp>

namespace peercert::scan {

using Clock = std::chrono::steady_clock;

/// What one coroutine waits for and another function of its thread announces. It stays announced.
class Event {
 public:
  explicit Event(const asio::any_io_executor& loop) : timer_(loop, Clock::time_point::max()) {}

  void set() {
    is_set_ = true;
    timer_.cancel();
  }
  void clear() noexcept { is_set_ = false; }
  bool is_set() const noexcept { return is_set_; }

 private:
  friend class Wait;

  asio::steady_timer timer_;
  bool is_set_ = false;
};

/// What one coroutine waits for, one operation at a time, until a deadline. The deadline cannot be
/// lost: no operation begins at the deadline or after it, and the one that runs then is ended,
/// whenever it was begun. Either way its error is operation_aborted. What was done before the
/// deadline is reported as done. For one thread, which runs the loop.
class Wait {
 public:
  explicit Wait(const asio::any_io_executor& loop);
  Wait(const Wait&) = delete;
  Wait& operator=(const Wait&) = delete;
  ~Wait();

  /// The deadline of all that follows. Not while an operation runs. There is none before the first
  /// call; time_point::max() is none, too.
  void set_deadline(Clock::time_point deadline);
  /// Has the deadline come now, also for an operation that runs.
  void end();
  Clock::time_point deadline() const noexcept;
  /// Whether the deadline has come. To be asked by whatever computes for long between operations.
  bool is_over() const noexcept { return Clock::now() >= deadline(); }

  /// Until a read or a write of the socket would not wait.
  asio::awaitable<std::error_code> readable(asio::ip::tcp::socket& socket);
  asio::awaitable<std::error_code> writable(asio::ip::tcp::socket& socket);

  struct Transfer {
    std::error_code error{};
    std::size_t len = 0;  // bytes
  };
  /// Reads what is there, at least one byte; error::eof at the end.
  asio::awaitable<Transfer> read_some(asio::ip::tcp::socket& socket, asio::mutable_buffer into);
  /// Writes all of it.
  asio::awaitable<std::error_code> write(asio::ip::tcp::socket& socket, asio::const_buffer bytes);

  asio::awaitable<std::error_code> connect(asio::ip::tcp::socket& socket,
                                           asio::ip::tcp::endpoint endpoint);

  /// Until the event, which is not an error if it is set already; at the latest until `moment`,
  /// which is none. operation_aborted if the deadline came first.
  asio::awaitable<std::error_code> event(Event& event,
                                         Clock::time_point moment = Clock::time_point::max());
  /// Until the moment.
  asio::awaitable<std::error_code> until(Clock::time_point moment);

 private:
  struct State;

  template <class Object, class Start>
  asio::awaitable<std::error_code> run(Object& object, Start start);

  std::shared_ptr<State> state_;  // shared with an expiry that is queued
};

}  // namespace peercert::scan
