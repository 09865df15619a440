// SPDX-License-Identifier: Apache-2.0
#include "scan/loop/flight_limits.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <gtest/gtest.h>

namespace peercert::scan {
namespace {

using namespace std::chrono_literals;

constexpr KeyedSemaphore::Key kOneKey{1}, kOtherKey{2};

/// Places that note in what order they were granted.
class NotedQueue {
 public:
  explicit NotedQueue(unsigned num_places) : semaphore(num_places) {}

  bool take(const KeyedSemaphore::Key& key, int number) {
    places.push_back(std::make_unique<KeyedSemaphore::Place>());
    return semaphore.take(key, *places.back(), [this, number] { granted.push_back(number); }) ==
           KeyedSemaphore::Answer::taken;
  }

  KeyedSemaphore semaphore;
  std::vector<std::unique_ptr<KeyedSemaphore::Place>> places{};
  std::vector<int> granted{};
};

TEST(KeyedSemaphore, GrantsInOrder) {
  NotedQueue queue(2);
  EXPECT_TRUE(queue.take(kOneKey, 0));
  EXPECT_TRUE(queue.take(kOneKey, 1));
  EXPECT_FALSE(queue.take(kOneKey, 2));
  EXPECT_FALSE(queue.take(kOneKey, 3));
  EXPECT_TRUE(queue.take(kOtherKey, 4));
  queue.places[4]->reset();
  EXPECT_TRUE(queue.granted.empty());
  queue.places[1]->reset();
  EXPECT_EQ(queue.granted, std::vector{2});
  EXPECT_FALSE(queue.take(kOneKey, 5));  // behind 3
  queue.places[2]->reset();
  queue.places[2]->reset();  // has none any more
  EXPECT_EQ(queue.granted, (std::vector{2, 3}));
  queue.places[0].reset();
  EXPECT_EQ(queue.granted, (std::vector{2, 3, 5}));
  queue.places.clear();
  EXPECT_TRUE(queue.take(kOneKey, 6));
}

TEST(KeyedSemaphore, LeavesTheQueue) {
  NotedQueue queue(1);
  EXPECT_TRUE(queue.take(kOneKey, 0));
  EXPECT_FALSE(queue.take(kOneKey, 1));
  EXPECT_FALSE(queue.take(kOneKey, 2));
  queue.places[1].reset();
  queue.places[0].reset();
  EXPECT_EQ(queue.granted, std::vector{2});
}

TEST(KeyedSemaphore, WakesWhoWaitsWhenClosed) {
  NotedQueue queue(1);
  EXPECT_TRUE(queue.take(kOneKey, 0));
  EXPECT_FALSE(queue.take(kOneKey, 1));
  queue.semaphore.close();
  EXPECT_EQ(queue.granted, std::vector{1});
  EXPECT_FALSE(queue.places[1]->is_taken());
  KeyedSemaphore::Place late;
  EXPECT_EQ(queue.semaphore.take(kOneKey, late, {}), KeyedSemaphore::Answer::refused);
  queue.places[0].reset();
  EXPECT_FALSE(queue.places[1]->is_taken());  // nobody is granted a place any more
  queue.semaphore.close();
  queue.places.clear();
  EXPECT_EQ(queue.granted, std::vector{1});
  EXPECT_EQ(queue.semaphore.take(kOneKey, late, {}), KeyedSemaphore::Answer::taken);
}

TEST(KeyedSemaphore, GrantsInSpiteOfACallThatFails) {
  KeyedSemaphore semaphore(1);
  KeyedSemaphore::Place first, second, third;
  using Answer = KeyedSemaphore::Answer;
  EXPECT_EQ(semaphore.take(kOneKey, first, {}), Answer::taken);
  EXPECT_EQ(semaphore.take(kOneKey, second, [] { throw std::bad_alloc(); }), Answer::waits);
  bool granted = false;
  EXPECT_EQ(semaphore.take(kOneKey, third, [&] { granted = true; }), Answer::waits);
  first.reset();
  EXPECT_FALSE(granted);  // the second has it
  second.reset();
  EXPECT_TRUE(granted);
}

/// A lease that a coroutine asks for, and what became of it.
struct LeaseAttempt {
  std::optional<FlightLimits::Lease> lease{std::in_place};
  std::optional<bool> taken{};
};

void ask_for_lease(asio::io_context& loop, FlightLimits& limits, LeaseAttempt& attempt,
                   const char* address, std::chrono::milliseconds patience = 10s) {
  const auto run = [](FlightLimits& from, LeaseAttempt& into, std::string of,
                      Clock::time_point deadline) -> asio::awaitable<void> {
    Wait wait(co_await asio::this_coro::executor);
    wait.set_deadline(deadline);
    into.taken = co_await from.take(*into.lease, asio::ip::make_address(of), wait);
  };
  asio::co_spawn(loop, run(limits, attempt, address, Clock::now() + patience), asio::detached);
}

/// Whether connections to both addresses may be in flight at once.
bool both_fly(unsigned per_address, unsigned per_network, const char* one, const char* other) {
  asio::io_context loop;
  FlightLimits limits(per_address, per_network, 0);
  LeaseAttempt first, second;
  ask_for_lease(loop, limits, first, one);
  ask_for_lease(loop, limits, second, other);
  loop.poll();
  EXPECT_TRUE(first.taken);
  const bool result = second.taken.has_value();
  first.lease.reset();
  loop.poll();
  EXPECT_TRUE(second.taken);
  return result;
}

TEST(FlightLimits, TellAddressesAndNetworksApart) {
  EXPECT_FALSE(both_fly(1, 0, "192.0.2.1", "192.0.2.1"));
  EXPECT_FALSE(both_fly(1, 0, "192.0.2.1", "::ffff:192.0.2.1"));
  EXPECT_TRUE(both_fly(1, 0, "192.0.2.1", "192.0.2.2"));
  EXPECT_TRUE(both_fly(1, 0, "2001:db8::1", "2001:db8::2"));
  EXPECT_FALSE(both_fly(0, 1, "192.0.2.1", "192.0.2.255"));
  EXPECT_FALSE(both_fly(0, 1, "192.0.2.1", "::ffff:192.0.2.255"));
  EXPECT_TRUE(both_fly(0, 1, "192.0.2.1", "192.0.3.1"));
  EXPECT_FALSE(both_fly(0, 1, "2001:db8:1::1", "2001:db8:1:ffff::1"));
  EXPECT_TRUE(both_fly(0, 1, "2001:db8:1::1", "2001:db8:2::1"));
  EXPECT_FALSE(both_fly(2, 1, "192.0.2.1", "192.0.2.1"));
  EXPECT_TRUE(both_fly(0, 0, "192.0.2.1", "192.0.2.1"));
  EXPECT_FALSE(FlightLimits(0, 0, 0).is_bounded());
}

TEST(FlightLimits, WaitUntilTheDeadlineAtMost) {
  asio::io_context loop;
  FlightLimits limits(2, 1, 0);
  LeaseAttempt first, late, next;
  ask_for_lease(loop, limits, first, "192.0.2.1");
  ask_for_lease(loop, limits, late, "192.0.2.1", 20ms);
  loop.run();
  EXPECT_EQ(late.taken, false);
  late.lease.reset();  // it holds the address, and waits for the network
  ask_for_lease(loop, limits, next, "192.0.2.1");
  first.lease.reset();
  loop.restart();
  loop.run();
  EXPECT_EQ(next.taken, true);
}

TEST(FlightLimits, LetGoWhenClosed) {
  for (const auto& [per_address, per_network] : {std::pair{1U, 0U}, std::pair{0U, 1U}}) {
    asio::io_context loop;
    FlightLimits limits(per_address, per_network, 0);
    LeaseAttempt first, second;
    ask_for_lease(loop, limits, first, "192.0.2.1");
    ask_for_lease(loop, limits, second, "192.0.2.1");
    loop.poll();
    EXPECT_EQ(first.taken, true);
    EXPECT_FALSE(second.taken);
    limits.close();
    EXPECT_TRUE(limits.is_closed());
    loop.run_for(5s);  // and not until its deadline
    EXPECT_EQ(second.taken, false);
  }
}

/// A connection whose lease ends with its loop.
asio::awaitable<void> fly_forever(FlightLimits& limits, int& num_flying) {
  FlightLimits::Lease lease;
  asio::steady_timer timer(co_await asio::this_coro::executor, Clock::time_point::max());
  Wait wait(timer.get_executor());
  co_await limits.take(lease, asio::ip::make_address("192.0.2.1"), wait);
  ++num_flying;
  co_await timer.async_wait(asio::use_awaitable);
}

TEST(FlightLimits, CanBeClosedInFrontOfTheLoops) {
  FlightLimits limits(1, 0, 0);
  std::array<std::optional<asio::io_context>, 2> loops;
  int num_flying = 0;
  for (auto& loop : loops) {
    loop.emplace();
    for (int i = 0; i < 3; ++i) {
      asio::co_spawn(*loop, fly_forever(limits, num_flying), asio::detached);
    }
    loop->poll();
  }
  limits.close();
  for (auto& loop : loops) loop.reset();
  EXPECT_EQ(num_flying, 1);
}

/// Loops of their own threads that ask for one address with deadlines of every kind.
TEST(FlightLimits, HoldOverThreads) {
  constexpr unsigned kThreads = 4, kCoroutines = 8, kTurns = 40;
  FlightLimits limits(2, 2, 0);
  std::atomic<unsigned> current = 0, most = 0, num_taken = 0, num_late = 0;
  const auto turns = [&](unsigned seed) -> asio::awaitable<void> {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    for (unsigned i = 0; i < kTurns; ++i) {
      FlightLimits::Lease lease;
      const auto patience = std::chrono::microseconds((seed * 37 + i * 101) % 1500);
      Wait wait(timer.get_executor());
      wait.set_deadline(Clock::now() + (i % 2 == 0 ? patience : 10s));
      const bool taken = co_await limits.take(lease, asio::ip::make_address("::1"), wait);
      ++(taken ? num_taken : num_late);
      if (!taken) continue;
      const unsigned now = ++current;
      for (unsigned seen = most; seen < now && !most.compare_exchange_weak(seen, now);) continue;
      timer.expires_after(20us);
      std::error_code ignored;
      co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
      --current;
    }
  };
  std::array<asio::io_context, kThreads> loops;
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < kThreads; ++t) {
    for (unsigned i = 0; i < kCoroutines; ++i) {
      asio::co_spawn(loops.at(t), turns(t * kCoroutines + i), asio::detached);
    }
    threads.emplace_back([&loop = loops.at(t)] { loop.run(); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(most, 2U);
  EXPECT_EQ(num_taken + num_late, kThreads * kCoroutines * kTurns);
  EXPECT_GT(num_taken, kThreads * kCoroutines * kTurns / 2 - 1);
}

}  // namespace
}  // namespace peercert::scan
