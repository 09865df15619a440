// SPDX-License-Identifier: Apache-2.0
#include "ssl/connect.hpp"

#include <algorithm>
#include <chrono>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/resource.h>

#include <peercert/ssl/error.hpp>

#include "support/tls_pair.hpp"

namespace peercert::ssl {
namespace {

using namespace std::chrono_literals;

RawAddress address_of(const Socket& socket) {
  const SocketAddress name = socket.getsockname();
  return resolve(name.host, name.port, Deadline(std::nullopt)).front();
}

/// An address at which nobody listens.
RawAddress closed_address(const char* host) { return address_of(create_server(host, 0)); }

/// A listener whose queue is full: it does not answer.
class SilentListener {
 public:
  SilentListener() {
    try {
      for (;;)
        queue_.push_back(create_connection("127.0.0.1", listener_.getsockname().port, 200ms));
    } catch (const TimeoutError&) {
    }
  }
  RawAddress address() const { return address_of(listener_); }

 private:
  Socket listener_ = create_server("127.0.0.1", 0, 0);
  std::vector<Socket> queue_;
};

TEST(ConnectFirst, TriesEveryAddress) {
  const Socket listener = create_server("127.0.0.1", 0);
  const Socket client =
      connect_first({closed_address("::1"), closed_address("127.0.0.1"), address_of(listener)},
                    Deadline(std::nullopt));
  EXPECT_EQ(client.getpeername().str(), listener.getsockname().str());
}

TEST(ConnectFirst, SaysWhatHappenedAtEachAddress) {
  const RawAddress v6 = closed_address("::1");
  const RawAddress v4 = closed_address("127.0.0.1");
  const auto error = caught<std::system_error>([&] { connect_first({v6, v4}, Deadline(30s)); });
  EXPECT_EQ(error.code(), std::errc::connection_refused);
  EXPECT_EQ(error.what(), to_socket_address(v6).str() + ": Connection refused, " +
                              to_socket_address(v4).str() + ": Connection refused");
}

TEST(ConnectFirst, LeavesTimeForTheAddressesBehindASilentOne) {
  const SilentListener silent;
  const Socket listener = create_server("127.0.0.1", 0);
  const Socket client = connect_first({silent.address(), address_of(listener)}, Deadline(1s));
  EXPECT_EQ(client.getpeername().str(), listener.getsockname().str());
}

TEST(ConnectFirst, GivesUpAtTheDeadline) {
  const SilentListener silent;
  const auto error =
      caught<TimeoutError>([&] { connect_first({silent.address()}, Deadline(100ms)); });
  EXPECT_EQ(error.code(), std::errc::timed_out);
  EXPECT_EQ(error.what(), to_socket_address(silent.address()).str() + ": Connection timed out");
}

// select(2) cannot wait for such a descriptor.
TEST(WaitUntilReady, TakesDescriptorsOverFdSetsize) {
  constexpr int kHighFd = FD_SETSIZE + 10;
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  const rlimit before = limit;
  limit.rlim_cur = std::max<rlim_t>(limit.rlim_cur, kHighFd + 1);
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) GTEST_SKIP() << "the limit of open files is low";
  SocketPair pair = connect_sockets();
  const Socket high(::fcntl(pair.client.fileno(), F_DUPFD_CLOEXEC, kHighFd));
  ASSERT_GE(high.fileno(), kHighFd);
  EXPECT_TRUE(wait_until_ready(high.fileno(), POLLOUT, Deadline(30s)));
  EXPECT_FALSE(wait_until_ready(high.fileno(), POLLIN, Deadline(10ms)));
  ::setrlimit(RLIMIT_NOFILE, &before);
}

TEST(WaitUntilReady, IsOverWhenTheDeadlineIsEvenIfTheSocketIsReady) {
  const SocketPair pair = connect_sockets();
  EXPECT_FALSE(wait_until_ready(pair.client.fileno(), POLLOUT, Deadline(0ms)));
}

}  // namespace
}  // namespace peercert::ssl
