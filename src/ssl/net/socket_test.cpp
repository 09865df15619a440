// SPDX-License-Identifier: Apache-2.0
#include <chrono>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <peercert/ssl/error.hpp>
#include <peercert/ssl/socket.hpp>

#include "support/tls_pair.hpp"

namespace peercert::ssl {
namespace {

using namespace std::chrono_literals;

TEST(CreateConnection, ConnectsToIPv4AndIPv6) {
  for (const char* host : {"127.0.0.1", "::1"}) {
    const Socket listener = create_server(host, 0);
    const SocketAddress address = listener.getsockname();
    const Socket client = create_connection(host, address.port, 30s);
    EXPECT_EQ(client.getpeername().str(), address.str());
    EXPECT_EQ(client.timeout(), 30s);
    EXPECT_EQ(listener.accept().getpeername().str(), client.getsockname().str());
  }
}

TEST(CreateConnection, RefusesHostsThatCannotResolve) {
  const auto error = caught<gaierror>([] { create_connection("no..such..name", 443, 30s); });
  EXPECT_EQ(error.code().category(), gai_category());
  EXPECT_TRUE(contains(error.what(), "no..such..name"));
  // Cut at the NUL, it would name another host than the one that is checked.
  EXPECT_THROW(create_connection(std::string_view("127.0.0.1\0.org", 14), 443, 30s), ValueError);
}

TEST(Socket, ClosesOnExec) {
  const SocketPair pair = connect_sockets();
  for (const Socket* socket : {&pair.client, &pair.server}) {
    EXPECT_NE(::fcntl(socket->fileno(), F_GETFD) & FD_CLOEXEC, 0);
  }
}

TEST(Socket, HasPythonsErrorsWithoutAPeer) {
  Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto unconnected = caught<std::system_error>([&] { socket.getpeername(); });
  EXPECT_EQ(unconnected.code(), std::errc::not_connected);
  socket.close();
  const auto closed = caught<std::system_error>([&] { socket.getpeername(); });
  EXPECT_EQ(closed.code(), std::errc::bad_file_descriptor);
}

TEST(Socket, MovesTheDescriptorAndItsTimeout) {
  SocketPair pair = connect_sockets();
  const int fd = pair.client.fileno();
  Socket moved = std::move(pair.client);
  EXPECT_EQ(moved.fileno(), fd);
  EXPECT_EQ(moved.timeout(), 30s);
  pair.server = std::move(moved);
  EXPECT_EQ(pair.server.fileno(), fd);
  EXPECT_EQ(pair.server.detach(), fd);
  EXPECT_EQ(pair.server.fileno(), -1);
  const Socket closes(fd);
}

TEST(Socket, AcceptGivesUpAtTheDeadline) {
  Socket listener = create_server("127.0.0.1", 0);
  listener.set_timeout(10ms);
  EXPECT_THROW(listener.accept(), TimeoutError);
  listener.set_timeout(0ms);
  const auto error = caught<std::system_error>([&] { listener.accept(); });
  EXPECT_EQ(error.code(), std::errc::operation_would_block);
  EXPECT_THROW(listener.set_timeout(-1ms), ValueError);
}

TEST(Socket, AddressInUseNamesTheAddress) {
  const Socket listener = create_server("127.0.0.1", 0);
  const SocketAddress address = listener.getsockname();
  const auto error = caught<std::system_error>([&] { create_server("127.0.0.1", address.port); });
  EXPECT_EQ(error.code(), std::errc::address_in_use);
  EXPECT_EQ(std::string(error.what()).find(address.str()), 0U);
}

}  // namespace
}  // namespace peercert::ssl
