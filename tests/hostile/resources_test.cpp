// SPDX-License-Identifier: Apache-2.0
// What hostile peers cost: memory for each connection, and what many of them leave behind.
#include <array>
#include <filesystem>
#include <latch>
#include <memory>
#include <thread>

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <sys/socket.h>

#include "hostile/heap_use.hpp"
#include "hostile/trial.hpp"
#include "support/tls_pair.hpp"

namespace peercert::hostile {
namespace {

using ssl::CertificateOptions;
using ssl::Credential;
using ssl::SSLContext;
using ssl::TestPki;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kNumFailures = 500;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr int kNumFailures = 500;
#else
constexpr int kNumFailures = 10'000;
#endif
#else
constexpr int kNumFailures = 10'000;
#endif

/// A server that presents the credential, and closes when it has.
Case presents(std::string name, const Credential& credential, std::string ending) {
  const std::shared_ptr<SSL_CTX> context = make_peer_context(Side::client, kTls13, credential);
  const auto serve = [context](Wire& wire) {
    TlsPeer peer(wire, context.get(), pass);
    peer.handshake();
    wire.half_close();
    wire.drain();
  };
  return {std::move(name), Side::client, serve, std::move(ending)};
}

Credential with_chain_of(int num_intermediates) {
  Credential issuer = TestPki::shared().root;
  for (int i = 0; i < num_intermediates; ++i) {
    issuer = issuer.issue({.subject = {{"CN", "CA " + std::to_string(i)}}, .ca = true});
  }
  return issuer.issue({.subject = {{"CN", "localhost"}}, .subject_alt_name = {"DNS:localhost"}});
}

Credential with_names(std::size_t num_names, const std::string& name) {
  CertificateOptions options{.subject = {{"CN", "localhost"}},
                             .subject_alt_name = {"DNS:localhost"}};
  options.subject_alt_name.insert(options.subject_alt_name.end(), num_names, name);
  return TestPki::shared().root.issue(options);
}

Credential with_attributes(std::size_t num_attributes) {
  CertificateOptions options{.subject_alt_name = {"DNS:localhost"}};
  options.subject.assign(num_attributes, {"CN", "x"});
  return TestPki::shared().root.issue(options);
}

// A Certificate message over several records, each of which begins with the type of Finished.
TEST(Memory, ACertificateThatLooksLikeFinished) {
  const std::string name(50'000, static_cast<char>(kFinished));
  expect_endings({presents("long name", with_names(1, "DNS:" + name), "read SSLEOFError")});
}

TEST(Memory, LongChains) {
  expect_endings({
      presents("chain of 99", with_chain_of(97), "read SSLEOFError"),
      presents("chain of 300", with_chain_of(300), "handshake SSLError EXCESSIVE_MESSAGE_SIZE"),
  });
}

// Two octets of a certificate are enough for a name, and eleven for an attribute.
TEST(Memory, CertificatesOfManyParts) {
  expect_endings({
      presents("32000 empty names", with_names(32'000, "DNS:"), "read SSLEOFError"),
      presents("33000 empty names", with_names(33'000, "DNS:"),
               "handshake SSLError EXCESSIVE_MESSAGE_SIZE"),
      presents("10000 addresses", with_names(10'000, "IP:127.0.0.1"), "read SSLEOFError"),
      presents("5000 attributes", with_attributes(5'000), "read SSLEOFError"),
  });
}

std::ptrdiff_t num_descriptors() {
  using Iterator = std::filesystem::directory_iterator;
  return std::distance(Iterator("/proc/self/fd"), Iterator());
}

/// Our side of a connection whose peer has said all that it will, and closed.
void fail_once(const SSLContext& context, const Octets& said) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
  const ssl::Socket peer(ends[1]);
  ssl::Socket ours(ends[0]);
  ASSERT_EQ(::send(peer.fileno(), said.data(), said.size(), 0), static_cast<ssize_t>(said.size()));
  ::shutdown(peer.fileno(), SHUT_WR);
  const bool server = context.protocol() == ssl::Protocol::tls_server;
  EXPECT_THROW(
      static_cast<void>(context.wrap_socket(
          std::move(ours), {.server_side = server, .server_hostname = server ? "" : "localhost"})),
      ssl::SSLError);
}

/// Handshakes that fail late: the client does not trust the server.
void fail_verification(const SSLContext& client, const SSLContext& server) {
  ssl::TlsPair pair(client, server, "example.org");
  pair.handshake();
  EXPECT_TRUE(pair.client_error);
}

TEST(Leaks, NothingIsLeftOfManyFailures) {
  const std::vector<Octets> said = {
      "",
      "HTTP/1.1 400 Bad Request\r\n\r\n",
      record(kAlert, alert(kHandshakeFailure)),
      record(kHandshake, octets("\x02\xff\xff\xff")),
      ClientHello().str(),
      ClientHello().str().substr(0, 50),
      ServerHello::tls12().str(),
      ServerHello::tls12().str() + handshake_record(kCertificate, vector(3, vector(3, "garbage"))),
  };
  const SSLContext& client = our_context(Side::client);
  const SSLContext& server = our_context(Side::server);
  const auto fail = [&](int num_times) {
    for (int i = 0; i < num_times; ++i) {
      fail_once(i % 2 == 0 ? client : server, said[static_cast<std::size_t>(i / 2) % said.size()]);
      if (i % 100 == 0) fail_verification(client, server);
    }
  };
  fail(200);  // so that what is made once has been made
  const std::ptrdiff_t descriptors = num_descriptors();
  const std::ptrdiff_t heap = heap_in_use();
  ASSERT_GT(heap, 0);
  fail(kNumFailures);
  EXPECT_EQ(num_descriptors(), descriptors);
  // Less than an octet for each.
  EXPECT_LT(heap_in_use(), heap + kNumFailures);
  EXPECT_EQ(ERR_peek_error(), 0U);
}

// Good connections and failing ones at once, all with the same two contexts.
TEST(Threads, ShareTheContextsOfFailures) {
  constexpr int kNumThreads = 8;
  constexpr int kNumRounds = 5;
  const SSLContext& client = our_context(Side::client);
  const SSLContext server = TestPki::shared().server_context();
  std::latch start(kNumThreads);
  const auto work = [&] {
    start.arrive_and_wait();
    for (int i = 0; i < kNumRounds; ++i) {
      fail_once(server, "plain");
      fail_once(client, record(kAlert, alert(kInternal)));
      fail_verification(client, server);
      ssl::TlsPair good(client, server, "localhost");
      good.handshake();
      EXPECT_FALSE(good.client_error || good.server_error);
      EXPECT_TRUE(good.client.getpeercert().has_value());
    }
  };
  std::vector<std::jthread> threads;
  for (int i = 0; i < kNumThreads; ++i) threads.emplace_back(work);
}

}  // namespace
}  // namespace peercert::hostile
