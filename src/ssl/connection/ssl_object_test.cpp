// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <gtest/gtest.h>
#include <openssl/err.h>

#include <peercert/ssl/ssl_object.hpp>

#include "support/bio_pair.hpp"

namespace peercert::ssl {
namespace {

class SSLObjectTest : public testing::TestWithParam<TLSVersion> {
 protected:
  SSLObjectTest() { client_context_.set_maximum_version(GetParam()); }

  SSLContext client_context_ = pki().client_context();
  SSLContext server_context_ = pki().server_context();
};

INSTANTIATE_TEST_SUITE_P(Versions, SSLObjectTest,
                         testing::Values(TLSVersion::tls1_2, TLSVersion::tls1_3));

TEST_P(SSLObjectTest, HandshakesWithoutInputOrOutput) {
  BioPair pair(client_context_, server_context_);
  for (SSLObject* end : {&pair.client, &pair.server}) {
    EXPECT_EQ(end->version(), std::nullopt);
    EXPECT_EQ(end->cipher(), std::nullopt);
    EXPECT_EQ(end->shared_ciphers(), std::nullopt);
    EXPECT_EQ(end->pending(), 0U);
    EXPECT_STREQ(caught<ValueError>([&] { static_cast<void>(end->getpeercert()); }).what(),
                 "handshake not done yet");
    EXPECT_TRUE(end->get_verified_chain().empty());
  }
  EXPECT_THROW(pair.client.do_handshake(), SSLWantReadError);
  EXPECT_GT(pair.to_server.pending(), 0U);
  EXPECT_EQ(ERR_peek_error(), 0U);
  pair.connect();

  EXPECT_EQ(pair.client.version(), GetParam() == TLSVersion::tls1_3 ? "TLSv1.3" : "TLSv1.2");
  EXPECT_EQ(pair.client.cipher(), pair.server.cipher());
  EXPECT_EQ(pair.client.shared_ciphers(), std::nullopt);
  const auto shared = *pair.server.shared_ciphers();
  EXPECT_NE(std::find(shared.begin(), shared.end(), *pair.client.cipher()), shared.end());
  EXPECT_EQ(pair.client.compression(), std::nullopt);
  EXPECT_EQ(pair.client.getpeercert(binary_form), pki().server.certificate_der());
  EXPECT_EQ(pair.client.get_verified_chain().size(), 3U);
  EXPECT_EQ(pair.client.get_unverified_chain().size(), 2U);
  EXPECT_EQ(pair.client.server_hostname(), "localhost");
  EXPECT_TRUE(pair.server.server_side());
}

TEST_P(SSLObjectTest, CarriesOctetsAndEnds) {
  BioPair pair(client_context_, server_context_);
  pair.connect();
  EXPECT_EQ(pair.client.write(bytes_of("hello")), 5U);
  EXPECT_EQ(read_some(pair.server), "hello");
  EXPECT_THROW(read_some(pair.server), SSLWantReadError);

  // As Python's test_unwrap: the first to end waits for the other.
  EXPECT_THROW(pair.client.unwrap(), SSLWantReadError);
  EXPECT_EQ(read_some(pair.server), "");
  pair.server.unwrap();
  pair.client.unwrap();
  EXPECT_EQ(caught<SSLError>([&] { pair.client.write(bytes_of("x")); }).reason(),
            "PROTOCOL_IS_SHUTDOWN");
  EXPECT_THROW(read_some(pair.client), SSLZeroReturnError);
  EXPECT_TRUE(pair.client.getpeercert().has_value());
}

TEST_P(SSLObjectTest, ReportsAnEndOfTheTransport) {
  BioPair pair(client_context_, server_context_);
  pair.connect();
  pair.to_client.read();  // session tickets
  pair.to_client.write_eof();
  EXPECT_EQ(caught<SSLEOFError>([&] { read_some(pair.client); }).reason(),
            "UNEXPECTED_EOF_WHILE_READING");
  EXPECT_EQ(pair.client.version(), std::nullopt);
  EXPECT_NE(pair.client.cipher(), std::nullopt);
}

TEST_P(SSLObjectTest, ChecksTheHostName) {
  BioPair pair(client_context_, server_context_, {.server_hostname = "example.org"});
  pair.handshake();
  const auto error = caught<SSLCertVerificationError>(pair.client_error);
  EXPECT_EQ(error.verify_message(),
            "Hostname mismatch, certificate is not valid for 'example.org'.");
  // Python: the chains stay, getpeercert() does not.
  EXPECT_EQ(pair.client.get_unverified_chain().size(), 2U);
  EXPECT_THROW(static_cast<void>(pair.client.getpeercert()), ValueError);
}

// Python checks no name at all when it is given none; here that has to be said.
TEST_P(SSLObjectTest, WantsANameToCheck) {
  MemoryBIO bio;
  EXPECT_THROW(static_cast<void>(client_context_.wrap_bio(bio, bio)), ValueError);
  EXPECT_THROW(static_cast<void>(server_context_.wrap_bio(bio, bio)), SSLError);
  EXPECT_THROW(static_cast<void>(server_context_.wrap_bio(
                   bio, bio, {.server_side = true, .server_hostname = "localhost"})),
               ValueError);
  client_context_.set_check_hostname(false);
  BioPair pair(client_context_, server_context_, {});
  pair.connect();
  EXPECT_EQ(pair.client.server_hostname(), "");
}

TEST_P(SSLObjectTest, MovesWhileItIsConnected) {
  BioPair pair(client_context_, server_context_);
  pair.connect();
  SSLObject moved = std::move(pair.client);
  moved.write(bytes_of("hello"));
  EXPECT_EQ(read_some(pair.server), "hello");
}

// OpenSSL owns a reference of its own.
TEST_P(SSLObjectTest, OutlivesTheMemoryBIOs) {
  SSLObject client = [&] {
    MemoryBIO incoming, outgoing;
    return client_context_.wrap_bio(incoming, outgoing, {.server_hostname = "localhost"});
  }();
  EXPECT_THROW(client.do_handshake(), SSLWantReadError);
}

}  // namespace
}  // namespace peercert::ssl
