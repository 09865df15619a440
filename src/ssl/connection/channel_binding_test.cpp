// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>

#include <peercert/crypto/fingerprint.hpp>
#include <peercert/ssl/channel_binding.hpp>
#include <peercert/ssl/context.hpp>
#include <peercert/ssl/error.hpp>

#include "support/credential.hpp"
#include "support/foreign_pair.hpp"
#include "support/tls_pair.hpp"

namespace peercert::ssl {
namespace {

using Octets = std::vector<std::uint8_t>;

class ChannelBinding : public testing::TestWithParam<int> {
 protected:
  ChannelBinding() {
    for (SSLContext* context : {&client_context_, &server_context_}) limit(*context);
    client_context_.set_check_hostname(false);
  }
  ~ChannelBinding() override { EXPECT_EQ(ERR_peek_error(), 0U); }

  static bool is_1_3() { return GetParam() == TLS1_3_VERSION; }
  static void limit(SSLContext& context) {
    context.set_minimum_version(static_cast<TLSVersion>(GetParam()));
    context.set_maximum_version(static_cast<TLSVersion>(GetParam()));
  }
  ForeignPair connect(SSL_SESSION* session = nullptr) const {
    ForeignPair pair(client_context_.native_handle(), server_context_.native_handle());
    if (session != nullptr) SSL_set_session(pair.client.get(), session);
    pair.handshake();
    return pair;
  }
  /// What both ends say, which has to be the same.
  static Octets of_both(const ForeignPair& pair, std::string_view type) {
    const auto client = get_channel_binding(pair.client.get(), type);
    EXPECT_EQ(client, get_channel_binding(pair.server.get(), type));
    return client.value_or(Octets{});
  }
  static void expect_refused(const ForeignPair& pair, std::string_view type,
                             std::string_view reason) {
    for (const SslPtr* end : {&pair.client, &pair.server}) {
      const auto error =
          caught<ValueError>([&] { static_cast<void>(get_channel_binding(end->get(), type)); });
      EXPECT_TRUE(contains(error.what(), reason));
    }
  }

  SSLContext client_context_ = pki().client_context();
  SSLContext server_context_ = pki().server_context();
};

INSTANTIATE_TEST_SUITE_P(Tls, ChannelBinding, testing::Values(TLS1_2_VERSION, TLS1_3_VERSION),
                         [](const auto& version) {
                           return version.param == TLS1_2_VERSION ? "1_2" : "1_3";
                         });

TEST_P(ChannelBinding, UniqueIsTheFirstFinished) {
  ForeignPair pair = connect();
  if (is_1_3()) return expect_refused(pair, "tls-unique", "not defined for TLS 1.3");
  Octets finished(12);
  SSL_get_finished(pair.client.get(), finished.data(), finished.size());
  EXPECT_EQ(of_both(pair, "tls-unique"), finished);
  EXPECT_EQ(get_channel_binding(pair.client.get()), finished);

  SSL_set_shutdown(pair.client.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
  const ForeignPair resumed = connect(SSL_get0_session(pair.client.get()));
  ASSERT_EQ(SSL_session_reused(resumed.client.get()), 1);
  SSL_get_finished(resumed.server.get(), finished.data(), finished.size());
  EXPECT_EQ(of_both(resumed, "tls-unique"), finished);
}

TEST_P(ChannelBinding, IsRefusedWithoutAUniqueSecret) {
  SSL_CTX_set_options(client_context_.native_handle(), SSL_OP_NO_EXTENDED_MASTER_SECRET);
  const ForeignPair pair = connect();
  if (is_1_3()) {
    EXPECT_EQ(of_both(pair, "tls-exporter").size(), 32U);
    return;
  }
  expect_refused(pair, "tls-exporter", "extended master secret");
  EXPECT_EQ(of_both(pair, "tls-unique").size(), 12U);
  SSL_set_shutdown(pair.client.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
  const ForeignPair resumed = connect(SSL_get0_session(pair.client.get()));
  ASSERT_EQ(SSL_session_reused(resumed.client.get()), 1);
  expect_refused(resumed, "tls-unique", "extended master secret");
}

TEST_P(ChannelBinding, EndPointIsTheHashOfTheServersCertificate) {
  const crypto::Sha256Digest digest = crypto::sha256(pki().server.certificate_der());
  EXPECT_EQ(of_both(connect(), "tls-server-end-point"), Octets(digest.begin(), digest.end()));
}

/// The server's certificate, signed with another hash.
X509Ptr server_signed_with(const EVP_MD* hash) {
  X509Ptr certificate = certificate_of(pki().server);
  X509_sign(certificate.get(), key_of(pki().intermediate).get(), hash);
  return certificate;
}

// RFC 5929, 4.1: SHA-256 in the place of SHA-1.
TEST_P(ChannelBinding, EndPointIsByTheHashOfTheSignature) {
  for (const auto& [signed_with, hash] :
       {std::pair(EVP_sha1(), EVP_sha256()), std::pair(EVP_sha384(), EVP_sha384())}) {
    for (SSLContext* context : {&client_context_, &server_context_}) {
      context->set_ciphers("DEFAULT:@SECLEVEL=0");
    }
    const X509Ptr certificate = server_signed_with(signed_with);
    SSL_CTX_use_certificate(server_context_.native_handle(), certificate.get());
    Octets digest(EVP_MAX_MD_SIZE);
    unsigned int len = 0;
    X509_digest(certificate.get(), hash, digest.data(), &len);
    digest.resize(len);
    EXPECT_EQ(of_both(connect(), "tls-server-end-point"), digest);
  }
}

TEST_P(ChannelBinding, EndPointNeedsASignatureWithAHash) {
  const Credential root = Credential::root_ca("Edwards", KeyType::ed25519);
  TestPki::load(server_context_, root.issue({.subject_alt_name = {"DNS:localhost"}}));
  client_context_.load_verify_locations({.cadata = root.certificate_pem()});
  expect_refused(connect(), "tls-server-end-point", "no hash of its own");
}

TEST_P(ChannelBinding, ExporterIsThatOfRfc9266) {
  const ForeignPair pair = connect();
  const Octets binding = of_both(pair, "tls-exporter");
  EXPECT_EQ(binding.size(), 32U);
  EXPECT_EQ(binding,
            export_keying_material(pair.client.get(), "EXPORTER-Channel-Binding", 32, Bytes{}));
  EXPECT_NE(binding, of_both(connect(), "tls-exporter"));
}

TEST_P(ChannelBinding, KeyingMaterialIsTheSameAtBothEnds) {
  const ForeignPair pair = connect();
  const auto of_client = [&](std::size_t len, std::optional<Bytes> context) {
    return export_keying_material(pair.client.get(), "EXPERIMENTAL test", len, context);
  };
  const Octets some{1, 2, 3};
  const Octets with_some = of_client(48, some);
  EXPECT_EQ(with_some, export_keying_material(pair.server.get(), "EXPERIMENTAL test", 48, some));
  EXPECT_NE(with_some, of_client(48, std::nullopt));
  EXPECT_EQ(of_client(20, Bytes{}) == of_client(20, std::nullopt), is_1_3());
  EXPECT_THROW(of_client(0, some), ValueError);
  if (is_1_3()) {
    EXPECT_THROW(of_client(100000, some), SSLError);
  } else {
    EXPECT_THROW(export_keying_material(pair.client.get(), "master secret", 20), SSLError);
  }
}

TEST_P(ChannelBinding, IsNotThereBeforeTheHandshakeIsDone) {
  const ForeignPair pair(client_context_.native_handle(), server_context_.native_handle());
  for (const char* type : {"tls-unique", "tls-server-end-point", "tls-exporter"}) {
    EXPECT_EQ(get_channel_binding(pair.client.get(), type), std::nullopt);
    EXPECT_EQ(get_channel_binding(pair.server.get(), type), std::nullopt);
  }
  expect_refused(pair, "tls-other", "tls-other channel binding type not implemented");
  EXPECT_THROW(export_keying_material(pair.client.get(), "EXPERIMENTAL test", 1), ValueError);
}

}  // namespace
}  // namespace peercert::ssl
