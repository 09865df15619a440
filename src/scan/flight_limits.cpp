// SPDX-License-Identifier: Apache-2.0
#include "scan/flight_limits.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>

#include <asio/post.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

namespace peercert::scan {
namespace {

using asio::ip::address_v6;

// /24 of IPv4 behind the 96 bits of ::ffff:0:0/96, and /48 of IPv6.
constexpr std::size_t kIpv4NetworkLen = 15, kIpv6NetworkLen = 6;

/// Addresses of IPv4 as IPv6 has them: RFC 4291, 2.5.5.2.
address_v6 to_v6(const asio::ip::address& address) {
  if (address.is_v6()) return address.to_v6();
  return asio::ip::make_address_v6(asio::ip::v4_mapped, address.to_v4());
}

KeyedSemaphore::Key network_key(const address_v6& address) {
  KeyedSemaphore::Key key = address.to_bytes();
  const std::size_t len = address.is_v4_mapped() ? kIpv4NetworkLen : kIpv6NetworkLen;
  std::fill(key.begin() + static_cast<std::ptrdiff_t>(len), key.end(), std::uint8_t{0});
  return key;
}

/// Outlives the coroutine that waits if a place is granted just as the deadline passes.
struct Wait {
  explicit Wait(const asio::any_io_executor& loop) : timer(loop) {}

  asio::steady_timer timer;
  bool is_granted = false;  // of the thread of the loop
};

asio::awaitable<bool> wait_for_place(KeyedSemaphore& semaphore, const KeyedSemaphore::Key& key,
                                     KeyedSemaphore::Place& place, Clock::time_point deadline) {
  const asio::any_io_executor loop = co_await asio::this_coro::executor;
  const auto wait = std::make_shared<Wait>(loop);
  const auto wake = [wait] {
    wait->is_granted = true;
    wait->timer.cancel();
  };
  wait->timer.expires_at(deadline);
  if (semaphore.take(key, place, [loop, wake] { asio::post(loop, wake); })) co_return true;
  std::error_code ignored;
  co_await wait->timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  co_return wait->is_granted;
}

}  // namespace

bool KeyedSemaphore::take(const Key& key, Place& place, std::function<void()> granted) {
  if (!is_bounded()) return true;
  const std::lock_guard lock(mutex_);
  const auto queue = queues_.try_emplace(key).first;
  place.is_taken_ = queue->second.num_taken < places_;
  if (place.is_taken_) {
    ++queue->second.num_taken;
  } else {
    std::list<Waiter>& waiters = queue->second.waiters;
    place.waiter_ = waiters.insert(waiters.end(), {&place, std::move(granted)});
  }
  place.queue_ = queue;
  place.semaphore_ = this;
  return place.is_taken_;
}

void KeyedSemaphore::leave(Place& place) noexcept {
  std::list<Waiter> next;  // its memory is freed, and it is called, without the lock
  {
    const std::lock_guard lock(mutex_);
    place.semaphore_ = nullptr;
    if (place.is_taken_) {
      give_back(place.queue_, next);
    } else {
      place.queue_->second.waiters.erase(place.waiter_);
    }
  }
  if (next.empty()) return;
  try {
    next.front().granted();
  } catch (...) {  // NOLINT(bugprone-empty-catch): it has the place, and learns so at its deadline
  }
}

/// Moves the first who waits to `next`, and the place is theirs.
void KeyedSemaphore::give_back(Queues::iterator queue, std::list<Waiter>& next) noexcept {
  std::list<Waiter>& waiters = queue->second.waiters;
  if (!waiters.empty() && !is_closed_) {
    waiters.front().place->is_taken_ = true;
    next.splice(next.begin(), waiters, waiters.begin());
  } else if (--queue->second.num_taken == 0 && waiters.empty()) {
    queues_.erase(queue);
  }
}

void KeyedSemaphore::close() noexcept {
  const std::lock_guard lock(mutex_);
  is_closed_ = true;
}

asio::awaitable<bool> FlightLimits::take(Lease& lease, const asio::ip::address& address,
                                         Clock::time_point deadline) {
  const address_v6 key = to_v6(address);
  if (addresses_.is_bounded() &&
      !co_await wait_for_place(addresses_, key.to_bytes(), lease.address, deadline)) {
    co_return false;
  }
  if (!networks_.is_bounded()) co_return true;
  co_return co_await wait_for_place(networks_, network_key(key), lease.network, deadline);
}

}  // namespace peercert::scan
