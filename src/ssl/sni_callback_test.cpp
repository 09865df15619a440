// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include "libcrypto/openssl_ptr.hpp"
#include "support/bio_pair.hpp"

namespace peercert::ssl {
namespace {

class SniCallbackTest : public testing::TestWithParam<TLSVersion> {
 protected:
  SniCallbackTest() {
    client_context_.set_maximum_version(GetParam());
    client_context_.set_check_hostname(false);
  }

  BioPair handshaken(const std::string& name) {
    BioPair pair(client_context_, server_context_, {.server_hostname = name});
    pair.handshake();
    return pair;
  }

  SSLContext client_context_ = pki().client_context();
  SSLContext server_context_ = pki().server_context();
};

INSTANTIATE_TEST_SUITE_P(Versions, SniCallbackTest,
                         testing::Values(TLSVersion::tls1_2, TLSVersion::tls1_3));

// As Python's test_sni_callback.
TEST_P(SniCallbackTest, ChoosesTheCertificate) {
  const Credential other = pki().root.issue({.subject_alt_name = {"DNS:other.example"}});
  const SSLContext other_context = pki().server_context(other);
  std::vector<std::optional<std::string>> names;
  server_context_.set_sni_callback(
      [&](SSLConnection& connection, std::optional<std::string_view> name) {
        names.emplace_back(name);
        EXPECT_TRUE(connection.server_side());
        EXPECT_EQ(connection.context().native_handle(), server_context_.native_handle());
        if (name == "other.example") connection.set_context(other_context);
        return std::nullopt;
      });
  const auto served = [&](const std::string& name) {
    BioPair pair = handshaken(name);
    EXPECT_FALSE(pair.client_error || pair.server_error);
    return pair.client.getpeercert(binary_form);
  };
  EXPECT_EQ(served("localhost"), pki().server.certificate_der());
  EXPECT_EQ(served("other.example"), other.certificate_der());
  EXPECT_EQ(served(""), pki().server.certificate_der());
  EXPECT_EQ(names, (std::vector<std::optional<std::string>>{"localhost", "other.example", {}}));

  server_context_.set_sni_callback({});
  EXPECT_EQ(served("other.example"), pki().server.certificate_der());
  EXPECT_EQ(names.size(), 3U);
}

// As Python's test_sni_callback_alert.
TEST_P(SniCallbackTest, EndsTheHandshakeWithAnAlert) {
  server_context_.set_sni_callback(
      [](SSLConnection&, auto) { return AlertDescription::access_denied; });
  BioPair pair = handshaken("localhost");
  EXPECT_EQ(caught<SSLError>(pair.client_error).reason(), "TLSV1_ALERT_ACCESS_DENIED");
  EXPECT_EQ(caught<SSLError>(pair.server_error).reason(), "CALLBACK_FAILED");
}

// As Python's test_sni_callback_raising; but what was thrown is not lost.
TEST_P(SniCallbackTest, MayThrow) {
  server_context_.set_sni_callback([](SSLConnection&, auto) -> std::optional<AlertDescription> {
    throw std::domain_error("no such host");
  });
  BioPair pair = handshaken("localhost");
  EXPECT_EQ(caught<SSLError>(pair.client_error).reason(), "SSLV3_ALERT_HANDSHAKE_FAILURE");
  EXPECT_STREQ(caught<std::domain_error>(pair.server_error).what(), "no such host");
  EXPECT_EQ(ERR_peek_error(), 0U);
}

TEST_P(SniCallbackTest, MayDropTheContextThatItIsOf) {
  std::optional<SSLObject> server;
  MemoryBIO to_client, to_server;
  {
    SSLContext context = pki().server_context();
    const std::string data(100, 'x');  // on the heap, in the callback
    context.set_sni_callback([data, this](SSLConnection& connection, auto) {
      connection.set_context(server_context_);
      EXPECT_EQ(data, std::string(100, 'x'));
      return std::nullopt;
    });
    server = context.wrap_bio(to_server, to_client, {.server_side = true});
  }
  SSLObject client =
      client_context_.wrap_bio(to_client, to_server, {.server_hostname = "localhost"});
  EXPECT_THROW(client.do_handshake(), SSLWantReadError);
  EXPECT_THROW(server->do_handshake(), SSLWantReadError);
  EXPECT_EQ(server->context().native_handle(), server_context_.native_handle());
}

// Python cannot decode it and says internal_error.
TEST_P(SniCallbackTest, IsNotToldNamesThatAreNotAscii) {
  bool called = false;
  server_context_.set_sni_callback([&](SSLConnection&, auto) {
    called = true;
    return std::nullopt;
  });
  BioPair pair(client_context_, server_context_, {.server_hostname = "localhost"});
  SSL_set_tlsext_host_name(pair.client.native_handle(), "caf\xc3\xa9.example");
  pair.handshake();
  EXPECT_EQ(caught<SSLError>(pair.client_error).reason(), "TLSV1_ALERT_INTERNAL_ERROR");
  EXPECT_FALSE(called);
}

// One byte of the extension is another: its type or one of its lengths is wrong, or the name has a
// NUL.
TEST_P(SniCallbackTest, IsNotToldNamesThatAreMalformed) {
  bool called = false;
  server_context_.set_sni_callback([&](SSLConnection&, auto) {
    called = true;
    return std::nullopt;
  });
  constexpr std::string_view kName = "localhost";
  struct Place {
    int from_name, change;
  };
  // ServerNameList: length, type, length, name.
  for (const auto& [from_name, change] :
       {Place{-4, 1}, {-4, 3}, {-3, 1}, {-1, 1}, {-1, 2}, {0, 'l'}}) {
    BioPair pair(client_context_, server_context_, {.server_hostname = std::string(kName)});
    EXPECT_THROW(pair.client.do_handshake(), SSLWantReadError);
    std::vector<std::uint8_t> hello = pair.to_server.read();
    const auto name = std::ranges::search(hello, kName).begin();
    ASSERT_NE(name, hello.end());
    name[from_name] = static_cast<std::uint8_t>(name[from_name] ^ change);
    pair.to_server.write(hello);
    EXPECT_THROW(pair.server.do_handshake(), SSLError);
    EXPECT_FALSE(called) << from_name << ' ' << change;
    EXPECT_EQ(ERR_peek_error(), 0U);
  }
}

TEST_P(SniCallbackTest, DoesNotConcernConnectionsThatOthersMade) {
  server_context_.set_sni_callback(
      [](SSLConnection&, auto) { return AlertDescription::access_denied; });
  const SslPtr foreign(SSL_new(server_context_.native_handle()));
  MemoryBIO to_client, to_server;
  BIO_up_ref(to_client.native_handle());
  BIO_up_ref(to_server.native_handle());
  SSL_set_bio(foreign.get(), to_server.native_handle(), to_client.native_handle());
  SSLObject client =
      client_context_.wrap_bio(to_client, to_server, {.server_hostname = "localhost"});
  EXPECT_THROW(client.do_handshake(), SSLWantReadError);
  EXPECT_EQ(SSL_accept(foreign.get()), -1);
  EXPECT_EQ(SSL_get_error(foreign.get(), -1), SSL_ERROR_WANT_READ);
}

TEST_P(SniCallbackTest, IsAServersAffair) {
  EXPECT_STREQ(caught<ValueError>([&] { client_context_.set_sni_callback({}); }).what(),
               "sni_callback cannot be set on TLS_CLIENT context");
}

// As Python's test_context_setget, and the table of what getpeercert() then gives.
TEST_P(SniCallbackTest, AnotherContextChangesWhatGetpeercertGives) {
  SSLContext strict = pki().server_context();
  strict.set_verify_mode(VerifyMode::required);
  TestPki::load(client_context_, pki().client);

  // Never asked for a certificate, whatever the new context says.
  server_context_.set_sni_callback([&](SSLConnection& connection, auto) {
    connection.set_context(strict);
    return std::nullopt;
  });
  BioPair lax_first = handshaken("localhost");
  EXPECT_FALSE(lax_first.client_error || lax_first.server_error);
  EXPECT_EQ(lax_first.server.getpeercert(), std::nullopt);

  // Asked and verified; the new context gives the empty dict all the same.
  const SSLContext lax = pki().server_context();
  strict.set_sni_callback([&](SSLConnection& connection, auto) {
    connection.set_context(lax);
    return std::nullopt;
  });
  BioPair strict_first(client_context_, strict);
  strict_first.connect();
  EXPECT_TRUE(strict_first.server.getpeercert()->empty());
  EXPECT_EQ(strict_first.server.getpeercert(binary_form), pki().client.certificate_der());
  strict_first.server.set_context(strict);
  EXPECT_FALSE(strict_first.server.getpeercert()->empty());
}

}  // namespace
}  // namespace peercert::ssl
