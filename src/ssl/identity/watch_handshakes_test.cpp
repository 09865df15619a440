// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <peercert/ssl/context.hpp>
#include <peercert/ssl/watch_handshakes.hpp>

#include "support/credential.hpp"
#include "support/foreign_pair.hpp"
#include "support/tls_pair.hpp"

namespace peercert::ssl {
namespace {

int former_calls = 0;
void former(const SSL*, int, int) { ++former_calls; }

class WatchHandshakes : public testing::TestWithParam<int> {
 protected:
  WatchHandshakes() {
    for (SSLContext* context : {&client_context_, &server_context_}) {
      context->set_minimum_version(static_cast<TLSVersion>(GetParam()));
      context->set_maximum_version(static_cast<TLSVersion>(GetParam()));
    }
    client_context_.set_check_hostname(false);
    client_context_.set_verify_mode(VerifyMode::none);  // as a library that verifies by itself
  }

  void watch(const SSLContext& context, bool require_verified = true, std::string name = {}) {
    watch_handshakes(context.native_handle(),
                     {.ended = [this](const PeerIdentity& identity) { seen_.push_back(identity); },
                      .require_verified = require_verified,
                      .server_hostname = std::move(name)});
  }
  ForeignPair connect(const char* sni) const {
    ForeignPair pair(client_context_.native_handle(), server_context_.native_handle());
    if (sni != nullptr) SSL_set_tlsext_host_name(pair.client.get(), sni);
    pair.handshake();
    return pair;
  }
  void expect_refused(const ForeignPair& pair, int code) const {
    EXPECT_LE(pair.client_result, 0);
    ASSERT_EQ(seen_.size(), 1U);
    EXPECT_EQ(seen_[0].verdict(), Verdict::failed);
    EXPECT_EQ(seen_[0].errors().at(0).code, code);
    EXPECT_NE(seen_[0].certificate(), nullptr);
  }

  SSLContext client_context_ = pki().client_context();
  SSLContext server_context_ = pki().server_context();
  std::vector<PeerIdentity> seen_{};
};

INSTANTIATE_TEST_SUITE_P(Tls, WatchHandshakes, testing::Values(TLS1_2_VERSION, TLS1_3_VERSION),
                         [](const auto& version) {
                           return version.param == TLS1_2_VERSION ? "1_2" : "1_3";
                         });

TEST_P(WatchHandshakes, TellsOfAServerOnce) {
  watch(client_context_);
  const ForeignPair pair = connect("localhost");
  EXPECT_EQ(pair.client_result, 1);
  ASSERT_EQ(seen_.size(), 1U);
  ASSERT_TRUE(seen_[0].verified());
  EXPECT_EQ(seen_[0].verified()->name(), "localhost");
}

TEST_P(WatchHandshakes, ComparesTheNameInSni) {
  watch(client_context_, true, "localhost");
  expect_refused(connect("example.org"), X509_V_ERR_HOSTNAME_MISMATCH);
}

TEST_P(WatchHandshakes, ComparesTheOtherNameWithoutSni) {
  watch(client_context_, true, "127.0.0.1");
  EXPECT_EQ(connect(nullptr).client_result, 1);
  EXPECT_EQ(seen_.at(0).verified()->name(), "127.0.0.1");
  seen_.clear();
  watch(client_context_, true, "127.0.0.2");
  expect_refused(connect(nullptr), X509_V_ERR_IP_ADDRESS_MISMATCH);
}

TEST_P(WatchHandshakes, RefusesEverybodyUnderANameThatIsNone) {
  watch(client_context_, true, "local..host");
  expect_refused(connect(nullptr), X509_V_ERR_APPLICATION_VERIFICATION);
}

TEST_P(WatchHandshakes, LeavesTheModeToTheLibrary) {
  watch(client_context_, false);
  EXPECT_EQ(connect("example.org").client_result, 1);
  EXPECT_EQ(seen_.at(0).verdict(), Verdict::unverified);
  EXPECT_EQ(seen_.at(0).errors().at(0).code, X509_V_ERR_HOSTNAME_MISMATCH);
}

/// The one setting that it replaces, since OpenSSL does not tell it: the pages say so.
TEST_P(WatchHandshakes, VerifiesInThePlaceOfACallbackThatVerified) {
  SSL_CTX* const ctx = client_context_.native_handle();
  SSL_CTX_set_cert_verify_callback(
      ctx, [](X509_STORE_CTX*, void*) { return 0; }, nullptr);
  watch(client_context_);
  EXPECT_EQ(connect("localhost").client_result, 1);
  EXPECT_TRUE(seen_.at(0).verified());
  seen_.clear();
  SSL_CTX_set_cert_verify_callback(
      ctx, [](X509_STORE_CTX*, void*) { return 1; }, nullptr);
  watch(client_context_);
  expect_refused(connect("example.org"), X509_V_ERR_HOSTNAME_MISMATCH);
}

/// RFC 9525, 6.3: "*" is a label of its own.
TEST_P(WatchHandshakes, TakesNoPartOfALabelForAName) {
  const auto accepts = [&](const std::string& name) {
    seen_.clear();
    server_context_ =
        pki().server_context(pki().intermediate.issue({.subject_alt_name = {"DNS:" + name}}));
    const SslCtxPtr ctx(SSL_CTX_new(TLS_client_method()));
    X509_STORE_add_cert(SSL_CTX_get_cert_store(ctx.get()), certificate_of(pki().root).get());
    watch_handshakes(ctx.get(), {.server_hostname = "foo.example.com"});
    ForeignPair pair(ctx.get(), server_context_.native_handle());
    pair.handshake();
    return pair.client_result == 1;
  };
  EXPECT_TRUE(accepts("*.example.com"));
  EXPECT_FALSE(accepts("f*.example.com"));
}

TEST_P(WatchHandshakes, TellsAServerOfItsClients) {
  TestPki::load(client_context_, pki().client);
  server_context_.set_verify_mode(VerifyMode::required);
  watch(server_context_);
  EXPECT_EQ(connect("localhost").server_result, 1);
  ASSERT_EQ(seen_.size(), 1U);
  EXPECT_TRUE(seen_[0].verified());
}

TEST_P(WatchHandshakes, KeepsTheInfoCallbackThatWasThere) {
  former_calls = 0;
  SSL_CTX_set_info_callback(client_context_.native_handle(), former);
  watch(client_context_);
  watch(client_context_);  // in the first one's place
  connect("localhost");
  EXPECT_EQ(seen_.size(), 1U);
  EXPECT_GT(former_calls, 0);
}

TEST_P(WatchHandshakes, DropsExceptions) {
  watch_handshakes(client_context_.native_handle(),
                   {.ended = [](const PeerIdentity&) { throw std::runtime_error("dropped"); }});
  EXPECT_EQ(connect("localhost").client_result, 1);
}

TEST_P(WatchHandshakes, DiesWithTheContext) {
  auto token = std::make_shared<int>();
  {
    const SslCtxPtr context(SSL_CTX_new(TLS_client_method()));
    watch_handshakes(context.get(), {.ended = [token](const PeerIdentity&) {}});
    EXPECT_EQ(token.use_count(), 2);
  }
  EXPECT_EQ(token.use_count(), 1);
}

}  // namespace
}  // namespace peercert::ssl
