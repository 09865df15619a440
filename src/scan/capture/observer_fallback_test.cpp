// SPDX-License-Identifier: Apache-2.0
// Which failures of the lean context the full one is tried after, and what it then sees.
#include <array>
#include <cstdint>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>

#include <peercert/ssl/context.hpp>

#include "crypto/openssl_ptr.hpp"
#include "scan/capture/observer.hpp"
#include "support/observer_meeting.hpp"
#include "support/self_signed_server.hpp"
#include "support/tls_pair.hpp"

namespace peercert::ssl {
namespace {

/// A server that the lean context can agree on nothing with.
struct UnusualServer {
  const char* name;
  TLSVersion version;
  std::string ciphers;  // of TLS 1.2
  std::string groups;   // empty: OpenSSL's default
  const char* key;      // for EVP_PKEY_Q_keygen()
  const char* curve;    // of an EC key
};

std::string name_of(const testing::TestParamInfo<UnusualServer>& info) { return info.param.name; }

class UnusualServers : public testing::TestWithParam<UnusualServer> {};
INSTANTIATE_TEST_SUITE_P(
    Observer, UnusualServers,
    testing::Values(
        UnusualServer{"Dhe", TLSVersion::tls1_2, "DHE-RSA-AES128-GCM-SHA256", "", "RSA", ""},
        UnusualServer{"Camellia", TLSVersion::tls1_2, "CAMELLIA128-SHA256", "", "RSA", ""},
        UnusualServer{"Ccm", TLSVersion::tls1_2, "ECDHE-ECDSA-AES128-CCM", "", "EC", "P-256"},
        UnusualServer{"X448", TLSVersion::tls1_3, "", "X448", "RSA", ""},
        UnusualServer{"Ffdhe2048", TLSVersion::tls1_3, "", "ffdhe2048", "RSA", ""},
        UnusualServer{"Brainpool", TLSVersion::tls1_2, "ECDHE", "brainpoolP256r1", "EC",
                      "brainpoolP256r1"},
        UnusualServer{"Secp256k1", TLSVersion::tls1_2, "ECDHE", "secp256k1", "EC", "secp256k1"}),
    name_of);

SSLContext make_server(const UnusualServer& unusual) {
  const EvpPkeyPtr key(std::string(unusual.key) == "EC"
                           ? EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", unusual.curve)
                           : EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048}));
  SSLContext context = self_signed_server(key.get(), EVP_sha256());
  SSL_CTX* const ctx = context.native_handle();
  context.set_minimum_version(unusual.version);
  context.set_maximum_version(unusual.version);
  if (!unusual.ciphers.empty()) context.set_ciphers(unusual.ciphers + ":@SECLEVEL=0");
  if (!unusual.groups.empty()) {
    EXPECT_EQ(SSL_CTX_set1_groups_list(ctx, unusual.groups.c_str()), 1);
  }
  SSL_CTX_set_dh_auto(ctx, 1);
  return context;
}

TEST_P(UnusualServers, AreSeenByTheFullContext) {
  const SSLContext server = make_server(GetParam());
  const ObserverContext context =
      observer_context(pki().root.certificate_pem(), GetParam().version);
  const Meeting lean = meet(context, server, true);
  EXPECT_FALSE(lean.outcome);
  EXPECT_TRUE(lean.may_need_more);
  const Meeting full = meet(context, server, false);
  EXPECT_TRUE(full.outcome) << full.outcome.error.text();
  EXPECT_EQ(full.seen.chain.size(), 1U);
}

/// Reads a ClientHello, and ends in its own way.
template <class End>
Meeting meet_refusal(End end) {
  const ObserverContext context =
      observer_context(pki().root.certificate_pem(), TLSVersion::tls1_3);
  return meet_peer(context, true, [&](Socket socket) -> std::exception_ptr {
    pollfd readable{socket.fileno(), POLLIN, 0};
    ::poll(&readable, 1, 20'000);
    std::array<char, 4096> hello{};
    EXPECT_GT(::recv(socket.fileno(), hello.data(), hello.size(), 0), 0);
    end(socket);
    return nullptr;
  });
}

Meeting meet_alert(std::uint8_t description) {
  return meet_refusal([&](const Socket& socket) {
    const std::array<std::uint8_t, 7> alert{SSL3_RT_ALERT, 3, 3, 0, 2, SSL3_AL_FATAL, description};
    EXPECT_EQ(::send(socket.fileno(), alert.data(), alert.size(), MSG_NOSIGNAL), 7);
  });
}

TEST(ObserverFallback, FollowsASilentRefusal) {
  EXPECT_TRUE(meet_refusal([](const Socket&) {}).may_need_more);  // it closes
  EXPECT_TRUE(meet_refusal([](const Socket& socket) {
                const linger at_once{1, 0};
                ::setsockopt(socket.fileno(), SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
              }).may_need_more);  // it resets
}

TEST(ObserverFallback, FollowsAlertsThatMaySayNothingFits) {
  for (const int alert : {SSL_AD_HANDSHAKE_FAILURE, SSL_AD_INTERNAL_ERROR,
                          SSL_AD_INSUFFICIENT_SECURITY, SSL_AD_ILLEGAL_PARAMETER}) {
    EXPECT_TRUE(meet_alert(static_cast<std::uint8_t>(alert)).may_need_more) << alert;
  }
}

// The full context has the same versions, and sends the same name.
TEST(ObserverFallback, DoesNotFollowWhatItCannotCure) {
  for (const int alert :
       {SSL_AD_PROTOCOL_VERSION, SSL_AD_UNRECOGNIZED_NAME, SSL_AD_ACCESS_DENIED}) {
    EXPECT_FALSE(meet_alert(static_cast<std::uint8_t>(alert)).may_need_more) << alert;
  }
  EXPECT_FALSE(meet_refusal([](const Socket& socket) {
                 ::send(socket.fileno(), "HTTP/1.1 400\r\n\r\n", 16, MSG_NOSIGNAL);
               }).may_need_more);
}

}  // namespace
}  // namespace peercert::ssl
