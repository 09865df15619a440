// SPDX-License-Identifier: Apache-2.0
// What the lean context can do, and what it leaves to the full one.
#include "ssl/observer.hpp"

#include <array>
#include <chrono>
#include <future>
#include <string>
#include <tuple>

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>

#include "libcrypto/error_queue.hpp"
#include "libcrypto/openssl_ptr.hpp"
#include "ssl/lean_library_context.hpp"
#include "support/tls_pair.hpp"

namespace peercert::ssl {
namespace {

using namespace std::chrono_literals;

struct Meeting {
  Outcome outcome{};
  bool may_need_more = false;
  Observation seen{};
};

ObserverContext observer_context(const std::string& root_pem, TLSVersion version,
                                 ObserverMode mode = ObserverMode::verify) {
  return {mode, [&](SSLContext& context) {
            context.load_verify_locations({.cafile = {}, .capath = {}, .cadata = root_pem});
            context.set_minimum_version(version);
            context.set_maximum_version(version);
          }};
}

/// A handshake with a server on the other end of a connection.
Meeting meet(const ObserverContext& context, const SSLContext& server_context, bool lean) {
  SocketPair sockets = connect_sockets();
  auto server = std::async(std::launch::async, [&] {
    SSLSocket tls = server_context.wrap_socket(
        std::move(sockets.server), {.server_side = true, .do_handshake_on_connect = false});
    return TlsPair::attempt(tls) == nullptr;
  });
  Observer observer;
  Meeting meeting;
  meeting.outcome = observer.open(context, lean, sockets.client.fileno(), "localhost");
  EXPECT_TRUE(meeting.outcome);
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  do {
    meeting.outcome = observer.do_handshake(deadline);
    pollfd readable{sockets.client.fileno(), POLLIN, 0};
    if (meeting.outcome.status == Status::want_read) ::poll(&readable, 1, 1000);
  } while (meeting.outcome.status == Status::want_read);
  meeting.may_need_more = observer.may_need_more(meeting.outcome);
  meeting.seen = observer.observation();
  observer.reset();
  sockets.client.close();
  server.get();
  return meeting;
}

class ObserverOfKeys : public testing::TestWithParam<std::tuple<KeyType, TLSVersion>> {};
INSTANTIATE_TEST_SUITE_P(Keys, ObserverOfKeys,
                         testing::Combine(testing::Values(KeyType::rsa2048, KeyType::p256,
                                                          KeyType::p384, KeyType::ed25519),
                                          testing::Values(TLSVersion::tls1_2, TLSVersion::tls1_3)));

TEST_P(ObserverOfKeys, AreDecodedByTheLeanContext) {
  const auto [type, version] = GetParam();
  const TestPki pki(type);
  const ObserverContext context = observer_context(pki.root.certificate_pem(), version);
  for (const bool lean : {true, false}) {
    const Meeting meeting = meet(context, pki.server_context(), lean);
    EXPECT_TRUE(meeting.outcome) << meeting.outcome.error.text();
    EXPECT_FALSE(meeting.may_need_more);
    EXPECT_EQ(meeting.seen.verdict, Verdict::verified);
    EXPECT_EQ(meeting.seen.chain.size(), 2U);
  }
}

/// A self-signed certificate whose key the lean context does not know.
SSLContext ed448_server() {
  const EvpPkeyPtr key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED448"));
  const X509Ptr certificate(X509_new());
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  X509_set_pubkey(certificate.get(), key.get());
  EXPECT_GT(X509_sign(certificate.get(), key.get(), nullptr), 0);
  SSLContext context(Protocol::tls_server);
  EXPECT_EQ(SSL_CTX_use_certificate(context.native_handle(), certificate.get()), 1);
  EXPECT_EQ(SSL_CTX_use_PrivateKey(context.native_handle(), key.get()), 1);
  return context;
}

TEST(Observer, SaysWhenTheFullContextMayDoBetter) {
  const SSLContext server = ed448_server();
  for (const TLSVersion version : {TLSVersion::tls1_2, TLSVersion::tls1_3}) {
    const ObserverContext context =
        observer_context(TestPki::shared().root.certificate_pem(), version);
    const Meeting lean = meet(context, server, true);
    EXPECT_FALSE(lean.outcome);
    EXPECT_TRUE(lean.may_need_more);
    const Meeting full = meet(context, server, false);
    EXPECT_TRUE(full.outcome) << full.outcome.error.text();
    EXPECT_EQ(full.seen.verdict, Verdict::failed);
    EXPECT_EQ(full.seen.error.message, "self-signed certificate");
    EXPECT_EQ(full.seen.chain.size(), 1U);
  }
}

TEST(Observer, NeedsNoKeyToSeeACertificate) {
  const TestPki& pki = TestPki::shared();
  for (const TLSVersion version : {TLSVersion::tls1_2, TLSVersion::tls1_3}) {
    const ObserverContext context =
        observer_context(pki.root.certificate_pem(), version, ObserverMode::present_only);
    const Meeting meeting = meet(context, pki.server_context(), true);
    EXPECT_TRUE(meeting.outcome);
    EXPECT_FALSE(meeting.may_need_more);
    EXPECT_FALSE(meeting.seen.handshake_done);
    EXPECT_EQ(meeting.seen.verdict, Verdict::unverified);
    EXPECT_EQ(meeting.seen.chain.size(), 2U);
  }
}

TEST(Observer, LeavesTheDefaultContextAsItWas) {
  ASSERT_NE(lean_library_context(KeyDecoders::usual), nullptr);
  ASSERT_NE(lean_library_context(KeyDecoders::none), nullptr);
  const EvpPkeyPtr key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED448"));
  EXPECT_NE(key, nullptr);
  EXPECT_EQ(EVP_PKEY_Q_keygen(lean_library_context(KeyDecoders::usual), nullptr, "ED448"), nullptr);
  clear_errors();
}

}  // namespace
}  // namespace peercert::ssl
