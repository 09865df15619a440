// SPDX-License-Identifier: Apache-2.0
// How many connections may be in flight to one address and to one network.
#pragma once

#include <functional>
#include <list>
#include <map>
#include <mutex>

#include <asio/awaitable.hpp>
#include <asio/ip/address.hpp>
#include <asio/ip/address_v6.hpp>

#include "scan/slot.hpp"

namespace peercert::scan {

/// So many places for each key. Who finds none waits behind those that came before. Thread-safe.
class KeyedSemaphore {
 public:
  using Key = asio::ip::address_v6::bytes_type;
  class Place;

  /// 0 places: as many as anybody wants.
  explicit KeyedSemaphore(unsigned places) noexcept : places_(places) {}
  KeyedSemaphore(const KeyedSemaphore&) = delete;
  KeyedSemaphore& operator=(const KeyedSemaphore&) = delete;

  /// True if `place`, which has none yet, has one now. Else it will once `granted` is called, which
  /// is once, and by the thread that gives the place back; a call that has begun may end after
  /// `place` is gone. What it throws is ignored. Throws std::bad_alloc.
  bool take(const Key& key, Place& place, std::function<void()> granted);

  /// Calls nobody any more who waits.
  void close() noexcept;

  bool is_bounded() const noexcept { return places_ != 0; }

 private:
  struct Waiter {
    Place* place;
    std::function<void()> granted;
  };
  struct Queue {
    unsigned num_taken = 0;  // all places, if anybody waits
    std::list<Waiter> waiters{};
  };
  using Queues = std::map<Key, Queue>;  // no hash, which those who own addresses could choose

  void leave(Place& place) noexcept;
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

 private:
  friend KeyedSemaphore;

  KeyedSemaphore* semaphore_ = nullptr;
  // Of the semaphore's mutex, if there is one.
  Queues::iterator queue_{};
  std::list<Waiter>::iterator waiter_{};  // if it is not taken
  bool is_taken_ = false;
};

/// The limits of a scan, over all of its event loops.
class FlightLimits {
 public:
  /// What a connection holds while it is in flight.
  struct Lease {
    KeyedSemaphore::Place address{}, network{};

    void reset() noexcept {
      network.reset();
      address.reset();
    }
  };

  /// 0: not bounded. A network is a /24 of IPv4 or a /48 of IPv6.
  FlightLimits(unsigned per_address, unsigned per_network) noexcept
      : addresses_(per_address), networks_(per_network) {}

  bool is_bounded() const noexcept { return addresses_.is_bounded() || networks_.is_bounded(); }

  /// Waits for a place for the address, and then for one for its network: whoever holds the latter
  /// waits for nothing. False if the deadline passed; the lease is to be reset in either case.
  /// Throws std::bad_alloc.
  asio::awaitable<bool> take(Lease& lease, const asio::ip::address& address,
                             Clock::time_point deadline);

  /// Has nobody who waits go on, so that their event loops can be destroyed.
  void close() noexcept {
    addresses_.close();
    networks_.close();
  }

 private:
  KeyedSemaphore addresses_, networks_;
};

}  // namespace peercert::scan
