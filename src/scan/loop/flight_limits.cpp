// SPDX-License-Identifier: Apache-2.0
#include "scan/loop/flight_limits.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>

#include <asio/post.hpp>
#include <asio/this_coro.hpp>

namespace peercert::scan {
namespace {

using asio::ip::address_v6;

// /24 of IPv4 after the 96 bits of ::ffff:0:0/96, and /48 of IPv6.
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

asio::awaitable<bool> wait_for_place(KeyedSemaphore& semaphore, const KeyedSemaphore::Key& key,
                                     KeyedSemaphore::Place& place, Wait& wait) {
  if (!semaphore.is_bounded()) co_return true;
  const asio::any_io_executor loop = co_await asio::this_coro::executor;
  // Outlives the coroutine that waits if a place is granted just as the deadline comes.
  const auto woken = std::make_shared<Event>(loop);
  const auto answer =
      semaphore.take(key, place, [loop, woken] { asio::post(loop, [woken] { woken->set(); }); });
  if (answer == KeyedSemaphore::Answer::waits) co_await wait.event(*woken);
  co_return place.is_taken();
}

}  // namespace

KeyedSemaphore::Answer KeyedSemaphore::take(const Key& key, Place& place,
                                            std::function<void()> woken) {
  if (!is_bounded()) return Answer::taken;
  const std::lock_guard lock(mutex_);
  const auto queue = queues_.try_emplace(key).first;
  place.is_taken_ = queue->second.num_taken < places_;
  if (place.is_taken_) {
    ++queue->second.num_taken;
  } else if (is_closed_) {
    return Answer::refused;
  } else {
    std::list<Waiter>& waiters = queue->second.waiters;
    place.waiter_ = waiters.insert(waiters.end(), {&place, std::move(woken)});
  }
  place.queue_ = queue;
  place.semaphore_ = this;
  return place.is_taken_ ? Answer::taken : Answer::waits;
}

bool KeyedSemaphore::Place::is_taken() const noexcept {
  if (semaphore_ == nullptr) return false;
  const std::lock_guard lock(semaphore_->mutex_);
  return is_taken_;
}

void KeyedSemaphore::wake(const Waiter& waiter) noexcept {
  try {
    waiter.woken();
  } catch (...) {  // NOLINT(bugprone-empty-catch): it has the place, and learns so at its deadline
  }
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
  if (!next.empty()) wake(next.front());
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
  if (std::exchange(is_closed_, true)) return;
  for (auto& [key, queue] : queues_) {
    for (const Waiter& waiter : queue.waiters) wake(waiter);
  }
}

asio::awaitable<bool> FlightLimits::take(Lease& lease, const asio::ip::address& address,
                                         Wait& wait) {
  const address_v6 key = to_v6(address);
  if (!co_await wait_for_place(addresses_, key.to_bytes(), lease.address, wait)) co_return false;
  co_return co_await wait_for_place(networks_, network_key(key), lease.network, wait);
}

void FlightLimits::close() noexcept {
  is_closed_ = true;
  addresses_.close();
  networks_.close();
}

bool FlightLimits::take_descriptor() noexcept {
  std::size_t spare = spare_descriptors_;
  while (spare > 0) {
    if (spare_descriptors_.compare_exchange_weak(spare, spare - 1)) return true;
  }
  return false;
}

}  // namespace peercert::scan
