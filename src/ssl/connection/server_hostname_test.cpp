// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <peercert/adapters/asio.hpp>

#include "crypto/openssl_ptr.hpp"
#include "support/credential.hpp"
#include "support/foreign_pair.hpp"
#include "support/tls_pair.hpp"

namespace peercert::ssl {
namespace {

int refuse(int, X509_STORE_CTX*) { return 0; }

/// A connection as an application makes it that does not think of verification.
struct SetServerHostname : testing::Test {
  const SslCtxPtr context{SSL_CTX_new(TLS_client_method())};
  const SslPtr ssl{SSL_new(context.get())};

  void set(const std::string& name) const {
    set_server_hostname(ssl.get(), name);
    EXPECT_EQ(ERR_peek_error(), 0U);
  }
  const char* sni() const { return SSL_get_servername(ssl.get(), TLSEXT_NAMETYPE_host_name); }
  std::string checked_name() const {
    const char* name = X509_VERIFY_PARAM_get0_host(SSL_get0_param(ssl.get()), 0);
    return name == nullptr ? "" : name;
  }
  std::string checked_address() const {
    char* address = X509_VERIFY_PARAM_get1_ip_asc(SSL_get0_param(ssl.get()));
    std::string text = address == nullptr ? "" : address;
    OPENSSL_free(address);
    return text;
  }
};

TEST_F(SetServerHostname, IsSentAndCompared) {
  set("example.org");
  EXPECT_STREQ(sni(), "example.org");
  EXPECT_EQ(checked_name(), "example.org");
  EXPECT_EQ(checked_address(), "");
}

TEST_F(SetServerHostname, AnAddressIsOnlyCompared) {
  set("127.0.0.1");
  EXPECT_EQ(sni(), nullptr);
  EXPECT_EQ(checked_name(), "");
  EXPECT_EQ(checked_address(), "127.0.0.1");
}

TEST_F(SetServerHostname, IsNotComparedInVain) {
  EXPECT_EQ(SSL_get_verify_mode(ssl.get()), SSL_VERIFY_NONE);
  set("example.org");
  EXPECT_EQ(SSL_get_verify_mode(ssl.get()), SSL_VERIFY_PEER);
}

TEST_F(SetServerHostname, KeepsWhatTheApplicationVerifies) {
  SSL_set_verify(ssl.get(), SSL_VERIFY_PEER, refuse);
  set("example.org");
  EXPECT_EQ(SSL_get_verify_callback(ssl.get()), refuse);
}

TEST_F(SetServerHostname, MustBeAName) {
  for (const std::string& name : {std::string(), std::string("a..b"), std::string("a\0b", 3)}) {
    EXPECT_FALSE(caught<ValueError>([&] { set(name); }).what()[0] == 0);
  }
  EXPECT_EQ(sni(), nullptr);
  EXPECT_EQ(checked_name(), "");
}

TEST_F(SetServerHostname, OnlyAddsToTheFlags) {
  X509_VERIFY_PARAM* param = SSL_get0_param(ssl.get());
  X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_WILDCARDS);
  set("example.org");
  EXPECT_EQ(X509_VERIFY_PARAM_get_hostflags(param),
            X509_CHECK_FLAG_NO_WILDCARDS | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
}

/// RFC 9525, 6.3: "*" is a label of its own.
TEST_F(SetServerHostname, IsNotNamedByAPartOfALabel) {
  X509_STORE_add_cert(SSL_CTX_get_cert_store(context.get()), certificate_of(pki().root).get());
  const auto accepts = [&](const std::string& name) {
    const SSLContext server =
        pki().server_context(pki().intermediate.issue({.subject_alt_name = {"DNS:" + name}}));
    ForeignPair pair(context.get(), server.native_handle());
    set_server_hostname(pair.client.get(), "foo.example.com");
    pair.handshake();
    return pair.client_result == 1;
  };
  EXPECT_TRUE(accepts("*.example.com"));
  EXPECT_FALSE(accepts("f*.example.com"));
}

TEST_F(SetServerHostname, ComesTooLateAfterTheHandshakeHasBegun) {
  const SSLContext server = pki().server_context();
  ForeignPair pair(context.get(), server.native_handle());
  pair.step_client();
  EXPECT_THROW(set_server_hostname(pair.client.get(), "bank.example"), ValueError);
  pair.handshake();
  EXPECT_EQ(pair.client_result, 1);
  EXPECT_THROW(set_server_hostname(pair.client.get(), "bank.example"), ValueError);
  EXPECT_EQ(SSL_get_verify_mode(pair.client.get()), SSL_VERIFY_NONE);
}

/// What Asio's streams have in common, over a connection that is not theirs.
struct Stream {
  SSL* ssl;
  SSL* native_handle() { return ssl; }  // NOLINT: Asio's is not const
};
static_assert(SslStream<Stream> && SslStream<const SSLSocket> && !SslStream<int>);

TEST(AsioAdapter, GivesWhatTheConnectionGives) {
  TlsPair pair(TestPki::shared().client_context(), TestPki::shared().server_context(), "localhost");
  pair.handshake();
  Stream stream{pair.client.native_handle()};
  EXPECT_EQ(getpeercert(stream), pair.client.getpeercert());
  EXPECT_EQ(getpeercert(stream, binary_form), pair.client.getpeercert(binary_form));
  EXPECT_EQ(get_verified_chain(stream).size(), 3U);
  EXPECT_EQ(get_unverified_chain(stream).size(), 2U);
  EXPECT_EQ(get_verify_result(stream).code, 0);
}

}  // namespace
}  // namespace peercert::ssl
