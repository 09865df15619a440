// SPDX-License-Identifier: Apache-2.0
#include "ssl/connection/connection.hpp"

#include <chrono>
#include <csignal>

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>

#include "ssl/net/call_until.hpp"
#include "ssl/net/connect.hpp"
#include "support/tls_pair.hpp"

namespace peercert::ssl {
namespace {

using namespace std::chrono_literals;

TEST(ServerHostname, TakesNamesAndAddresses) {
  for (const char* name : {"example.org", "example.org.", "localhost", "127.0.0.1", "::1",
                           "xn--knigsgchen-b4a3dun.example", "*.example.org"}) {
    EXPECT_EQ(server_hostname_problem(name), "") << name;
  }
  EXPECT_EQ(server_hostname_problem(std::string(63, 'a') + ".org"), "");
}

TEST(ServerHostname, RefusesWhatCannotBeSentOrMatched) {
  const char* python = "server_hostname cannot be an empty string or start with a leading dot.";
  EXPECT_EQ(server_hostname_problem(""), python);
  EXPECT_EQ(server_hostname_problem(".example.org"), python);
  EXPECT_EQ(server_hostname_problem("."), python);
  using namespace std::string_view_literals;
  EXPECT_TRUE(contains(server_hostname_problem("good.org\0.evil.org"sv), "null"));
  EXPECT_TRUE(contains(server_hostname_problem("königsgäßchen.de"), "A-label"));
  EXPECT_TRUE(contains(server_hostname_problem("a..b"), "empty label"));
  EXPECT_TRUE(contains(server_hostname_problem("a.b.."), "empty label"));
  EXPECT_TRUE(contains(server_hostname_problem(std::string(64, 'a') + ".org"), "63"));
}

/// Both ends of a conversation driven by one thread, as an event loop would.
class ConnectionTest : public testing::Test {
 protected:
  ConnectionTest() {
    sockets_.client.set_timeout(0ms);
    sockets_.server.set_timeout(0ms);
    EXPECT_TRUE(client_.open(client_context_.native_handle(), sockets_.client.fileno(),
                             {.check_hostname = true, .server_hostname = "localhost"}));
    EXPECT_TRUE(server_.open(server_context_.native_handle(), sockets_.server.fileno(),
                             {.server_side = true}));
  }

  void handshake() {
    Outcome client{Status::want_write}, server{Status::want_read};
    while (!client || !server) {
      if (!client) client = client_.do_handshake();
      if (!server) server = server_.do_handshake();
      ASSERT_TRUE(client || client.status == Status::want_read);
      ASSERT_TRUE(server || server.status == Status::want_read);
    }
  }

  void await_octets(const Socket& socket) {
    ASSERT_TRUE(wait_until_ready(socket.fileno(), POLLIN, Deadline(30s)));
  }

  SSLContext client_context_ = TestPki::shared().client_context();
  SSLContext server_context_ = TestPki::shared().server_context();
  SocketPair sockets_ = connect_sockets();
  Connection client_, server_;
  std::array<std::uint8_t, 64> buffer_{};
  std::size_t len_ = 0;
};

TEST_F(ConnectionTest, TellsWhatItWaitsFor) {
  EXPECT_EQ(client_.do_handshake().status, Status::want_read);
  EXPECT_EQ(ERR_peek_error(), 0U);
  handshake();
  EXPECT_EQ(server_.read(buffer_, len_).status, Status::want_read);
}

TEST_F(ConnectionTest, CarriesOctets) {
  handshake();
  const std::array<std::uint8_t, 3> sent = {1, 2, 3};
  ASSERT_TRUE(client_.write(sent));
  await_octets(sockets_.server);
  ASSERT_TRUE(server_.read(buffer_, len_));
  EXPECT_TRUE(std::ranges::equal(std::span(buffer_).first(len_), sent));
}

TEST_F(ConnectionTest, TellsACleanEndFromARaggedOne) {
  handshake();
  bool done = true;
  ASSERT_TRUE(client_.shutdown(done));
  EXPECT_FALSE(done);
  await_octets(sockets_.server);
  EXPECT_EQ(server_.read(buffer_, len_).status, Status::zero_return);
  sockets_.server.close();
  await_octets(sockets_.client);
  EXPECT_EQ(client_.read(buffer_, len_).status, Status::eof);
}

TEST_F(ConnectionTest, WantsToWriteWhenThePeerDoesNotRead) {
  handshake();
  const std::vector<std::uint8_t> megabyte(1 << 20);
  Outcome outcome;
  for (int i = 0; i < 1000 && outcome; ++i) outcome = client_.write(megabyte);
  EXPECT_EQ(outcome.status, Status::want_write);
}

// Else a peer whose octets OpenSSL skips, without end, would keep a call from returning.
TEST_F(ConnectionTest, LeavesTheSocketAloneOnceTheDeadlineHasPassed) {
  handshake();
  const std::array<std::uint8_t, 3> sent = {1, 2, 3};
  ASSERT_TRUE(client_.write(sent));
  await_octets(sockets_.server);
  server_.set_deadline(Deadline(0ms));
  EXPECT_EQ(server_.read(buffer_, len_).status, Status::want_read);
  EXPECT_EQ(server_.write(sent).status, Status::want_write);
  server_.set_deadline(Deadline(30s));
  ASSERT_TRUE(server_.write(sent));
  ASSERT_TRUE(server_.read(buffer_, len_));
  EXPECT_EQ(len_, sent.size());
}

TEST_F(ConnectionTest, ReportsPlainTextAsTheWrongVersion) {
  const std::string_view plain = "HTTP/1.1 400 Bad Request\r\n\r\n";
  EXPECT_EQ(client_.do_handshake().status, Status::want_read);
  ASSERT_EQ(::send(sockets_.server.fileno(), plain.data(), plain.size(), 0),
            static_cast<ssize_t>(plain.size()));
  await_octets(sockets_.client);
  const Outcome outcome = client_.do_handshake();
  EXPECT_EQ(outcome.status, Status::error);
  EXPECT_EQ(outcome.error.reason(), "WRONG_VERSION_NUMBER");
  EXPECT_EQ(ERR_peek_error(), 0U);
}

// A stale entry of the application's must not become the reason of our failure.
TEST_F(ConnectionTest, IgnoresWhatTheQueueHeldBefore) {
  ERR_raise(ERR_LIB_X509, 100);
  EXPECT_EQ(client_.do_handshake().status, Status::want_read);
  EXPECT_EQ(ERR_peek_error(), 0U);
}

TEST_F(ConnectionTest, WritingToAPeerThatHasGoneRaisesNoSignal) {
  handshake();
  server_.reset();
  const linger reset{1, 0};
  ::setsockopt(sockets_.server.fileno(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  sockets_.server.close();
  await_octets(sockets_.client);
  // Were SIGPIPE raised, it would end this program.
  auto* const before = ::signal(SIGPIPE, SIG_DFL);
  const std::array<std::uint8_t, 3> data = {1, 2, 3};
  EXPECT_EQ(client_.write(data).status, Status::syscall);
  const Outcome outcome = client_.write(data);
  EXPECT_FALSE(outcome);
  ::signal(SIGPIPE, before);
}

TEST_F(ConnectionTest, LetsOpenSSLFindTheDescriptor) {
  EXPECT_EQ(SSL_get_fd(client_.native_handle()), sockets_.client.fileno());
}

TEST(CallUntil, GivesTheResultInTime) {
  EXPECT_EQ(call_until<int>(Deadline(30s), [] { return 42; }), 42);
}

TEST(CallUntil, DoesNotWaitForALateFunction) {
  std::promise<void> release;
  const std::shared_future<void> released = release.get_future().share();
  EXPECT_EQ(call_until<int>(Deadline(10ms), [released] { return released.wait(), 42; }),
            std::nullopt);
  release.set_value();
}

TEST(CallUntil, LeavesSignalsToTheCallersThreads) {
  const auto is_blocked = call_until<bool>(Deadline(30s), [] {
    sigset_t blocked;
    pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
    return sigismember(&blocked, SIGTERM) == 1;
  });
  EXPECT_EQ(is_blocked, true);
  sigset_t own;
  pthread_sigmask(SIG_SETMASK, nullptr, &own);
  EXPECT_EQ(sigismember(&own, SIGTERM), 0);
}

}  // namespace
}  // namespace peercert::ssl
