// SPDX-License-Identifier: Apache-2.0
// For the tests: what OpenSSL makes of a Credential.
#pragma once

#include <openssl/pem.h>
#include <openssl/x509.h>

#include "crypto/openssl_ptr.hpp"
#include "testing/private_ca.hpp"

namespace peercert::ssl {

inline X509Ptr certificate_of(const Credential& credential) {
  const Der der = credential.certificate_der();
  const unsigned char* at = der.data();
  return X509Ptr(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
}

inline EvpPkeyPtr key_of(const Credential& credential) {
  const std::string pem = credential.private_key_pem();
  const BioPtr memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return EvpPkeyPtr(PEM_read_bio_PrivateKey(memory.get(), nullptr, nullptr, nullptr));
}

}  // namespace peercert::ssl
