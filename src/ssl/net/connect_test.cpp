// SPDX-License-Identifier: Apache-2.0
#include "ssl/net/connect.hpp"

#include <algorithm>
#include <chrono>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>

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

/// A TLS socket that has no peer yet, and a listener for it.
class ConnectTest : public testing::Test {
 protected:
  ConnectTest() { listener_.set_timeout(30s); }

  static SSLSocket unconnected(const WrapOptions& options = {.server_hostname = "localhost"},
                               Timeout timeout = 30s, int family = AF_INET) {
    Socket socket(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    socket.set_timeout(timeout);
    return pki().client_context().wrap_socket(std::move(socket), options);
  }

  /// The server's side of one connection, which says hello.
  std::future<SSLSocket> serve() {
    return std::async(std::launch::async, [this] {
      SSLSocket peer =
          pki().server_context().wrap_socket(listener_.accept(), {.server_side = true});
      peer.write(bytes_of("hello"));
      return peer;
    });
  }

  std::uint16_t port() const { return listener_.getsockname().port; }

  Socket listener_ = create_server("127.0.0.1", 0);
};

// As in most of Python's tests.
TEST_F(ConnectTest, RunsTheHandshake) {
  auto server = serve();
  SSLSocket client = unconnected();
  client.connect({"localhost", port()});
  EXPECT_EQ(read_some(client), "hello");
  EXPECT_EQ(client.getpeercert(binary_form), pki().server.certificate_der());
  EXPECT_EQ(client.getpeername().port, port());
  EXPECT_STREQ(caught<ValueError>([&] {
                 client.connect({"127.0.0.1", port()});
               }).what(),
               "attempt to connect already-connected SSLSocket!");
  server.get();
}

TEST_F(ConnectTest, LeavesTheHandshakeToTheCallerIfToldSo) {
  SSLSocket client =
      unconnected({.do_handshake_on_connect = false, .server_hostname = "localhost"});
  client.connect({"127.0.0.1", port()});
  EXPECT_EQ(client.version(), std::nullopt);
  auto server = serve();
  client.do_handshake();
  EXPECT_EQ(read_some(client), "hello");
  server.get();
}

TEST_F(ConnectTest, KeepsWhatItFoundInAPeerThatIsNotVerified) {
  auto server = serve();
  SSLSocket client = unconnected({.server_hostname = "other.example"});
  EXPECT_THROW(client.connect({"127.0.0.1", port()}), SSLCertVerificationError);
  EXPECT_EQ(client.peer_identity().verdict(), Verdict::failed);
  EXPECT_THROW(client.write(bytes_of("secret")), SSLError);
  EXPECT_THROW(static_cast<void>(client.getpeercert()), ValueError);
  EXPECT_THROW(client.connect({"127.0.0.1", port()}), ValueError);
  client.close();
  EXPECT_THROW(server.get(), SSLError);
}

TEST_F(ConnectTest, SaysWhyThereIsNoConnection) {
  SSLSocket client = unconnected();
  const RawAddress refused = closed_address("127.0.0.1");
  EXPECT_EQ(caught<std::system_error>([&] { client.connect(to_socket_address(refused)); }).code(),
            std::errc::connection_refused);
  EXPECT_EQ(caught<std::system_error>([&] { client.do_handshake(); }).code(),
            std::errc::not_connected);
}

TEST_F(ConnectTest, RefusesAddressesThatItCannotReach) {
  SSLSocket client = unconnected();
  EXPECT_THROW(client.connect({"::1", port()}), gaierror);
  EXPECT_THROW(client.connect({"no..such..name", port()}), gaierror);
  EXPECT_THROW(client.connect({std::string("127.0.0.1\0.org", 14), port()}), ValueError);
  client.close();
  EXPECT_EQ(caught<std::system_error>([&] {
              client.connect({"127.0.0.1", port()});
            }).code(),
            std::errc::bad_file_descriptor);
  SSLSocket server =
      pki().server_context().wrap_socket(std::move(listener_), {.server_side = true});
  EXPECT_STREQ(caught<ValueError>([&] {
                 server.connect({"127.0.0.1", 1});
               }).what(),
               "can't connect in server-side mode");
}

// One deadline for all of it: the peer accepts, and says nothing.
TEST_F(ConnectTest, HasADeadline) {
  const SilentListener silent;
  SSLSocket client = unconnected({.server_hostname = "localhost"}, 50ms);
  EXPECT_EQ(
      caught<TimeoutError>([&] { client.connect(to_socket_address(silent.address())); }).what(),
      to_socket_address(silent.address()).str() + ": timed out");
  SSLSocket second = unconnected({.server_hostname = "localhost"}, 50ms);
  EXPECT_STREQ(caught<TimeoutError>([&] {
                 second.connect({"127.0.0.1", port()});
               }).what(),
               "The handshake operation timed out");
}

TEST_F(ConnectTest, DoesNotWaitIfTheSocketDoesNotBlock) {
  SSLSocket client =
      unconnected({.do_handshake_on_connect = false, .server_hostname = "localhost"}, 0ms);
  EXPECT_EQ(caught<std::system_error>([&] {
              client.connect({"127.0.0.1", port()});
            }).code(),
            std::errc::operation_in_progress);
  ASSERT_TRUE(wait_until_ready(client.fileno(), POLLOUT, Deadline(30s)));
  client.connect({"127.0.0.1", port()});
  EXPECT_THROW(client.do_handshake(), SSLWantReadError);
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
