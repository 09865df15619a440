// SPDX-License-Identifier: Apache-2.0
// Deadlines that come while something else happens.
#include "scan/loop/wait.hpp"

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/error.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>
#include <gtest/gtest.h>
#include <sys/socket.h>

namespace peercert::scan {
namespace {

using namespace std::chrono_literals;
using asio::ip::tcp;
using Code = std::error_code;

const Code kAborted = asio::error::operation_aborted;

/// Two ends of a connection in one loop.
struct Line {
  asio::io_context loop{1};
  tcp::acceptor acceptor{loop, {asio::ip::address_v4::loopback(), 0}};
  tcp::socket ours{loop}, theirs{loop};

  Line() {
    ours.connect(acceptor.local_endpoint());
    acceptor.accept(theirs);
  }
  /// False if it hangs.
  bool run(asio::awaitable<void> work) {
    bool is_done = false;
    loop.restart();
    asio::co_spawn(loop, std::move(work), [&is_done](const std::exception_ptr& error) {
      EXPECT_FALSE(error);
      is_done = true;
    });
    const auto give_up = Clock::now() + 20s;
    while (!is_done && Clock::now() < give_up) loop.run_one_for(1s);
    return is_done;
  }
};

using Operation = std::function<asio::awaitable<Code>(Wait&, Line&)>;

/// Each in a way that never ends by itself.
struct NamedOperation {
  std::string name;
  Operation begin;
};

asio::awaitable<Code> read_in_vain(Wait& wait, Line& line) {
  std::array<char, 16> bytes{};
  co_return (co_await wait.read_some(line.ours, asio::buffer(bytes))).error;
}
asio::awaitable<Code> write_in_vain(Wait& wait, Line& line) {
  const std::string much(64U << 20U, 'x');  // more than the kernel holds
  co_return co_await wait.write(line.ours, asio::buffer(much));
}
asio::awaitable<Code> write_until_writable_no_more(Wait& wait, Line& line) {
  line.ours.non_blocking(true);
  const std::string much(1U << 20U, 'x');
  Code error;
  while (!error) line.ours.write_some(asio::buffer(much), error);
  co_return co_await wait.writable(line.ours);
}
asio::awaitable<Code> wait_for_event(Wait& wait, Line& line) {
  Event event(line.loop.get_executor());
  co_return co_await wait.event(event);
}
/// A listener whose queue is full answers nobody.
asio::awaitable<Code> connect_in_vain(Wait& wait, Line& line) {
  tcp::acceptor full(line.loop);
  full.open(tcp::v4());
  full.bind({asio::ip::address_v4::loopback(), 0});
  full.listen(0);
  const tcp::endpoint endpoint = full.local_endpoint();
  std::vector<tcp::socket> crowd;
  for (int i = 0; i < 4; ++i) {
    crowd.emplace_back(line.loop, tcp::v4());
    crowd.back().native_non_blocking(true);
    ::connect(crowd.back().native_handle(), endpoint.data(),
              static_cast<socklen_t>(endpoint.size()));
  }
  tcp::socket last(line.loop);
  co_return co_await wait.connect(last, endpoint);
}

class EveryWait : public testing::TestWithParam<NamedOperation> {};
INSTANTIATE_TEST_SUITE_P(
    Wait, EveryWait,
    testing::Values(NamedOperation{"Read", read_in_vain}, NamedOperation{"Write", write_in_vain},
                    NamedOperation{"Readable",
                                   [](Wait& wait, Line& line) { return wait.readable(line.ours); }},
                    NamedOperation{"Writable", write_until_writable_no_more},
                    NamedOperation{"Connect", connect_in_vain},
                    NamedOperation{"Event", wait_for_event}),
    [](const auto& instance) { return instance.param.name; });

TEST_P(EveryWait, IsEndedByTheDeadline) {
  Line line;
  Wait wait(line.loop.get_executor());
  Code result;
  EXPECT_TRUE(line.run([](Wait& w, Line& l, Code& code) -> asio::awaitable<void> {
    w.set_deadline(Clock::now() + 20ms);
    code = co_await GetParam().begin(w, l);
  }(wait, line, result)));
  EXPECT_EQ(result, kAborted);
  EXPECT_TRUE(wait.is_over());
}

/// The expiry has come and gone, with nothing that it could have ended.
TEST_P(EveryWait, DoesNotBeginAfterTheDeadline) {
  Line line;
  Wait wait(line.loop.get_executor());
  Code result;
  EXPECT_TRUE(line.run([](Wait& w, Line& l, Code& code) -> asio::awaitable<void> {
    w.set_deadline(Clock::now() + 1ms);
    asio::steady_timer later(l.loop, 20ms);
    co_await later.async_wait(asio::use_awaitable);
    code = co_await GetParam().begin(w, l);
  }(wait, line, result)));
  EXPECT_EQ(result, kAborted);
}

/// The deadline comes while the thread computes, so that the expiry is queued in front of whatever
/// the coroutine begins next.
TEST_P(EveryWait, DoesNotOutliveADeadlineThatCameBetween) {
  Line line;
  Wait wait(line.loop.get_executor());
  Code result;
  EXPECT_TRUE(line.run([](Wait& w, Line& l, Code& code) -> asio::awaitable<void> {
    w.set_deadline(Clock::now() + 2ms);
    std::this_thread::sleep_for(4ms);
    co_await asio::post(l.loop, asio::use_awaitable);
    std::this_thread::sleep_for(1ms);
    code = co_await GetParam().begin(w, l);
  }(wait, line, result)));
  EXPECT_EQ(result, kAborted);
}

asio::awaitable<void> read_to_the_deadline(Line& line, Wait& wait, Code& result) {
  std::array<char, 7> bytes{};
  while (!result) result = (co_await wait.read_some(line.ours, asio::buffer(bytes))).error;
}

/// What is said just before, at and just after the deadline, in whichever order the loop sees it.
TEST(Wait, LosesNoDeadlineToAPeerThatSpeaks) {
  Line line;
  for (int round = 0; round < 400; ++round) {
    Wait wait(line.loop.get_executor());
    Code result;
    const auto deadline = Clock::now() + 3ms;
    wait.set_deadline(deadline);
    asio::steady_timer moment(line.loop,
                              deadline + std::chrono::microseconds(round % 40 * 10 - 200));
    bool is_said = false;
    moment.async_wait([&](const Code&) {
      line.theirs.write_some(asio::buffer("0123456789"));
      // Both are due when the loop looks next.
      if (round % 2 == 0) std::this_thread::sleep_until(deadline + 100us);
      is_said = true;
    });
    ASSERT_TRUE(line.run(read_to_the_deadline(line, wait, result))) << round;
    EXPECT_EQ(result, kAborted);
    while (!is_said) line.loop.run_one();
    std::array<char, 64> rest{};
    line.ours.non_blocking(true);
    Code ignored;
    line.ours.read_some(asio::buffer(rest), ignored);
  }
}

TEST(Wait, KeepsWhatWasDoneInTime) {
  Line line;
  Wait wait(line.loop.get_executor());
  Wait::Transfer transfer;
  std::array<char, 16> bytes{};
  line.theirs.write_some(asio::buffer("hello", 5));
  ASSERT_TRUE(line.run([](Wait& w, Line& l, std::array<char, 16>& into,
                          Wait::Transfer& result) -> asio::awaitable<void> {
    w.set_deadline(Clock::now() + 10s);
    result = co_await w.read_some(l.ours, asio::buffer(into));
  }(wait, line, bytes, transfer)));
  EXPECT_FALSE(transfer.error);
  EXPECT_EQ(std::string(bytes.data(), transfer.len), "hello");
  line.theirs.close();
  ASSERT_TRUE(line.run([](Wait& w, Line& l, std::array<char, 16>& into,
                          Wait::Transfer& result) -> asio::awaitable<void> {
    result = co_await w.read_some(l.ours, asio::buffer(into));
  }(wait, line, bytes, transfer)));
  EXPECT_EQ(transfer.error, asio::error::eof);
}

TEST(Wait, ForgetsADeadlineWhenTheNextIsSet) {
  Line line;
  Wait wait(line.loop.get_executor());
  Code result = kAborted;
  ASSERT_TRUE(line.run([](Wait& w, Line& l, Code& code) -> asio::awaitable<void> {
    w.set_deadline(Clock::now() + 1ms);
    std::this_thread::sleep_for(3ms);
    // The first expiry may be queued by now.
    co_await asio::post(l.loop, asio::use_awaitable);
    w.set_deadline(Clock::now() + 10s);
    l.theirs.write_some(asio::buffer("x", 1));
    code = co_await w.readable(l.ours);
  }(wait, line, result)));
  EXPECT_FALSE(result);
}

/// Under the address sanitizer: the queued expiry does not touch what is gone.
TEST(Wait, MayGoWhileItsExpiryIsQueued) {
  asio::io_context loop{1};
  for (int i = 0; i < 20; ++i) {
    auto wait = std::make_unique<Wait>(loop.get_executor());
    wait->set_deadline(Clock::now() + 1ms);
    asio::post(loop, [&wait] {
      std::this_thread::sleep_for(2ms);
      wait.reset();
    });
    loop.restart();
    loop.run();
  }
}

asio::awaitable<void> wait_for(Wait& wait, Event& event, Clock::time_point moment, Code& result) {
  result = co_await wait.event(event, moment);
}

TEST(Wait, SeesAnEventWheneverItIsSet) {
  Line line;
  Wait wait(line.loop.get_executor());
  wait.set_deadline(Clock::now() + 10s);
  Event event(line.loop.get_executor());
  Code result = kAborted;
  asio::post(line.loop, [&] { event.set(); });
  ASSERT_TRUE(line.run(wait_for(wait, event, Clock::time_point::max(), result)));
  EXPECT_FALSE(result);
  result = kAborted;
  ASSERT_TRUE(line.run(wait_for(wait, event, Clock::time_point::max(), result)));
  EXPECT_FALSE(result);  // it stays set
  event.clear();
  EXPECT_FALSE(event.is_set());
  ASSERT_TRUE(line.run(wait_for(wait, event, Clock::now() + 5ms, result)));
  EXPECT_FALSE(result);  // a moment is no deadline
  EXPECT_FALSE(event.is_set());
}

}  // namespace
}  // namespace peercert::scan
