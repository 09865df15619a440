// SPDX-License-Identifier: Apache-2.0
#include "ssl/identity/purpose_bits.hpp"

#include <set>

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "crypto/openssl_ptr.hpp"

namespace peercert::ssl {
namespace {

using ParamPtr = OpenSSLPtr<X509_VERIFY_PARAM, X509_VERIFY_PARAM_free>;

ParamPtr param_of(bool server, int purpose = 0, int trust = 0) {
  ParamPtr param(X509_VERIFY_PARAM_new());
  const char* usual = server ? "ssl_client" : "ssl_server";
  EXPECT_EQ(X509_VERIFY_PARAM_set1(param.get(), X509_VERIFY_PARAM_lookup(usual)), 1);
  if (purpose != 0) X509_VERIFY_PARAM_set_purpose(param.get(), purpose);
  if (trust != 0) X509_VERIFY_PARAM_set_trust(param.get(), trust);
  return param;
}

TEST(PurposeBits, AreZeroForWhatTlsAsks) {
  for (const bool server : {false, true}) {
    EXPECT_EQ(purpose_bits(param_of(server).get(), server), 0U);
    EXPECT_NE(purpose_bits(param_of(!server).get(), server), 0U);
  }
  EXPECT_EQ(ERR_peek_error(), 0U);
}

TEST(PurposeBits, TellPurposesApart) {
  for (const bool server : {false, true}) {
    std::set<std::uint32_t> seen;
    for (int purpose = X509_PURPOSE_SSL_CLIENT; purpose <= X509_PURPOSE_ANY; ++purpose) {
      seen.insert(purpose_bits(param_of(server, purpose).get(), server));
    }
    seen.insert(purpose_bits(param_of(server, X509_PURPOSE_TIMESTAMP_SIGN).get(), server));
    EXPECT_EQ(seen.size(), 8U);
    // Both let everything pass.
    EXPECT_TRUE(
        seen.contains(purpose_bits(param_of(server, X509_PURPOSE_OCSP_HELPER).get(), server)));
  }
}

TEST(PurposeBits, TellTrustSettingsApart) {
  for (const int purpose : {X509_PURPOSE_SSL_SERVER, X509_PURPOSE_ANY}) {
    std::set<std::uint32_t> seen;
    for (int trust = X509_TRUST_COMPAT; trust <= X509_TRUST_TSA; ++trust) {
      seen.insert(purpose_bits(param_of(false, purpose, trust).get(), false));
    }
    EXPECT_EQ(seen.size(), 8U);
  }
}

// Everything else that parameters say is no matter of the purpose.
TEST(PurposeBits, DependOnNothingElse) {
  const ParamPtr param = param_of(false);
  X509_VERIFY_PARAM_set1_host(param.get(), "other.example", 0);
  X509_VERIFY_PARAM_set_time(param.get(), 1);
  X509_VERIFY_PARAM_set_depth(param.get(), 0);
  X509_VERIFY_PARAM_set_auth_level(param.get(), 5);
  X509_VERIFY_PARAM_set_flags(
      param.get(), X509_V_FLAG_X509_STRICT | X509_V_FLAG_CRL_CHECK | X509_V_FLAG_EXPLICIT_POLICY);
  EXPECT_EQ(purpose_bits(param.get(), false), 0U);
}

}  // namespace
}  // namespace peercert::ssl
