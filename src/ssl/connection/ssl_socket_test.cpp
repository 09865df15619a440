// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <latch>
#include <thread>

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <peercert/ssl/context.hpp>
#include <peercert/ssl/error.hpp>
#include <peercert/ssl/ssl_socket.hpp>

#include "support/tls_pair.hpp"

namespace peercert::ssl {
namespace {

using namespace std::chrono_literals;

TlsPair connected_pair() {
  TlsPair pair(pki().client_context(), pki().server_context(), "localhost");
  pair.handshake();
  if (pair.client_error) std::rethrow_exception(pair.client_error);
  if (pair.server_error) std::rethrow_exception(pair.server_error);
  return pair;
}

/// Closes with RST instead of FIN.
void reset_connection(SSLSocket& socket) {
  const linger reset{1, 0};
  ::setsockopt(socket.fileno(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  socket.close();
}

struct Variant {
  TLSVersion version;
  KeyType key_type;
};

class Handshake : public testing::TestWithParam<Variant> {};

INSTANTIATE_TEST_SUITE_P(VersionsAndKeys, Handshake,
                         testing::Values(Variant{TLSVersion::tls1_2, KeyType::rsa2048},
                                         Variant{TLSVersion::tls1_2, KeyType::p256},
                                         Variant{TLSVersion::tls1_2, KeyType::ed25519},
                                         Variant{TLSVersion::tls1_3, KeyType::rsa2048},
                                         Variant{TLSVersion::tls1_3, KeyType::p256},
                                         Variant{TLSVersion::tls1_3, KeyType::ed25519}));

// With create_default_context() on both sides, so that X509_STRICT has nothing to complain of.
TEST_P(Handshake, VerifiesBothSidesAndCarriesOctets) {
  const TestPki own(GetParam().key_type);
  SSLContext client_context = own.client_context();
  TestPki::load(client_context, own.client);
  client_context.set_minimum_version(GetParam().version);
  client_context.set_maximum_version(GetParam().version);
  SSLContext server_context = own.server_context();
  server_context.set_verify_mode(VerifyMode::required);

  TlsPair pair(client_context, server_context, "localhost");
  EXPECT_EQ(pair.client.version(), std::nullopt);
  EXPECT_EQ(pair.client.cipher(), std::nullopt);
  pair.handshake();
  ASSERT_FALSE(pair.client_error);
  ASSERT_FALSE(pair.server_error);

  const bool tls1_3 = GetParam().version == TLSVersion::tls1_3;
  EXPECT_EQ(pair.client.version(), tls1_3 ? "TLSv1.3" : "TLSv1.2");
  EXPECT_EQ(pair.client.cipher()->protocol, *pair.client.version());
  EXPECT_EQ(pair.client.cipher()->name, pair.server.cipher()->name);
  EXPECT_GE(pair.client.cipher()->bits, 128);
  EXPECT_EQ(pair.client.getpeercert(binary_form), own.server.certificate_der());
  EXPECT_EQ(pair.server.getpeercert(binary_form), own.client.certificate_der());

  EXPECT_EQ(pair.client.write(bytes_of("hello")), 5U);
  EXPECT_EQ(read_some(pair.server), "hello");
  EXPECT_EQ(pair.server.write(bytes_of("world")), 5U);
  EXPECT_EQ(read_some(pair.client), "world");
}

TEST(WrapSocket, ChecksTheSidesAndNames) {
  const SSLContext client = pki().client_context();
  const SSLContext server = pki().server_context();
  const auto refused = [](const SSLContext& context, const WrapOptions& options) {
    return [&] { static_cast<void>(context.wrap_socket(connect_sockets().client, options)); };
  };
  EXPECT_STREQ(caught<ValueError>(refused(client, {})).what(),
               "check_hostname requires server_hostname");
  EXPECT_STREQ(caught<ValueError>(refused(client, {.server_hostname = ".x.org"})).what(),
               "server_hostname cannot be an empty string or start with a leading dot.");
  EXPECT_STREQ(
      caught<ValueError>(refused(server, {.server_side = true, .server_hostname = "x"})).what(),
      "server_hostname can only be specified in client mode");
  EXPECT_STREQ(caught<SSLError>(refused(server, {})).what(),
               "Cannot create a client socket with a PROTOCOL_TLS_SERVER context");
  SSLContext lax = pki().client_context();
  lax.set_check_hostname(false);
  EXPECT_STREQ(caught<SSLError>(refused(lax, {.server_side = true})).what(),
               "Cannot create a server socket with a PROTOCOL_TLS_CLIENT context");
}

TEST(WrapSocket, RefusesToHandshakeWithoutBlocking) {
  Socket client = connect_sockets().client;
  client.set_timeout(0ms);
  EXPECT_THROW(static_cast<void>(pki().client_context().wrap_socket(
                   std::move(client), {.server_hostname = "localhost"})),
               ValueError);
}

// They would seem to have come through the connection.
TEST(WrapSocket, RefusesWhatAPeerThatHasGoneLeftInPlainText) {
  SocketPair pair = connect_sockets();
  ASSERT_EQ(::send(pair.client.fileno(), "x", 1, 0), 1);
  const linger reset{1, 0};
  ::setsockopt(pair.client.fileno(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  pair.client.close();
  const auto error = caught<SSLError>([&] {
    static_cast<void>(
        pki().server_context().wrap_socket(std::move(pair.server), {.server_side = true}));
  });
  EXPECT_STREQ(error.what(), "Closed before TLS handshake with data in recv buffer.");
}

TEST(WrapSocket, ListensAndAccepts) {
  const SSLSocket listener =
      pki().server_context().wrap_socket(create_server("127.0.0.1", 0), {.server_side = true});
  const std::uint16_t port = listener.getsockname().port;
  auto client = std::async(std::launch::async, [port] {
    SSLSocket socket = pki().client_context().wrap_socket(create_connection("127.0.0.1", port, 30s),
                                                          {.server_hostname = "127.0.0.1"});
    return read_some(socket);
  });
  SSLSocket connection = listener.accept();
  connection.write(bytes_of("hello"));
  EXPECT_EQ(client.get(), "hello");
  EXPECT_EQ(caught<std::system_error>([&] { static_cast<void>(listener.getpeercert()); }).code(),
            std::errc::not_connected);
}

TEST(SSLSocket, NegotiatesAlpn) {
  SSLContext client = pki().client_context();
  SSLContext server = pki().server_context();
  client.set_alpn_protocols({"h2", "http/1.1"});
  server.set_alpn_protocols({"http/1.1", "h2"});
  TlsPair pair(client, server, "localhost");
  pair.handshake();
  EXPECT_EQ(pair.client.selected_alpn_protocol(), "http/1.1");
  EXPECT_EQ(pair.server.selected_alpn_protocol(), "http/1.1");

  server.set_alpn_protocols({"imap"});
  TlsPair apart(client, server, "localhost");
  apart.handshake();
  EXPECT_FALSE(apart.client_error);
  EXPECT_EQ(apart.client.selected_alpn_protocol(), std::nullopt);
}

TEST(SSLSocket, SendsSniForNamesOnly) {
  TlsPair named(pki().client_context(), pki().server_context(), "localhost");
  named.handshake();
  EXPECT_STREQ(SSL_get_servername(named.server.native_handle(), TLSEXT_NAMETYPE_host_name),
               "localhost");
  for (const char* address : {"127.0.0.1", "::1"}) {
    TlsPair pair(pki().client_context(), pki().server_context(), address);
    pair.handshake();
    EXPECT_FALSE(pair.client_error);
    EXPECT_EQ(SSL_get_servername(pair.server.native_handle(), TLSEXT_NAMETYPE_host_name), nullptr);
  }
}

TEST(SSLSocket, CarriesMoreThanTheBuffersHold) {
  TlsPair pair = connected_pair();
  const std::string sent(4 << 20, 'x');
  auto writer = std::async(std::launch::async, [&] { return pair.client.write(bytes_of(sent)); });
  std::string received;
  while (received.size() < sent.size()) received += read_some(pair.server);
  EXPECT_EQ(writer.get(), sent.size());
  EXPECT_EQ(received, sent);
}

TEST(SSLSocket, PendingIsWhatReadGivesAtOnce) {
  TlsPair pair = connected_pair();
  pair.client.write(bytes_of("hello"));
  std::array<std::uint8_t, 1> one{};
  EXPECT_EQ(pair.server.read(one), 1U);
  EXPECT_EQ(pair.server.pending(), 4U);
  EXPECT_EQ(pair.server.read({}), 0U);
  EXPECT_EQ(pair.client.write({}), 0U);
}

TEST(SSLSocket, NonBlockingCallsSayWhatTheyWaitFor) {
  TlsPair pair = connected_pair();
  pair.server.set_timeout(0ms);
  EXPECT_THROW(read_some(pair.server), SSLWantReadError);
  const std::vector<std::uint8_t> megabyte(1 << 20);
  EXPECT_THROW(
      {
        for (int i = 0; i < 1000; ++i) pair.server.write(megabyte);
      },
      SSLWantWriteError);
  EXPECT_EQ(ERR_peek_error(), 0U);
}

TEST(SSLSocket, ReadAndWriteHaveADeadline) {
  TlsPair pair = connected_pair();
  pair.server.set_timeout(10ms);
  EXPECT_STREQ(caught<TimeoutError>([&] { read_some(pair.server); }).what(),
               "The read operation timed out");
  const std::vector<std::uint8_t> megabyte(1 << 20);
  const auto write_all = [&] {
    for (int i = 0; i < 1000; ++i) pair.server.write(megabyte);
  };
  EXPECT_STREQ(caught<TimeoutError>(write_all).what(), "The write operation timed out");
}

TEST(SSLSocket, ACleanEndIsZeroOctets) {
  TlsPair pair = connected_pair();
  auto server = std::async(std::launch::async, [&] { return pair.server.unwrap(); });
  EXPECT_EQ(read_some(pair.client), "");
  EXPECT_EQ(read_some(pair.client), "");
  EXPECT_TRUE(pair.client.getpeercert().has_value());
  const Socket client = pair.client.unwrap();
  EXPECT_EQ(server.get().getpeername().str(), client.getsockname().str());
}

TEST(SSLSocket, UnwrapGivesThePlainSocketBack) {
  TlsPair pair = connected_pair();
  auto unwrapped = std::async(std::launch::async, [&] { return pair.server.unwrap(); });
  const Socket client = pair.client.unwrap();
  const Socket server = unwrapped.get();
  ASSERT_EQ(::send(client.fileno(), "plain", 5, 0), 5);
  std::array<char, 8> buffer{};
  EXPECT_EQ(::recv(server.fileno(), buffer.data(), buffer.size(), 0), 5);
  EXPECT_STREQ(caught<ValueError>([&] { static_cast<void>(pair.client.unwrap()); }).what(),
               "No SSL wrapper around this socket");
}

TEST(SSLSocket, ARaggedEndIsZeroOctetsUnlessItIsToBeSeen) {
  TlsPair pair = connected_pair();
  pair.server.close();
  EXPECT_EQ(read_some(pair.client), "");
  // As in Python: a fatal error, even one that was suppressed, undoes the handshake.
  EXPECT_THROW(static_cast<void>(pair.client.getpeercert()), ValueError);
  EXPECT_EQ(pair.client.version(), std::nullopt);

  SocketPair sockets = connect_sockets();
  SSLSocket strict = pki().client_context().wrap_socket(std::move(sockets.client),
                                                        {.do_handshake_on_connect = false,
                                                         .suppress_ragged_eofs = false,
                                                         .server_hostname = "localhost"});
  auto server = std::async(std::launch::async, [&] {
    return pki().server_context().wrap_socket(std::move(sockets.server), {.server_side = true});
  });
  strict.do_handshake();
  server.get().close();
  const auto error = caught<SSLEOFError>([&] { read_some(strict); });
  EXPECT_EQ(error.reason(), "UNEXPECTED_EOF_WHILE_READING");
}

TEST(SSLSocket, AResetIsASystemError) {
  TlsPair pair = connected_pair();
  reset_connection(pair.server);
  const auto error = caught<std::system_error>([&] { read_some(pair.client); });
  EXPECT_EQ(error.code(), std::errc::connection_reset);
}

TEST(SSLSocket, HasItsChannelBindings) {
  const TlsPair pair = connected_pair();
  EXPECT_EQ(pair.client.get_channel_binding("tls-exporter"),
            pair.server.export_keying_material("EXPORTER-Channel-Binding", 32, Bytes{}));
  const auto error =
      caught<ValueError>([&] { static_cast<void>(pair.client.get_channel_binding()); });
  EXPECT_TRUE(contains(error.what(), "tls-unique is not defined for TLS 1.3"));
}

TEST(SSLSocket, CallsAfterCloseAreValueErrors) {
  TlsPair pair = connected_pair();
  pair.client.close();
  EXPECT_STREQ(caught<ValueError>([&] { read_some(pair.client); }).what(),
               "Read on closed or unwrapped SSL socket.");
  EXPECT_STREQ(caught<ValueError>([&] { pair.client.write(bytes_of("x")); }).what(),
               "Write on closed or unwrapped SSL socket.");
  EXPECT_THROW(static_cast<void>(pair.client.getpeercert()), ValueError);
  EXPECT_THROW(static_cast<void>(pair.client.getpeercert(binary_form)), ValueError);
  EXPECT_THROW(static_cast<void>(pair.client.get_verified_chain()), ValueError);
  EXPECT_THROW(static_cast<void>(pair.client.get_unverified_chain()), ValueError);
  EXPECT_THROW(static_cast<void>(pair.client.get_channel_binding()), ValueError);
  EXPECT_THROW(static_cast<void>(pair.client.export_keying_material("x", 1)), ValueError);
  EXPECT_THROW(pair.client.do_handshake(), ValueError);
  EXPECT_EQ(pair.client.version(), std::nullopt);
  EXPECT_EQ(pair.client.pending(), 0U);
  EXPECT_EQ(pair.client.fileno(), -1);
  EXPECT_EQ(pair.client.native_handle(), nullptr);
}

// As Python's; but there the connection goes on over a descriptor that may be another file's.
TEST(SSLSocket, DetachKeepsWhatIsKnownOfThePeer) {
  TlsPair pair = connected_pair();
  pair.server.write(bytes_of("hello"));
  const Socket detached(pair.client.detach());
  ASSERT_GE(detached.fileno(), 0);
  EXPECT_EQ(pair.client.fileno(), -1);
  EXPECT_EQ(pair.client.detach(), -1);
  const auto code = [](auto call) { return caught<std::system_error>(call).code(); };
  EXPECT_EQ(code([&] { read_some(pair.client); }), std::errc::bad_file_descriptor);
  EXPECT_EQ(code([&] { pair.client.write(bytes_of("x")); }), std::errc::bad_file_descriptor);
  EXPECT_EQ(code([&] { static_cast<void>(pair.client.getpeername()); }),
            std::errc::bad_file_descriptor);
  EXPECT_FALSE(pair.client.getpeercert()->empty());
  EXPECT_EQ(pair.client.getpeercert(binary_form), pki().server.certificate_der());
  EXPECT_EQ(pair.client.peer_identity().verdict(), Verdict::verified);
  // Nobody has read, or closed, what was given away.
  std::array<char, 1> octet{};
  EXPECT_EQ(::recv(detached.fileno(), octet.data(), 1, MSG_PEEK), 1);
}

TEST(SSLSocket, ShutdownEndsTlsAndTheConnection) {
  TlsPair pair = connected_pair();
  pair.client.shutdown(ShutdownHow::wr);
  EXPECT_EQ(read_some(pair.server), "");
  EXPECT_EQ(pair.server.version(), std::nullopt);  // there was no close_notify
  EXPECT_THROW(static_cast<void>(pair.client.getpeercert()), ValueError);
  // It must not go out in plain text.
  EXPECT_THROW(pair.client.write(bytes_of("x")), ValueError);
  EXPECT_GE(pair.client.fileno(), 0);
  pair.client.shutdown(ShutdownHow::rdwr);
  pair.client.close();
  const auto error = caught<std::system_error>([&] { pair.client.shutdown(ShutdownHow::rd); });
  EXPECT_EQ(error.code(), std::errc::bad_file_descriptor);
}

TEST(SSLSocket, AnUnconnectedOneHasPythonsErrors) {
  SSLSocket socket = pki().client_context().wrap_socket(Socket(::socket(AF_INET, SOCK_STREAM, 0)),
                                                        {.server_hostname = "localhost"});
  const auto code = [](auto call) { return caught<std::system_error>(call).code(); };
  EXPECT_EQ(code([&] { static_cast<void>(socket.getpeercert()); }), std::errc::not_connected);
  EXPECT_EQ(code([&] { static_cast<void>(socket.getpeercert(binary_form)); }),
            std::errc::not_connected);
  EXPECT_EQ(code([&] { socket.do_handshake(); }), std::errc::not_connected);
  EXPECT_EQ(code([&] { socket.shutdown(ShutdownHow::rdwr); }), std::errc::not_connected);
  socket.close();
  EXPECT_EQ(code([&] { static_cast<void>(socket.getpeercert()); }), std::errc::bad_file_descriptor);
}

/// A peer that accepts TCP and says what it is told to, or nothing.
class HostilePeer : public testing::Test {
 protected:
  auto handshake(Timeout timeout = 30s) {
    sockets_.client.set_timeout(timeout);
    return [this] {
      static_cast<void>(pki().client_context().wrap_socket(std::move(sockets_.client),
                                                           {.server_hostname = "localhost"}));
    };
  }
  void say(std::string_view octets) {
    ::send(sockets_.server.fileno(), octets.data(), octets.size(), MSG_NOSIGNAL);
  }

  SocketPair sockets_ = connect_sockets();
};

TEST_F(HostilePeer, ThatStallsMeetsTheDeadline) {
  const auto error = caught<TimeoutError>(handshake(50ms));
  EXPECT_STREQ(error.what(), "The handshake operation timed out");
  EXPECT_EQ(error.code(), std::errc::timed_out);
}

// Every octet makes the socket readable, and starts no new deadline.
TEST_F(HostilePeer, ThatDripsMeetsTheDeadline) {
  std::atomic<bool> stop = false;
  say(std::string_view("\x16\x03\x03\x40\x00", 5));  // a record of 16 KiB begins
  std::jthread drip([&] {
    while (!stop) {
      say("x");
      std::this_thread::sleep_for(2ms);
    }
  });
  EXPECT_THROW(handshake(50ms)(), TimeoutError);
  stop = true;
}

TEST_F(HostilePeer, ThatSpeaksPlainTextIsTheWrongVersion) {
  say("HTTP/1.1 400 Bad Request\r\n\r\n");
  const auto error = caught<SSLError>(handshake());
  EXPECT_EQ(error.library(), "SSL");
  EXPECT_EQ(error.reason(), "WRONG_VERSION_NUMBER");
  EXPECT_STREQ(error.what(), "[SSL: WRONG_VERSION_NUMBER] wrong version number");
}

TEST_F(HostilePeer, ThatClosesAtOnceViolatesTheProtocol) {
  ::shutdown(sockets_.server.fileno(), SHUT_WR);
  const auto error = caught<SSLEOFError>(handshake());
  EXPECT_EQ(error.reason(), "UNEXPECTED_EOF_WHILE_READING");
  EXPECT_EQ(error.code().value(), static_cast<int>(SSLErrorNumber::eof));
}

TEST_F(HostilePeer, ThatSendsHalfARecordViolatesTheProtocol) {
  say(std::string_view("\x16\x03\x03\x40\x00half", 9));
  ::shutdown(sockets_.server.fileno(), SHUT_WR);
  EXPECT_THROW(handshake()(), SSLEOFError);
}

TEST_F(HostilePeer, LeavesNoDescriptorAndNoErrorBehind) {
  const auto num_open = [] {
    using Iterator = std::filesystem::directory_iterator;
    return std::distance(Iterator("/proc/self/fd"), Iterator());
  };
  sockets_ = {};
  const auto before = num_open();
  for (int i = 0; i < 20; ++i) {
    sockets_ = connect_sockets();
    if (i % 2 == 0) say("plain");
    EXPECT_ANY_THROW(handshake(5ms)());
    sockets_ = {};
    TlsPair unverified(pki().client_context(), pki().server_context(), "example.org");
    unverified.handshake();
    EXPECT_TRUE(unverified.client_error);
  }
  EXPECT_EQ(num_open(), before);
  EXPECT_EQ(ERR_peek_error(), 0U);
}

TEST(Threads, ShareOneContext) {
  constexpr int kNumThreads = 8;
  constexpr int kNumConnections = 5;
  const SSLContext client_context = pki().client_context();
  const SSLContext server_context = pki().server_context();
  std::atomic<int> num_verified = 0;
  std::latch start(kNumThreads);
  const auto converse = [&] {
    start.arrive_and_wait();
    for (int i = 0; i < kNumConnections; ++i) {
      TlsPair pair(client_context, server_context, "localhost");
      pair.handshake();
      pair.client.write(bytes_of("hello"));
      if (read_some(pair.server) == "hello" && !pair.client.getpeercert()->empty()) ++num_verified;
    }
  };
  std::vector<std::jthread> threads;
  for (int i = 0; i < kNumThreads; ++i) threads.emplace_back(converse);
  threads.clear();  // joins
  EXPECT_EQ(num_verified, kNumThreads * kNumConnections);
}

}  // namespace
}  // namespace peercert::ssl
