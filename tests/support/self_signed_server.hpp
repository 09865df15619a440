// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <peercert/ssl/context.hpp>

#include "crypto/openssl_ptr.hpp"

namespace peercert::ssl {

/// A server with a self-signed certificate of the key.
inline SSLContext self_signed_server(EVP_PKEY* key, const EVP_MD* hash) {
  const X509Ptr certificate(X509_new());
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  X509_set_pubkey(certificate.get(), key);
  EXPECT_GT(X509_sign(certificate.get(), key, hash), 0);
  SSLContext context(Protocol::tls_server);
  EXPECT_EQ(SSL_CTX_use_certificate(context.native_handle(), certificate.get()), 1);
  EXPECT_EQ(SSL_CTX_use_PrivateKey(context.native_handle(), key), 1);
  return context;
}

/// One whose key the lean context does not know.
inline SSLContext ed448_server() {
  const EvpPkeyPtr key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED448"));
  return self_signed_server(key.get(), nullptr);
}

}  // namespace peercert::ssl
