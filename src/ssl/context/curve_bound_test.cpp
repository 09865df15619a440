// SPDX-License-Identifier: Apache-2.0
// Peers whose certificates would keep a connection busy.
#include "ssl/context/curve_bound.hpp"

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <peercert/ssl/context.hpp>
#include <peercert/ssl/ssl_object.hpp>

#include "support/costly_keys.hpp"
#include "support/credential.hpp"
#include "support/foreign_pair.hpp"
#include "support/signed_certificate.hpp"
#include "support/tls_pair.hpp"

namespace peercert::ssl {
namespace {

constexpr auto kExplicit = X509_V_ERR_EC_KEY_EXPLICIT_PARAMS;

/// A foreign context that presents a good certificate, and others with EC keys after it.
SslCtxPtr presenter(const Credential& credential, std::size_t num_others, const char* encoding) {
  SslCtxPtr context(SSL_CTX_new(TLS_method()));
  SSL_CTX_use_certificate(context.get(), certificate_of(credential).get());
  SSL_CTX_use_PrivateKey(context.get(), key_of(credential).get());
  SSL_CTX_add0_chain_cert(context.get(), certificate_of(pki().intermediate).release());
  const test::Signer other{"other", std::shared_ptr<EVP_PKEY>(test::ec_key_of("P-256", encoding))};
  for (std::size_t i = 0; i < num_others; ++i) {
    const Der der = test::make_certificate(other, other, {.serial = static_cast<long>(i + 1)});
    const std::uint8_t* at = der.data();
    X509* const decoded = d2i_X509(nullptr, &at, static_cast<long>(der.size()));
    EXPECT_EQ(SSL_CTX_add0_chain_cert(context.get(), decoded), 1);
  }
  return context;
}

class CurveBound : public testing::TestWithParam<std::tuple<int, bool>> {
 protected:
  /// Whether one of our contexts accepts the peer on one of its connections.
  static bool accepts(std::size_t num_others, const char* encoding, long* verify_result = nullptr) {
    const auto& [version, is_server] = GetParam();
    const Credential& credential = is_server ? pki().client : pki().server;
    SSLContext own = is_server ? pki().server_context() : SSLContext(Protocol::tls_client);
    const SslCtxPtr peer = presenter(credential, num_others, encoding);
    own.set_check_hostname(false);
    own.set_verify_mode(is_server ? VerifyMode::optional : VerifyMode::none);
    own.load_verify_locations({.cadata = pki().root.certificate_pem()});
    for (SSL_CTX* const ctx : {own.native_handle(), peer.get()}) {
      SSL_CTX_set_max_proto_version(ctx, version);
    }
    ForeignPair pair(is_server ? peer.get() : own.native_handle(),
                     is_server ? own.native_handle() : peer.get());
    pair.handshake();
    const SSL* const ssl = is_server ? pair.server.get() : pair.client.get();
    if (verify_result != nullptr) *verify_result = SSL_get_verify_result(ssl);
    return (is_server ? pair.server_result : pair.client_result) == 1;
  }
};

TEST_P(CurveBound, LetsSomeThrough) {
  EXPECT_TRUE(accepts(0, "explicit"));
  EXPECT_TRUE(accepts(kMaxExplicitCurves, "explicit"));
  EXPECT_TRUE(accepts(3 * kMaxExplicitCurves, "named_curve"));
}

TEST_P(CurveBound, RefusesMoreWhateverTheVerifyMode) {
  for (const std::size_t num : {kMaxExplicitCurves + 1, 3 * kMaxExplicitCurves}) {
    long verify_result = X509_V_OK;
    EXPECT_FALSE(accepts(num, "explicit", &verify_result));
    EXPECT_EQ(verify_result, kExplicit);
  }
}

INSTANTIATE_TEST_SUITE_P(Connections, CurveBound,
                         testing::Combine(testing::Values(TLS1_2_VERSION, TLS1_3_VERSION),
                                          testing::Bool()),
                         [](const auto& param) {
                           return std::string(std::get<1>(param.param) ? "server" : "client") +
                                  (std::get<0>(param.param) == TLS1_2_VERSION ? "_1_2" : "_1_3");
                         });

class CurveBoundObject : public testing::TestWithParam<VerifyMode> {};
INSTANTIATE_TEST_SUITE_P(Modes, CurveBoundObject,
                         testing::Values(VerifyMode::none, VerifyMode::required));

/// As an application sees it.
TEST_P(CurveBoundObject, SaysWhatIsWrong) {
  SSLContext own(Protocol::tls_client);
  own.set_check_hostname(false);
  own.set_verify_mode(GetParam());
  own.load_verify_locations({.cadata = pki().root.certificate_pem()});
  MemoryBIO incoming, outgoing;
  SSLObject client = own.wrap_bio(incoming, outgoing, {.server_hostname = "localhost"});
  const SslCtxPtr peer = presenter(pki().server, kMaxExplicitCurves + 1, "explicit");
  const SslPtr server(SSL_new(peer.get()));
  BIO* const to_server = BIO_new(BIO_s_mem());
  BIO* const to_client = BIO_new(BIO_s_mem());
  SSL_set_bio(server.get(), to_server, to_client);
  SSL_set_accept_state(server.get());
  EXPECT_THROW(client.do_handshake(), SSLWantReadError);
  const auto hello = outgoing.read();
  BIO_write(to_server, hello.data(), static_cast<int>(hello.size()));
  SSL_do_handshake(server.get());
  std::vector<std::uint8_t> flight(static_cast<std::size_t>(BIO_pending(to_client)));
  BIO_read(to_client, flight.data(), static_cast<int>(flight.size()));
  incoming.write(flight);
  try {
    client.do_handshake();
    ADD_FAILURE();
  } catch (const SSLCertVerificationError& error) {
    EXPECT_EQ(error.verify_code(), kExplicit);
  }
}

}  // namespace
}  // namespace peercert::ssl
