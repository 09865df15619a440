// SPDX-License-Identifier: Apache-2.0
// Owning pointers to OpenSSL's objects.
#pragma once

#include <memory>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace peercert {

template <auto free_function>
struct FreeWith {
  template <class T>
  void operator()(T* object) const noexcept {
    free_function(object);
  }
};
template <class T, auto free_function>
using OpenSSLPtr = std::unique_ptr<T, FreeWith<free_function>>;

inline void free_octets(void* octets) noexcept { OPENSSL_free(octets); }  // which is a macro

using Asn1IntegerPtr = OpenSSLPtr<ASN1_INTEGER, ASN1_INTEGER_free>;
using Asn1OctetStringPtr = OpenSSLPtr<ASN1_OCTET_STRING, ASN1_OCTET_STRING_free>;
using BignumPtr = OpenSSLPtr<BIGNUM, BN_free>;
using BioPtr = OpenSSLPtr<BIO, BIO_free>;
using CharsPtr = OpenSSLPtr<char, free_octets>;
using EvpPkeyPtr = OpenSSLPtr<EVP_PKEY, EVP_PKEY_free>;
using GeneralNamesPtr = OpenSSLPtr<GENERAL_NAMES, GENERAL_NAMES_free>;
using SslCtxPtr = OpenSSLPtr<SSL_CTX, SSL_CTX_free>;
using SslSessionPtr = OpenSSLPtr<SSL_SESSION, SSL_SESSION_free>;
using SslPtr = OpenSSLPtr<SSL, SSL_free>;
using X509Ptr = OpenSSLPtr<X509, X509_free>;
using X509ExtensionPtr = OpenSSLPtr<X509_EXTENSION, X509_EXTENSION_free>;
using X509StoreCtxPtr = OpenSSLPtr<X509_STORE_CTX, X509_STORE_CTX_free>;

}  // namespace peercert
