// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <peercert/scan/metrics_server.hpp>
#include <peercert/ssl/error.hpp>
#include <peercert/ssl/socket.hpp>

namespace peercert::scan {
namespace {

std::string converse(std::uint16_t port, std::string_view request) {
  const ssl::Socket socket = ssl::create_connection("127.0.0.1", port);
  ::send(socket.fileno(), request.data(), request.size(), MSG_NOSIGNAL);
  std::string all;
  std::array<char, 4096> octets{};
  for (;;) {
    const ssize_t len = ::recv(socket.fileno(), octets.data(), octets.size(), 0);
    if (len <= 0) return all;
    all.append(octets.data(), static_cast<std::size_t>(len));
  }
}

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
  EXPECT_TRUE(converse(server.port(), "\r\n\r\n").starts_with("HTTP/1.1 405"));
  EXPECT_EQ(converse(server.port(), std::string(20'000, 'x')), "");
}

TEST(MetricsServer, OutlivesClientsThatLeaveOrAreSilent) {
  const MetricsServer server("127.0.0.1:0", [] { return std::string("x 1\n"); });
  std::vector<ssl::Socket> silent;
  for (int i = 0; i < 10; ++i) silent.push_back(ssl::create_connection("127.0.0.1", server.port()));
  silent.resize(5);
  EXPECT_NE(converse(server.port(), "GET /metrics HTTP/1.0\r\n\r\n"), "");
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
}  // namespace peercert::scan
