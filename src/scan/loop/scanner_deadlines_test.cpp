// SPDX-License-Identifier: Apache-2.0
// Peers and name servers that speak at a deadline, just before it and just after it: each target
// has its record all the same. What hangs fails by a bound of its own.
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <asio/buffer.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/ip/udp.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <peercert/scan/scanner.hpp>

#include "support/tls_pair.hpp"

namespace peercert::scan {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using asio::ip::tcp;
using asio::ip::udp;
using Moments = std::chrono::microseconds;

constexpr auto kDeadline = 120ms;
constexpr std::size_t kNumTargets = 60;

/// Moments around the deadline, from 6 ms before it to 6 ms after it.
Moments moment(std::size_t number) {
  return kDeadline + Moments(static_cast<int>(number % 60) * 200 - 6'000);
}

/// A thread that runs a loop.
class PeerThread {
 public:
  PeerThread() : thread_([this] { loop.run(); }) {}
  PeerThread(const PeerThread&) = delete;
  PeerThread& operator=(const PeerThread&) = delete;
  ~PeerThread() {
    loop.stop();
    thread_.join();
  }

  asio::io_context loop{1};

 private:
  asio::executor_work_guard<asio::io_context::executor_type> work_{loop.get_executor()};
  std::thread thread_;
};

/// Says `first` at once and `then` around the deadline, and is silent ever after.
class LateTalker {
 public:
  LateTalker(std::string first, std::string then)
      : first_(std::move(first)), then_(std::move(then)) {
    asio::co_spawn(thread_.loop, accept(), asio::detached);
  }
  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

 private:
  asio::awaitable<void> accept() {
    for (std::size_t number = 0;; ++number) {
      asio::co_spawn(thread_.loop,
                     serve(co_await acceptor_.async_accept(asio::use_awaitable), number),
                     asio::detached);
    }
  }
  asio::awaitable<void> serve(tcp::socket socket, std::size_t number) {
    asio::steady_timer timer(thread_.loop, moment(number));
    std::array<char, 4096> heard{};
    co_await asio::async_write(socket, asio::buffer(first_), asio::use_awaitable);
    co_await timer.async_wait(asio::use_awaitable);
    co_await asio::async_write(socket, asio::buffer(then_), asio::use_awaitable);
    for (;;) co_await socket.async_read_some(asio::buffer(heard), asio::use_awaitable);
  }

  const std::string first_, then_;
  PeerThread thread_;
  tcp::acceptor acceptor_{thread_.loop, {asio::ip::address_v4::loopback(), 0}};
};

ScanOptions hurried() {
  ScanOptions options;
  options.threads = 1;
  options.mode = ScanMode::no_verify;
  options.limits = {
      .dns = 1min, .connect = 1min, .start_tls = kDeadline, .handshake = kDeadline, .total = 2min};
  return options;
}

/// What a target may take beyond its limits: that of a busy machine.
constexpr auto kGrace = 1s;

/// No record took longer than the limits say of its phases, and of all of them.
void expect_in_time(const std::vector<Record>& records, const PhaseLimits& limits) {
  const PhaseLimits::Duration all_phases =
      limits.dns + limits.connect + limits.start_tls + limits.handshake;
  for (const Record& record : records) {
    const PhaseTimes& times = record.times;
    EXPECT_LE(times.total, std::min(limits.total, all_phases) + kGrace);
    EXPECT_LE(times.dns.value_or(0us), limits.dns + kGrace);
    EXPECT_LE(times.connect.value_or(0us), limits.connect + kGrace);
    EXPECT_LE(times.start_tls.value_or(0us), limits.start_tls + kGrace);
    EXPECT_LE(times.handshake.value_or(0us), limits.handshake + kGrace);
  }
}

/// The records; fewer if the scan does not end by itself.
std::vector<Record> scan_that_ends(const ScanOptions& options, const Target& target,
                                   std::size_t num_targets = kNumTargets) {
  Scanner scanner(options);
  std::mutex mutex;
  std::vector<Record> all;
  std::size_t num_begun = 0;
  const auto next = [&]() -> std::optional<Target> {
    if (num_begun++ == num_targets) return std::nullopt;
    return target;
  };
  auto done = std::async(std::launch::async, [&] {
    scanner.run(next, [&](std::vector<Record> records) {
      const std::lock_guard lock(mutex);
      std::ranges::move(records, std::back_inserter(all));
    });
  });
  if (done.wait_for(25s) != std::future_status::ready) {
    ADD_FAILURE() << scanner.in_flight() << " targets hang";
    scanner.abandon();
  }
  done.get();
  expect_in_time(all, options.limits);
  return all;
}

Target target_at(std::uint16_t port, StartTls protocol = StartTls::none) {
  Target target{.text = "127.0.0.1", .host = "127.0.0.1"};
  target.port = port;
  target.start_tls = protocol;
  return target;
}

std::string repeated(const std::string& text, std::size_t len) {
  std::string all;
  while (all.size() < len) all += text;
  return all;
}

struct LateTalk {
  StartTls protocol;
  std::string first, then;
};

const std::string kLateStream =
    "<stream:stream xmlns:stream='http://etherx.jabber.org/streams'><stream:features>";
const std::string kLateFeature = "<a b='" + std::string(1000, '>') + "'/>";

const std::vector<LateTalk> kLateTalks = {
    {StartTls::smtp, "", repeated("220-x\r\n", 30'000)},
    {StartTls::lmtp, "220 x\r\n", repeated("250-x\r\n", 30'000)},
    {StartTls::imap, "* OK\r\n", repeated("* CAPABILITY x\r\n", 30'000)},
    {StartTls::pop3, "", std::string(3'000, 'x')},
    {StartTls::ftp, "220-x\r\n", repeated("x\r\n", 30'000)},
    {StartTls::sieve, "", repeated("\"x\" {3}\r\nabc\r\n", 30'000)},
    {StartTls::xmpp, "", kLateStream + repeated(kLateFeature, 30'000)},
    {StartTls::xmpp_server, kLateStream, repeated(kLateFeature, 30'000)},
    {StartTls::ldap, "\x30"s, "\x82\x0f\xff"s + std::string(3'000, '\0')},
    {StartTls::postgres, "", "S"},
    {StartTls::mysql, "\xff\x0f"s, "\0"s + std::string(3'000, '\x0a')},
    {StartTls::nntp, "", std::string(3'000, '2')},
    {StartTls::irc, "", repeated(":irc NOTICE * :x\r\n", 30'000)},
    {StartTls::rdp, "\3\0"s, "\x0f\xff"s + std::string(3'000, '\0')},
};

class LateStartTls : public testing::TestWithParam<LateTalk> {};
INSTANTIATE_TEST_SUITE_P(Scanner, LateStartTls, testing::ValuesIn(kLateTalks), [](const auto& i) {
  std::string name(to_string(i.param.protocol));
  std::erase(name, '-');
  return name;
});

TEST_P(LateStartTls, EndsAtTheDeadline) {
  const LateTalker peer(GetParam().first, GetParam().then);
  const auto records = scan_that_ends(hurried(), target_at(peer.port(), GetParam().protocol));
  ASSERT_EQ(records.size(), kNumTargets);
  for (const Record& record : records) EXPECT_TRUE(record.failure);
}

/// ServerHello of TLS 1.2 and a Certificate, cut at each message.
TEST(ScannerDeadlines, EndAHandshakeAtEachFlight) {
  const std::string hello =
      "\x16\x03\x03\0\x2a\x02\0\0\x26\x03\x03"s + std::string(32, 'r') + "\0\xc0\x2f\0"s;
  const std::string certificate =
      "\x16\x03\x03\0\x0f\x0b\0\0\x0b\0\0\x08\0\0\x05\x30\x03\x02\x01\x01"s;
  const std::pair<std::string, std::string> cuts[] = {
      {"", hello.substr(0, 3)},
      {hello.substr(0, 3), hello.substr(3, 20)},
      {hello.substr(0, 20), hello.substr(20)},
      {hello, certificate.substr(0, 10)},
      {"", repeated("\x16\x03\x03\0\x01\x02"s, 30'000)},
  };
  for (const auto& [first, then] : cuts) {
    const LateTalker peer(first, then);
    const auto records = scan_that_ends(hurried(), target_at(peer.port()));
    ASSERT_EQ(records.size(), kNumTargets);
    for (const Record& record : records) EXPECT_TRUE(record.failure);
  }
}

/// The total limit passes where no phase does.
TEST(ScannerDeadlines, HoldForAllPhasesTogether) {
  const LateTalker peer("220-x\r\n", repeated("x\r\n", 30'000));
  ScanOptions options = hurried();
  options.limits = {
      .dns = 1min, .connect = 1min, .start_tls = 1min, .handshake = 1min, .total = kDeadline};
  options.retries = 100;
  options.backoff = 1ms;
  const auto records = scan_that_ends(options, target_at(peer.port(), StartTls::ftp));
  EXPECT_EQ(records.size(), kNumTargets);
  for (const Record& record : records) EXPECT_EQ(record.attempts, 1U);  // no time was left
}

/// Answers each question around the deadline: with 127.0.0.1, or that there is nothing.
class LateNameServer {
 public:
  LateNameServer() { asio::co_spawn(thread_.loop, receive(), asio::detached); }
  std::string name() const {
    return "127.0.0.1:" + std::to_string(socket_.local_endpoint().port());
  }

 private:
  asio::awaitable<void> receive() {
    std::array<char, 512> question{};
    for (std::size_t number = 0;; ++number) {
      udp::endpoint from;
      const std::size_t len =
          co_await socket_.async_receive_from(asio::buffer(question), from, asio::use_awaitable);
      asio::co_spawn(thread_.loop, answer({question.data(), len}, from, number), asio::detached);
    }
  }
  /// RFC 1035, 4.1: the question again, and an A with a pointer to its name.
  asio::awaitable<void> answer(std::string message, udp::endpoint to, std::size_t number) {
    asio::steady_timer timer(thread_.loop, moment(number));
    co_await timer.async_wait(asio::use_awaitable);
    const std::size_t end = message.find('\0', 12) + 5;
    const bool asks_for_a = message[end - 3] == 1;
    message = message.substr(0, end);
    message.replace(2, 10, "\x81\x80\0\1\0\0\0\0\0\0"s);
    if (asks_for_a) {
      message[7] = 1;
      message += "\xc0\x0c\0\1\0\1\0\0\0\0\0\4\x7f\0\0\1"s;
    }
    co_await socket_.async_send_to(asio::buffer(message), to, asio::use_awaitable);
  }

  PeerThread thread_;
  udp::socket socket_{thread_.loop, {asio::ip::address_v4::loopback(), 0}};
};

TEST(ScannerDeadlines, EndALookupThatIsAnsweredThen) {
  const LateNameServer server;
  ScanOptions options = hurried();
  options.resolver.servers = {server.name()};
  options.limits.dns = kDeadline;
  options.limits.total = kDeadline + 2ms;
  for (const bool mail : {false, true}) {
    options.mail_hosts = mail;
    Target target = target_at(1);
    target.host = target.text = "late.test";
    const auto records = scan_that_ends(options, target);
    ASSERT_EQ(records.size(), kNumTargets);
    for (const Record& record : records) EXPECT_TRUE(record.failure);
  }
}

/// The first SYN finds the listener's queue full; by the time of the second, a second later, there
/// is room.
TEST(ScannerDeadlines, EndAConnectThatIsAnsweredThen) {
  PeerThread thread;
  tcp::acceptor full(thread.loop);
  full.open(tcp::v4());
  full.bind({asio::ip::address_v4::loopback(), 0});
  full.listen(0);
  const tcp::endpoint endpoint = full.local_endpoint();
  std::vector<tcp::socket> crowd;
  for (int i = 0; i < 4; ++i) {
    crowd.emplace_back(thread.loop, tcp::v4());
    crowd.back().native_non_blocking(true);
    ::connect(crowd.back().native_handle(), endpoint.data(),
              static_cast<socklen_t>(endpoint.size()));
  }
  auto room = std::async(std::launch::async, [&] {
    std::this_thread::sleep_for(900ms);
    std::vector<tcp::socket> accepted;
    full.non_blocking(true);
    std::error_code none;
    for (const auto until = std::chrono::steady_clock::now() + 1500ms;
         std::chrono::steady_clock::now() < until; std::this_thread::sleep_for(1ms)) {
      tcp::socket socket(thread.loop);
      full.accept(socket, none);
      if (!none) accepted.push_back(std::move(socket));
    }
  });
  ScanOptions options = hurried();
  options.limits.connect = 1030ms;
  const auto records = scan_that_ends(options, target_at(endpoint.port()));
  room.get();
  ASSERT_EQ(records.size(), kNumTargets);
  for (const Record& record : records) EXPECT_TRUE(record.failure);
}

/// RFC 5246, 7.4 and 6.2.1: a message in a record of its own.
std::string handshake_record(char type, const std::string& body) {
  const auto number = [](std::size_t value) {
    return std::string{static_cast<char>(value >> 8U), static_cast<char>(value & 0xffU)};
  };
  const std::string message = std::string{type, '\0'} + number(body.size()) + body;
  return "\x16\x03\x03" + number(message.size()) + message;
}

/// What was seen is not asked for again.
TEST(ScannerRetries, EndWithACertificate) {
  const std::string hello =
      handshake_record(2, "\x03\x03" + std::string(32, 'r') + "\0\xc0\x2b\0"s);
  const Der& der = ssl::pki().server.certificate_der();
  const auto len = [](std::size_t value) {
    return std::string{'\0', static_cast<char>(value >> 8U), static_cast<char>(value & 0xffU)};
  };
  const std::string certificate = handshake_record(
      11, len(der.size() + 3) + len(der.size()) + std::string(der.begin(), der.end()));
  const LateTalker with(hello + certificate, ""), without(hello, "");
  ScanOptions options = hurried();
  options.limits.handshake = 1s;
  options.retries = 2;
  options.backoff = 1ms;
  const auto seen = scan_that_ends(options, target_at(with.port()), 1);
  ASSERT_EQ(seen.size(), 1U);
  ASSERT_TRUE(seen.front().failure);
  EXPECT_EQ(seen.front().failure->error_class, ErrorClass::timeout);
  EXPECT_EQ(seen.front().chain.size(), 1U);
  EXPECT_EQ(seen.front().attempts, 1U);
  const auto unseen = scan_that_ends(options, target_at(without.port()), 1);
  ASSERT_EQ(unseen.size(), 1U);
  EXPECT_EQ(unseen.front().attempts, 3U);
}

}  // namespace
}  // namespace peercert::scan
