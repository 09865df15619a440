// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <peercert/http/metrics_server.hpp>
#include <peercert/ssl/error.hpp>
#include <peercert/ssl/socket.hpp>

namespace peercert::http {
namespace {

void send_text(const ssl::Socket& socket, std::string_view text) {
  ::send(socket.fileno(), text.data(), text.size(), MSG_NOSIGNAL);
}

// Until the server ends the connection.
std::string read_rest(const ssl::Socket& socket) {
  std::string all;
  std::array<char, 4096> octets{};
  for (;;) {
    const ssize_t len = ::recv(socket.fileno(), octets.data(), octets.size(), 0);
    if (len <= 0) return all;
    all.append(octets.data(), static_cast<std::size_t>(len));
  }
}

std::string converse(std::uint16_t port, std::string_view request) {
  const ssl::Socket socket = ssl::create_connection("127.0.0.1", port);
  send_text(socket, request);
  return read_rest(socket);
}

constexpr std::string_view kScrape = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";
// Nothing in a test takes as long: what has to end must not have waited for it.
constexpr std::chrono::hours kForever{1};

std::string page_x() { return "x 1\n"; }

TEST(MetricsServer, AnswersWithThePageOfTheMoment) {
  int number = 0;
  const MetricsServer server("127.0.0.1:0",
                             [&] { return "peercert_x " + std::to_string(++number) + "\n"; });
  const std::string request = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";
  const std::string first = converse(server.port(), request);
  EXPECT_TRUE(first.starts_with("HTTP/1.1 200 OK\r\n")) << first;
  EXPECT_NE(first.find("version=0.0.4"), std::string::npos);
  EXPECT_NE(first.find("Content-Length: 13\r\n"), std::string::npos);
  EXPECT_TRUE(first.ends_with("\r\n\r\npeercert_x 1\n")) << first;
  EXPECT_TRUE(converse(server.port(), request).ends_with("peercert_x 2\n"));
}

TEST(MetricsServer, RefusesEverythingElse) {
  const MetricsServer server("127.0.0.1:0", [] { return std::string("x 1\n"); });
  EXPECT_TRUE(converse(server.port(), "GET / HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 404"));
  EXPECT_TRUE(
      converse(server.port(), "POST /metrics HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 405"));
  EXPECT_TRUE(converse(server.port(), "\r\n\r\n\r\n").starts_with("HTTP/1.1 400"));
  // Its end is not waited for, nor does it take the answer from the client.
  EXPECT_TRUE(converse(server.port(), std::string(20'000, 'x')).starts_with("HTTP/1.1 431"));
}

TEST(MetricsServer, AnswersTheFirstOfTwoRequestsAndEnds) {
  const MetricsServer server("127.0.0.1:0", page_x);
  const std::string both = std::string(kScrape) + "GET / HTTP/1.1\r\n\r\n";
  const std::string answer = converse(server.port(), both);
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n")) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\nx 1\n")) << answer;
}

TEST(MetricsServer, AnswersARequestThatComesByteByByte) {
  const MetricsServer server("127.0.0.1:0", page_x);
  const ssl::Socket socket = ssl::create_connection("127.0.0.1", server.port());
  for (const char c : kScrape) send_text(socket, {&c, 1});
  EXPECT_TRUE(read_rest(socket).starts_with("HTTP/1.1 200"));
}

// None of them has anything to wait for but the others.
TEST(MetricsServer, AnswersAtOnceWhile400ClientsAreIdle) {
  const MetricsServer server("127.0.0.1:0", page_x, {.clients = 64, .time = kForever});
  std::vector<ssl::Socket> idle;
  for (int i = 0; i < 400; ++i) {
    idle.push_back(ssl::create_connection("127.0.0.1", server.port()));
    if (i % 2 == 0) send_text(idle.back(), "GET /met");  // slow ones among them
  }
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(converse(server.port(), kScrape).starts_with("HTTP/1.1 200"));
  }
  EXPECT_EQ(read_rest(idle.front()), "");  // the oldest was ended
  // The newest was not: its request is still answered.
  send_text(idle.back(), "GET /metrics HTTP/1.1\r\n\r\n");
  EXPECT_TRUE(read_rest(idle.back()).starts_with("HTTP/1.1 200"));
}

TEST(MetricsServer, HoldsAsManyClientsAsItMay) {
  const MetricsServer server("127.0.0.1:0", page_x, {.clients = 3, .time = kForever});
  std::vector<ssl::Socket> clients;
  for (int i = 0; i < 4; ++i) {
    clients.push_back(ssl::create_connection("127.0.0.1", server.port()));
  }
  EXPECT_EQ(read_rest(clients[0]), "");
  for (const std::size_t i : {1U, 2U, 3U}) {
    send_text(clients[i], kScrape);
    EXPECT_TRUE(read_rest(clients[i]).starts_with("HTTP/1.1 200")) << i;
  }
}

TEST(MetricsServer, ForgetsClientsThatHaveLeft) {
  const MetricsServer server("127.0.0.1:0", page_x, {.clients = 4, .time = kForever});
  const ssl::Socket idle = ssl::create_connection("127.0.0.1", server.port());
  for (int i = 0; i < 10; ++i) converse(server.port(), kScrape);
  send_text(idle, kScrape);
  EXPECT_TRUE(read_rest(idle).starts_with("HTTP/1.1 200"));
}

TEST(MetricsServer, GivesAConnectionItsTimeAndNoMore) {
  const MetricsServer server("127.0.0.1:0", page_x,
                             {.clients = 64, .time = std::chrono::milliseconds(50)});
  const ssl::Socket silent = ssl::create_connection("127.0.0.1", server.port());
  const ssl::Socket slow = ssl::create_connection("127.0.0.1", server.port());
  send_text(slow, "GET /metrics HTTP/1.1\r\nX: ");
  EXPECT_EQ(read_rest(silent), "");
  // Its end comes while it goes on and on.
  while (::send(slow.fileno(), "x", 1, MSG_NOSIGNAL) == 1) {
  }
}

// A page that no buffer of the system takes in.
const std::string& large_page() {
  static const std::string page(std::size_t{64} << 20, 'x');
  return page;
}

// A client to whom the server is writing its answer, and cannot go on.
ssl::Socket begin_to_read(std::uint16_t port) {
  ssl::Socket socket = ssl::create_connection("127.0.0.1", port);
  send_text(socket, kScrape);
  char first = 0;
  EXPECT_EQ(::recv(socket.fileno(), &first, 1, 0), 1);
  EXPECT_EQ(first, 'H');
  return socket;
}

TEST(MetricsServer, FinishesAnAnswerWhile400OthersAreIdle) {
  const MetricsServer server("127.0.0.1:0", large_page, {.clients = 64, .time = kForever});
  const ssl::Socket reader = begin_to_read(server.port());
  std::vector<ssl::Socket> idle;
  for (int i = 0; i < 400; ++i) {
    idle.push_back(ssl::create_connection("127.0.0.1", server.port()));
  }
  EXPECT_TRUE(converse(server.port(), kScrape).ends_with("xxx"));
  EXPECT_EQ(read_rest(idle.front()), "");
  EXPECT_GT(read_rest(reader).size(), large_page().size());
}

TEST(MetricsServer, IsNotHeldByAClientThatNeverReads) {
  const std::string& page = large_page();
  const MetricsServer server("127.0.0.1:0", large_page, {.clients = 2, .time = kForever});
  std::vector<ssl::Socket> lazy;
  for (int i = 0; i < 5; ++i) lazy.push_back(begin_to_read(server.port()));
  EXPECT_TRUE(converse(server.port(), kScrape).ends_with("xxx"));
  EXPECT_LT(read_rest(lazy.front()).size(), page.size());
}

TEST(MetricsServer, AClientThatNeverReadsIsEndedInTime) {
  const std::string& page = large_page();
  const MetricsServer server("127.0.0.1:0", large_page,
                             {.clients = 64, .time = std::chrono::milliseconds(50)});
  const ssl::Socket lazy = ssl::create_connection("127.0.0.1", server.port());
  send_text(lazy, kScrape);
  // The end of the connection is to be seen without a read: nothing can be sent any more.
  while (::send(lazy.fileno(), "x", 1, MSG_NOSIGNAL) == 1) {
  }
  EXPECT_LT(read_rest(lazy).size(), page.size());
}

TEST(MetricsServer, EndsAConnectionWhosePageThrows) {
  bool throws = true;
  const MetricsServer server("127.0.0.1:0", [&] {
    if (std::exchange(throws, false)) throw std::runtime_error("no figures");
    return page_x();
  });
  EXPECT_EQ(converse(server.port(), kScrape), "");
  EXPECT_TRUE(converse(server.port(), kScrape).starts_with("HTTP/1.1 200"));
}

TEST(MetricsServer, OutlivesClientsThatLeave) {
  const MetricsServer server("127.0.0.1:0", page_x, {.clients = 64, .time = kForever});
  for (int i = 0; i < 200; ++i) ssl::create_connection("127.0.0.1", server.port());
  EXPECT_TRUE(converse(server.port(), kScrape).starts_with("HTTP/1.1 200"));
}

TEST(MetricsServer, ListensOnAnAddressAlone) {
  const auto page = [] { return std::string(); };
  for (const char* const wrong : {"", "9100", "localhost:9100", "127.0.0.1:", "127.0.0.1:65536",
                                  "127.0.0.1:x", "[::1]", "127.0.0.1:99999999999999999999"}) {
    EXPECT_THROW(MetricsServer(wrong, page), ssl::ValueError) << wrong;
  }
  const MetricsServer server("[::1]:0", page);
  EXPECT_THROW(MetricsServer("[::1]:" + std::to_string(server.port()), page), std::system_error);
}

}  // namespace
}  // namespace peercert::http
