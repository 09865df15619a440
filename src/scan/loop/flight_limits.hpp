// SPDX-License-Identifier: Apache-2.0
// How many connections may be in flight to one address and to one network.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <list>
#include <map>
#include <mutex>

#include <asio/awaitable.hpp>
#include <asio/ip/address.hpp>
#include <asio/ip/address_v6.hpp>

#include "scan/loop/wait.hpp"

namespace peercert::scan {

/// So many places for each key. Who finds none waits after those that came before. Thread-safe.
class KeyedSemaphore {
 public:
  using Key = asio::ip::address_v6::bytes_type;
  class Place;

  /// 0 places: as many as anybody wants.
  explicit KeyedSemaphore(unsigned places) noexcept : places_(places) {}
  KeyedSemaphore(const KeyedSemaphore&) = delete;
  KeyedSemaphore& operator=(const KeyedSemaphore&) = delete;

  /// What becomes of who asks for a place: it is taken; or it will be once `woken` is called; or
  /// there is none, since the semaphore is closed.
  enum class Answer { taken, waits, refused };

  /// `place` has none yet. `woken` is called once at most, by the thread that gives the place back
  /// or closes the semaphore; a call that has begun may end after `place` is gone. What it throws
  /// is ignored. Throws std::bad_alloc.
  Answer take(const Key& key, Place& place, std::function<void()> woken);

  /// Wakes all who wait. They have no place, and whoever comes now does not wait for one.
  void close() noexcept;

  bool is_bounded() const noexcept { return places_ != 0; }

 private:
  struct Waiter {
    Place* place;
    std::function<void()> woken;
  };
  struct Queue {
    unsigned num_taken = 0;  // all places, if anybody waits
    std::list<Waiter> waiters{};
  };
  using Queues = std::map<Key, Queue>;  // no hash, which those who own addresses could choose

  void leave(Place& place) noexcept;
  static void wake(const Waiter& waiter) noexcept;
  void give_back(Queues::iterator queue, std::list<Waiter>& next) noexcept;

  const unsigned places_;
  std::mutex mutex_{};
  Queues queues_{};  // of the keys of which a place is taken
  bool is_closed_ = false;
};

/// A place, or the wait for one, of which the destructor lets go. The semaphore must live as long.
class KeyedSemaphore::Place {
 public:
  Place() = default;
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  ~Place() { reset(); }

  void reset() noexcept {
    if (semaphore_ != nullptr) semaphore_->leave(*this);
  }
  /// Whether there is a place, and not only a wait for one.
  bool is_taken() const noexcept;

 private:
  friend KeyedSemaphore;

  KeyedSemaphore* semaphore_ = nullptr;
  // Of the semaphore's mutex, if there is one.
  Queues::iterator queue_{};
  std::list<Waiter>::iterator waiter_{};  // if it is not taken
  bool is_taken_ = false;
};

/// The limits of a scan, over all of its event loops. Thread-safe.
class FlightLimits {
 public:
  /// What a connection holds while it is in flight, the attempt to make it included.
  struct Lease {
    KeyedSemaphore::Place address{}, network{};
  };

  /// 0: not bounded. A network is a /24 of IPv4 or a /48 of IPv6.
  FlightLimits(unsigned per_address, unsigned per_network, std::size_t spare_descriptors) noexcept
      : addresses_(per_address), networks_(per_network), spare_descriptors_(spare_descriptors) {}

  bool is_bounded() const noexcept { return addresses_.is_bounded() || networks_.is_bounded(); }

  /// Waits for a place for the address, and then for one for its network: whoever holds the latter
  /// waits for nothing. False if there is none, because the deadline came or the limits are closed;
  /// the lease is to be let go of in either case. Throws std::bad_alloc.
  asio::awaitable<bool> take(Lease& lease, const asio::ip::address& address, Wait& wait);

  /// Has those who wait for a place go on without one, and those who come later not wait.
  void close() noexcept;
  bool is_closed() const noexcept { return is_closed_; }

  /// A socket besides the one that each target may have in any case. False if there is none left.
  bool take_descriptor() noexcept;
  void give_descriptor_back() noexcept { ++spare_descriptors_; }

 private:
  KeyedSemaphore addresses_, networks_;
  std::atomic<std::size_t> spare_descriptors_;
  std::atomic<bool> is_closed_ = false;
};

}  // namespace peercert::scan
