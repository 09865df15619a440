// SPDX-License-Identifier: Apache-2.0
// Addresses that refuse, that never answer, and that others take the places of.
#include "scan/loop/connect.hpp"

#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <asio/co_spawn.hpp>
#include <asio/error.hpp>
#include <asio/io_context.hpp>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "scan/loop/descriptors.hpp"

namespace peercert::scan {
namespace {

using namespace std::chrono_literals;
using asio::ip::tcp;

tcp::endpoint at(const char* address, std::uint16_t port) {
  return {asio::ip::make_address(address), port};
}

/// Addresses of this machine with a port in common: where somebody listens, where nobody does, and
/// where nobody answers.
class Addresses {
 public:
  Addresses() {
    listener_.open(tcp::v4());
    listener_.bind(at("127.0.0.1", 0));
    listener_.listen(100);
    port_ = listener_.local_endpoint().port();
    silent_.open(tcp::v4());
    silent_.bind(at("127.0.0.2", port_));
    silent_.listen(0);
    for (int i = 0; i < 4; ++i) {  // its queue is full
      crowd_.emplace_back(loop_, tcp::v4());
      crowd_.back().native_non_blocking(true);
      ::connect(crowd_.back().native_handle(), silent().data(),
                static_cast<socklen_t>(silent().size()));
    }
  }
  tcp::endpoint good() const { return at("127.0.0.1", port_); }
  tcp::endpoint silent() const { return at("127.0.0.2", port_); }
  /// The n-th of them.
  tcp::endpoint closed(int n = 0) const {
    return at(("127.0.0." + std::to_string(3 + n)).c_str(), port_);
  }

 private:
  asio::io_context loop_{};
  tcp::acceptor listener_{loop_}, silent_{loop_};
  std::vector<tcp::socket> crowd_{};
  std::uint16_t port_ = 0;
};

/// A target that connects, and how that ended.
struct Connector {
  explicit Connector(asio::io_context& loop, Clock::duration total = 20s)
      : slot(loop), budget(total) {}

  Slot slot;
  TimeBudget budget;
  tcp::endpoint endpoint{};
  std::optional<ConnectError> error{};

  void begin(asio::io_context& loop, FlightLimits& limits, Clock::duration limit,
             std::vector<tcp::endpoint> endpoints) {
    const auto run = [](Connector& self, FlightLimits& of, Clock::duration within,
                        std::vector<tcp::endpoint> to) -> asio::awaitable<void> {
      const ConnectError ended =
          co_await connect(self.slot, of, self.budget, within, to, self.endpoint);
      self.error = ended;
    };
    asio::co_spawn(loop, run(*this, limits, limit, std::move(endpoints)),
                   [](const std::exception_ptr& failure) { EXPECT_FALSE(failure); });
  }
};

class Connect : public testing::Test {
 protected:
  /// False if it hangs.
  bool run_until_done(std::initializer_list<const Connector*> all) {
    const auto give_up = Clock::now() + 30s;
    loop.restart();
    while (Clock::now() < give_up) {
      loop.run_one_for(100ms);
      if (loop.stopped()) loop.restart();
      if (std::ranges::all_of(all, [](const Connector* one) { return one->error.has_value(); })) {
        loop.run_for(20ms);  // those that were given up end
        return true;
      }
    }
    return false;
  }
  ConnectError connect_to(FlightLimits& limits, Clock::duration limit,
                          const std::vector<tcp::endpoint>& endpoints) {
    Connector connector(loop);
    connector.begin(loop, limits, limit, endpoints);
    EXPECT_TRUE(run_until_done({&connector}));
    endpoint = connector.endpoint;
    return connector.error.value_or(ConnectError{});
  }

  asio::io_context loop{1};
  Addresses addresses{};
  tcp::endpoint endpoint{};
};

TEST_F(Connect, TakesTheFirstThatAnswers) {
  FlightLimits limits(0, 0, 100);
  EXPECT_FALSE(connect_to(limits, 10s, {addresses.good()}));
  EXPECT_FALSE(
      connect_to(limits, 10s,
                 {addresses.closed(), addresses.silent(), addresses.closed(1), addresses.good()}));
  EXPECT_EQ(endpoint, addresses.good());
  const ConnectError error = connect_to(limits, 10s, {addresses.closed(), addresses.closed(1)});
  EXPECT_EQ(error.code, asio::error::connection_refused);
  EXPECT_EQ(endpoint, addresses.closed(1));  // the last that failed
  EXPECT_EQ(connect_to(limits, 600ms, {addresses.silent(), addresses.closed()}).code,
            asio::error::operation_aborted);
  EXPECT_EQ(endpoint, addresses.closed());
  EXPECT_EQ(connect_to(limits, 0s, {addresses.good(), addresses.closed()}).code,
            asio::error::operation_aborted);
  EXPECT_EQ(endpoint, addresses.good());
}

TEST_F(Connect, LeavesTheOthersAloneWhereTheFirstAnswers) {
  FlightLimits limits(0, 0, 100);
  tcp::acceptor other(loop, at("127.0.0.9", 0));
  EXPECT_FALSE(connect_to(limits, 10s, {addresses.good(), other.local_endpoint()}));
  EXPECT_EQ(endpoint, addresses.good());
  std::error_code none;
  other.non_blocking(true);
  tcp::socket visitor(loop);
  other.accept(visitor, none);
  EXPECT_EQ(none, asio::error::would_block);
}

TEST_F(Connect, GivesSpareDescriptorsBack) {
  FlightLimits limits(0, 0, 2);
  EXPECT_FALSE(connect_to(limits, 10s, {addresses.good()}));  // the loop has what it needs
  const std::size_t num_free = num_free_descriptors();
  connect_to(limits, 900ms, std::vector(5, addresses.silent()));
  EXPECT_FALSE(connect_to(limits, 10s, {addresses.silent(), addresses.good()}));
  EXPECT_EQ(num_free_descriptors(), num_free);
  EXPECT_TRUE(limits.take_descriptor());
  EXPECT_TRUE(limits.take_descriptor());
  EXPECT_FALSE(limits.take_descriptor());
}

TEST_F(Connect, ClosesAFailedAttemptBeforeTheNext) {
  FlightLimits limits(0, 0, 100);
  std::vector<tcp::endpoint> many;
  for (int i = 0; i < 200; ++i) many.push_back(addresses.closed(i));
  Connector connector(loop);
  const std::size_t num_free = num_free_descriptors();
  std::size_t fewest = num_free;
  connector.begin(loop, limits, 20s, many);
  while (!connector.error) {
    loop.run_one_for(100ms);
    fewest = std::min(fewest, num_free_descriptors());
  }
  EXPECT_EQ(connector.error->code, asio::error::connection_refused);
  EXPECT_LE(num_free - fewest, 3U);
}

/// The oldest makes room, so that those after it are tried.
TEST_F(Connect, TriesAllWithOneDescriptor) {
  FlightLimits limits(0, 0, 0);
  EXPECT_FALSE(
      connect_to(limits, 1200ms, {addresses.silent(), addresses.silent(), addresses.good()}));
  EXPECT_EQ(endpoint, addresses.good());
}

TEST_F(Connect, KeepsToItsOneDescriptor) {
  FlightLimits limits(0, 0, 0);
  Connector connector(loop);
  const std::size_t num_free = num_free_descriptors();
  std::size_t fewest = num_free;
  connector.begin(loop, limits, 1s, std::vector(8, addresses.silent()));
  while (!connector.error) {
    loop.run_one_for(100ms);
    fewest = std::min(fewest, num_free_descriptors());
  }
  EXPECT_LE(num_free - fewest, 3U);
}

TEST_F(Connect, HasALeaseForEachAttempt) {
  FlightLimits limits(1, 0, 100);
  Connector holder(loop), target(loop);
  holder.begin(loop, limits, 10s, {addresses.good()});
  ASSERT_TRUE(run_until_done({&holder}));
  // The second address is in use: what is tried after the first waits for it.
  target.begin(loop, limits, 700ms, {addresses.silent(), addresses.good()});
  ASSERT_TRUE(run_until_done({&target}));
  EXPECT_EQ(target.error->code, asio::error::operation_aborted);
  EXPECT_EQ(target.endpoint, addresses.silent());
  // And is had once it is free.
  Connector next(loop);
  next.begin(loop, limits, 10s, {addresses.closed(), addresses.good()});
  loop.run_for(50ms);
  EXPECT_FALSE(next.error);
  holder.slot.reset();
  ASSERT_TRUE(run_until_done({&next}));
  EXPECT_FALSE(*next.error);
  // The places of those that lost are free.
  Connector silent(loop);
  silent.begin(loop, limits, 1ms, {addresses.silent()});
  ASSERT_TRUE(run_until_done({&silent}));
  EXPECT_EQ(silent.error->code, asio::error::operation_aborted);
}

TEST_F(Connect, DoesNotDeadlock) {
  FlightLimits limits(1, 0, 100);
  const tcp::endpoint one = addresses.silent(), other = addresses.good();
  Connector first(loop), second(loop);
  first.begin(loop, limits, 800ms, {one, other});
  second.begin(loop, limits, 800ms, {other, one});
  ASSERT_TRUE(run_until_done({&first, &second}));
  EXPECT_FALSE(*second.error);
  EXPECT_EQ(first.error->code, asio::error::operation_aborted);
}

TEST_F(Connect, DoesNotChargeTheWaitForAPlace) {
  for (const bool has_other : {false, true}) {
    FlightLimits limits(1, 0, 100);
    Connector holder(loop), target(loop, 150ms);
    holder.begin(loop, limits, 10s, {addresses.good()});
    ASSERT_TRUE(run_until_done({&holder}));
    std::vector<tcp::endpoint> endpoints = {addresses.good()};
    if (has_other) endpoints.push_back(addresses.closed());
    const auto end = target.budget.end();
    target.begin(loop, limits, 100ms, endpoints);
    loop.restart();
    loop.run_for(400ms);
    EXPECT_FALSE(target.error);
    holder.slot.reset();
    ASSERT_TRUE(run_until_done({&target}));
    EXPECT_FALSE(*target.error) << target.error->code.message();
    EXPECT_GT(target.budget.end() - end, 300ms);
  }
}

TEST_F(Connect, IsDismissedWhenTheLimitsAreClosed) {
  for (const bool has_other : {false, true}) {
    FlightLimits limits(1, 0, 100);
    Connector holder(loop), target(loop);
    holder.begin(loop, limits, 10s, {addresses.good()});
    ASSERT_TRUE(run_until_done({&holder}));
    std::vector<tcp::endpoint> endpoints = {addresses.good()};
    if (has_other) endpoints.push_back(addresses.closed());
    target.begin(loop, limits, 100ms, endpoints);
    loop.restart();
    loop.run_for(20ms);
    limits.close();
    ASSERT_TRUE(run_until_done({&target}));
    EXPECT_TRUE(target.error->is_dismissed);
  }
}

/// Leaves the process no descriptor.
class Shortage {
 public:
  Shortage() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    rlimit low = before_;
    low.rlim_cur = std::min<rlim_t>(before_.rlim_cur, 256);
    ::setrlimit(RLIMIT_NOFILE, &low);
    for (int fd = 0; (fd = ::dup(STDERR_FILENO)) >= 0;) taken_.push_back(fd);
  }
  Shortage(const Shortage&) = delete;
  Shortage& operator=(const Shortage&) = delete;
  ~Shortage() {
    end();
    ::setrlimit(RLIMIT_NOFILE, &before_);
  }
  void end() {
    for (const int fd : taken_) ::close(fd);
    taken_.clear();
  }

 private:
  rlimit before_{};
  std::vector<int> taken_{};
};

TEST_F(Connect, IsPutOffWhileNoDescriptorIsFree) {
  for (const bool has_other : {false, true}) {
    FlightLimits limits(0, 0, 100);
    std::vector<tcp::endpoint> endpoints = {addresses.good()};
    if (has_other) endpoints.push_back(addresses.closed());
    Connector target(loop), late(loop);
    loop.restart();
    loop.poll();
    Shortage shortage;
    target.begin(loop, limits, 10s, endpoints);
    late.begin(loop, limits, 120ms, endpoints);
    loop.restart();
    loop.run_for(300ms);
    EXPECT_FALSE(target.error);
    shortage.end();
    ASSERT_TRUE(run_until_done({&target, &late}));
    EXPECT_FALSE(*target.error) << target.error->code.message();
    ASSERT_TRUE(*late.error);
    if (has_other) continue;  // then it is the deadline of them all
    EXPECT_EQ(class_of_connect_error(late.error->code), ErrorClass::internal);
    EXPECT_NE(message_of_connect_error(late.error->code).find("ulimit -n"), std::string::npos);
  }
}

}  // namespace
}  // namespace peercert::scan
