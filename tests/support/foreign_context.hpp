// SPDX-License-Identifier: Apache-2.0
// For the tests: contexts, stores, CRLs and sessions by OpenSSL's own API.
#pragma once

#include <initializer_list>
#include <string>

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <peercert/ssl/peer_identity.hpp>

#include "crypto/openssl_ptr.hpp"
#include "ssl/identity/verification_record.hpp"
#include "support/foreign_pair.hpp"
#include "testing/private_ca.hpp"

namespace peercert::ssl {

using X509StorePtr = OpenSSLPtr<X509_STORE, X509_STORE_free>;
using X509CrlPtr = OpenSSLPtr<X509_CRL, X509_CRL_free>;

inline X509Ptr to_x509(const Credential& credential) {
  const Der der = credential.certificate_der();
  const unsigned char* at = der.data();
  return X509Ptr(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
}

inline EvpPkeyPtr private_key_of(const Credential& credential) {
  const std::string pem = credential.private_key_pem();
  const BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return EvpPkeyPtr(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
}

/// Trusts the certificate; not for the use that `rejected` names, if there is one.
inline void add(X509_STORE* store, const Credential& anchor, int rejected = NID_undef) {
  const X509Ptr certificate = to_x509(anchor);
  if (rejected != NID_undef) {
    ASSERT_EQ(X509_add1_reject_object(certificate.get(), OBJ_nid2obj(rejected)), 1);
  }
  ASSERT_EQ(X509_STORE_add_cert(store, certificate.get()), 1);
}

inline X509StorePtr make_store(std::initializer_list<Credential> anchors) {
  X509StorePtr store(X509_STORE_new());
  for (const Credential& anchor : anchors) add(store.get(), anchor);
  return store;
}

/// A CRL without entries, from two days ago until `last_days` from now.
inline Der make_crl(const Credential& issuer, long number, int last_days) {
  const X509Ptr certificate = to_x509(issuer);
  const EvpPkeyPtr key = private_key_of(issuer);
  const X509CrlPtr crl(X509_CRL_new());
  const OpenSSLPtr<ASN1_TIME, ASN1_TIME_free> from(X509_time_adj_ex(nullptr, -2, 0, nullptr));
  const OpenSSLPtr<ASN1_TIME, ASN1_TIME_free> to(X509_time_adj_ex(nullptr, last_days, 0, nullptr));
  const Asn1IntegerPtr crl_number(ASN1_INTEGER_new());
  ASN1_INTEGER_set(crl_number.get(), number);
  X509_CRL_set_version(crl.get(), 1);
  X509_CRL_set_issuer_name(crl.get(), X509_get_subject_name(certificate.get()));
  X509_CRL_set1_lastUpdate(crl.get(), from.get());
  X509_CRL_set1_nextUpdate(crl.get(), to.get());
  X509_CRL_add1_ext_i2d(crl.get(), NID_crl_number, crl_number.get(), 0, 0);
  EXPECT_GT(X509_CRL_sign(crl.get(), key.get(), EVP_sha256()), 0);
  unsigned char* bytes = nullptr;
  const int len = i2d_X509_CRL(crl.get(), &bytes);
  Der der(bytes, bytes + len);
  OPENSSL_free(bytes);
  return der;
}

inline void add_crl(X509_STORE* store, const Der& der) {
  const unsigned char* at = der.data();
  const X509CrlPtr crl(d2i_X509_CRL(nullptr, &at, static_cast<long>(der.size())));
  ASSERT_EQ(X509_STORE_add_crl(store, crl.get()), 1);
}

inline void present(SSL_CTX* ctx, const Credential& credential) {
  const std::string chain = credential.chain_pem();
  const BioPtr bio(BIO_new_mem_buf(chain.data(), static_cast<int>(chain.size())));
  const X509Ptr leaf(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  ASSERT_EQ(SSL_CTX_use_certificate(ctx, leaf.get()), 1);
  while (const X509Ptr issuer{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)}) {
    ASSERT_EQ(SSL_CTX_add1_chain_cert(ctx, issuer.get()), 1);
  }
  ERR_clear_error();
  ASSERT_EQ(SSL_CTX_use_PrivateKey(ctx, private_key_of(credential).get()), 1);
}

/// A context that no SSLContext has made: trusts the anchor, asks for a certificate, and records.
inline SslCtxPtr foreign_context(const SSL_METHOD* method, const Credential& anchor) {
  SslCtxPtr ctx(SSL_CTX_new(method));
  constexpr unsigned char kSessions[] = "test";
  SSL_CTX_set_session_id_context(ctx.get(), kSessions, sizeof kSessions);
  SSL_CTX_set1_cert_store(ctx.get(), make_store({anchor}).get());
  require_verified_peers(ctx.get());
  return ctx;
}
inline SslCtxPtr foreign_context(const SSL_METHOD* method, const Credential& anchor,
                                 const Credential& own) {
  SslCtxPtr ctx = foreign_context(method, anchor);
  present(ctx.get(), own);
  return ctx;
}

/// OpenSSL does not resume the session of a connection that ended without close_notify.
inline void leave_politely(const ForeignPair& pair) {
  SSL_set_shutdown(pair.client.get(), SSL_SENT_SHUTDOWN);
  SSL_set_shutdown(pair.server.get(), SSL_SENT_SHUTDOWN);
}

/// What the client may resume; its ticket of TLS 1.3 comes after the handshake.
inline SslSessionPtr session_of(const ForeignPair& pair) {
  char byte = 0;
  SSL_read(pair.client.get(), &byte, 1);
  ERR_clear_error();
  return SslSessionPtr(SSL_get1_session(pair.client.get()));
}

inline VerificationRecord record_in(SSL_SESSION* session) {
  void* data = nullptr;
  std::size_t len = 0;
  SSL_SESSION_get0_ticket_appdata(session, &data, &len);
  return parse_record({static_cast<const std::uint8_t*>(data), len}).value();
}

}  // namespace peercert::ssl
