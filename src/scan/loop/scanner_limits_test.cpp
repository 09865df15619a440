// SPDX-License-Identifier: Apache-2.0
// Scans that may not look at everything, nor as fast as they can.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <future>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <peercert/scan/scanner.hpp>
#include <peercert/ssl/error.hpp>

#include "support/tls_pair.hpp"

namespace peercert::scan {
namespace {

using namespace std::chrono_literals;

const Target kHere{.text = "127.0.0.1", .host = "127.0.0.1"};

/// Gives each target in turn.
NextTarget one_after_another(std::vector<Target> targets) {
  return [targets = std::move(targets), next = std::size_t{0}]() mutable -> std::optional<Target> {
    if (next == targets.size()) return std::nullopt;
    return targets[next++];
  };
}

std::vector<Record> scan_within(const ScanOptions& options, Networks networks,
                                std::vector<Target> targets) {
  Scanner scanner(options, std::move(networks));
  std::mutex mutex;
  std::vector<Record> all;
  scanner.run(one_after_another(std::move(targets)), [&](std::vector<Record> records) {
    const std::lock_guard lock(mutex);
    std::ranges::move(records, std::back_inserter(all));
  });
  return all;
}

bool is_connected_to(ssl::Socket& listener) {
  listener.set_timeout(0s);
  try {
    listener.accept();
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

TEST(ScannerNetworks, LeaveOutWhatIsDenied) {
  ssl::Socket listener = ssl::create_server("127.0.0.1", 0);
  Target here = kHere, named = kHere;
  here.port = named.port = listener.getsockname().port;
  named.host = "localhost";
  Networks networks;
  networks.denied.add("127.0.0.0/8");
  networks.denied.add("::/0");
  const auto records = scan_within({}, networks, {here, named});
  ASSERT_EQ(records.size(), 2U);
  for (const Record& record : records) {
    ASSERT_TRUE(record.failure);
    EXPECT_EQ(record.failure->error_class, ErrorClass::denied);
    EXPECT_EQ(record.failure->phase, Phase::connect);
    EXPECT_EQ(record.address, "");
    EXPECT_FALSE(record.times.connect);
    EXPECT_EQ(record.times.dns.has_value(), record.host == "localhost");
  }
  EXPECT_FALSE(is_connected_to(listener));
  networks.denied = {};
  networks.allowed.add("192.0.2.0/24");
  EXPECT_EQ(scan_within({}, networks, {here}).at(0).failure->error_class, ErrorClass::denied);
  EXPECT_FALSE(is_connected_to(listener));
}

TEST(ScannerNetworks, KeepTheOtherAddressesOfAHost) {
  Target named = kHere;
  named.host = "localhost";
  named.port = ssl::create_server("127.0.0.1", 0).getsockname().port;  // and closes it
  Networks networks;
  networks.denied.add("::1");
  ScanOptions every;
  every.all_addresses = true;
  const auto records = scan_within(every, networks, {named});
  ASSERT_FALSE(records.empty());
  for (const Record& record : records) {
    EXPECT_EQ(record.failure->error_class, ErrorClass::refused);
    EXPECT_EQ(record.address, "127.0.0.1");
  }
}

/// A server that has so many connections at once, and then looks whether there is one more.
class CrowdedServer {
 public:
  CrowdedServer(std::size_t crowd, std::size_t total)
      : listener_(ssl::create_server("0.0.0.0", 0)),
        port_(listener_.getsockname().port),
        thread_([this, crowd, total] { serve(crowd, total); }) {}
  CrowdedServer(const CrowdedServer&) = delete;
  CrowdedServer& operator=(const CrowdedServer&) = delete;
  ~CrowdedServer() { join(); }

  std::uint16_t port() const noexcept { return port_; }
  void join() {
    if (thread_.joinable()) thread_.join();
  }
  bool has_seen_more() const noexcept { return has_seen_more_; }

 private:
  void serve(std::size_t crowd, std::size_t total) {
    while (total > 0) {
      std::vector<ssl::Socket> present;
      if (!accept(present, std::min(crowd, total), 5s)) return;
      has_seen_more_ |= total > crowd && accept(present, crowd + 1, 30ms);
      total -= std::min(total, present.size());
      // What is not TLS: after a mere close a scan comes once more.
      for (const ssl::Socket& socket : present)
        ::send(socket.fileno(), "no TLS\r\n", 8, MSG_NOSIGNAL);
    }
  }
  bool accept(std::vector<ssl::Socket>& present, std::size_t num, std::chrono::milliseconds wait) {
    listener_.set_timeout(wait);
    try {
      while (present.size() < num) present.push_back(listener_.accept());
    } catch (const std::exception&) {
      return false;
    }
    return true;
  }

  ssl::Socket listener_;
  std::uint16_t port_;
  bool has_seen_more_ = false;
  std::thread thread_;
};

/// Whether more than `crowd` connections were in flight at once, over several loops.
bool is_crowded(std::size_t crowd, unsigned per_address, unsigned per_network,
                const std::vector<std::string>& addresses) {
  std::vector<Target> targets;
  for (int i = 0; i < 3; ++i) {
    for (const std::string& address : addresses) targets.push_back(Target{.host = address});
  }
  CrowdedServer server(crowd, targets.size());
  for (Target& target : targets) target.port = server.port();
  ScanOptions options;
  options.threads = 3;
  options.per_address = per_address;
  options.per_network = per_network;
  const auto records = scan_within(options, {}, targets);
  EXPECT_EQ(records.size(), targets.size());
  for (const Record& record : records) {
    EXPECT_EQ(record.failure->phase, Phase::handshake) << record.failure->message;
  }
  server.join();
  return server.has_seen_more();
}

TEST(ScannerLimits, HoldUnderLoad) {
  const std::vector<std::string> one = {"127.0.0.1", "127.0.0.1"};
  EXPECT_TRUE(is_crowded(2, 0, 0, one));
  EXPECT_FALSE(is_crowded(2, 2, 0, one));
  const std::vector<std::string> network = {"127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4"};
  EXPECT_TRUE(is_crowded(3, 3, 0, network));
  EXPECT_FALSE(is_crowded(3, 0, 3, network));
  EXPECT_FALSE(is_crowded(1, 1, 3, one));
  EXPECT_FALSE(is_crowded(2, 0, 1, {"127.0.0.1", "127.0.1.1"}));
}

TEST(ScannerLimits, LetGoOfThoseWhoWaitWhenAbandoned) {
  ssl::Socket listener = ssl::create_server("127.0.0.1", 0);
  Target here = kHere;
  here.port = listener.getsockname().port;
  ScanOptions options;
  options.threads = 3;
  options.per_address = 1;
  Scanner scanner(options);
  std::atomic<bool> is_delivered = false;
  auto abandoned = std::async(std::launch::async, [&] {
    ssl::Socket first = listener.accept();
    while (scanner.in_flight() < 6) std::this_thread::sleep_for(1ms);
    scanner.abandon();
    return first;
  });
  scanner.run(one_after_another(std::vector(6, here)),
              [&](const std::vector<Record>&) { is_delivered = true; });
  abandoned.get();
  EXPECT_FALSE(is_delivered);
}

/// Each waits longer for its place than it may take.
TEST(ScannerLimits, DoNotChargeTheWait) {
  ssl::Socket listener = ssl::create_server("127.0.0.1", 0);  // and says nothing
  Target here = kHere;
  here.port = listener.getsockname().port;
  ScanOptions options;
  options.per_address = 1;
  options.limits.handshake = 60ms;
  options.limits.total = 200ms;
  const auto records = scan_within(options, {}, std::vector(8, here));
  ASSERT_EQ(records.size(), 8U);
  for (const Record& record : records) {
    ASSERT_TRUE(record.failure);
    EXPECT_EQ(record.failure->phase, Phase::handshake) << record.failure->message;
  }
}

/// Those that wait are given up, so that the end comes with that of those that fly.
TEST(ScannerLimits, LetGoOfThoseWhoWaitWhenStopped) {
  ssl::Socket listener = ssl::create_server("127.0.0.1", 0);
  Target here = kHere;
  here.port = listener.getsockname().port;
  ScanOptions options;
  options.threads = 3;
  options.per_address = 1;
  options.limits.handshake = 1s;
  Scanner scanner(options);
  std::atomic<int> num_delivered = 0;
  auto stopped = std::async(std::launch::async, [&] {
    ssl::Socket first = listener.accept();
    while (scanner.in_flight() < 100) std::this_thread::sleep_for(1ms);
    scanner.stop();
    return first;
  });
  scanner.run(one_after_another(std::vector(100, here)), [&](const std::vector<Record>& records) {
    EXPECT_FALSE(records.empty());
    ++num_delivered;
  });
  stopped.get();
  EXPECT_GE(num_delivered, 1);
  EXPECT_LT(num_delivered, 50);  // and not all, one a second
}

TEST(ScannerLimits, FitTheDescriptors) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit low = before;
  low.rlim_cur = 128;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &low), 0);
  ScanOptions options;
  options.threads = 1;
  options.concurrency = 1000;
  const std::size_t most = Scanner(options).concurrency();
  EXPECT_GT(most, 32U);
  EXPECT_LT(most, 128U - options.reserved_descriptors);
  options.reserved_descriptors += 10;
  EXPECT_EQ(Scanner(options).concurrency(), most - 10);
  options.concurrency = 7;
  EXPECT_EQ(Scanner(options).concurrency(), 7U);
  options.concurrency = 0;
  EXPECT_EQ(Scanner(options).concurrency(), 1U);
  options.reserved_descriptors = 128;
  EXPECT_THROW(Scanner{options}, std::runtime_error);
  ::setrlimit(RLIMIT_NOFILE, &before);
}

TEST(ScannerRate, IsKept) {
  Networks networks;
  networks.denied.add("127.0.0.1");
  ScanOptions options;
  options.rate = 200;
  std::vector<std::chrono::steady_clock::time_point> begun;
  Scanner scanner(options, networks);
  auto next = one_after_another(std::vector(41, kHere));
  const auto start = std::chrono::steady_clock::now();
  scanner.run(
      [&] {
        begun.push_back(std::chrono::steady_clock::now());
        return next();
      },
      [](const std::vector<Record>&) {});
  // 21 at once, as a tenth of a second's burst allows, and then one every 5 ms. Counted from before
  // the first, which the scanner may have let begin long before it was asked for.
  EXPECT_GE(begun.at(40) - start, 100ms);
}

TEST(ScannerRate, DoesNotKeepFromStopping) {
  ScanOptions options;
  options.rate = 0.001;
  Networks networks;
  networks.denied.add("127.0.0.1");
  Scanner scanner(options, networks);
  int num_begun = 0;
  const auto next = [&]() -> std::optional<Target> {
    ++num_begun;
    return kHere;
  };
  scanner.run(next, [&](const std::vector<Record>&) { scanner.stop(); });
  EXPECT_EQ(num_begun, 1);
  options.rate = -1;
  EXPECT_THROW(Scanner{options}, ssl::ValueError);
}

}  // namespace
}  // namespace peercert::scan
