// SPDX-License-Identifier: Apache-2.0
// For the tests: public keys of any size, of which nobody has the private half.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>

#include "crypto/openssl_ptr.hpp"

namespace peercert::test {

using ParamBuilderPtr = OpenSSLPtr<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
using ParamsPtr = OpenSSLPtr<OSSL_PARAM, OSSL_PARAM_free>;
using PkeyContextPtr = OpenSSLPtr<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;

/// An odd number with all bits set.
inline BignumPtr ones(std::size_t num_bits) {
  BignumPtr number(BN_new());
  BN_set_bit(number.get(), static_cast<int>(num_bits));
  BN_sub_word(number.get(), 1);
  return number;
}

struct KeyNumber {
  const char* name;
  std::size_t num_bits;
};

inline EvpPkeyPtr key_of(const char* type, const std::vector<KeyNumber>& numbers) {
  const ParamBuilderPtr builder(OSSL_PARAM_BLD_new());
  std::vector<BignumPtr> owned;
  for (const auto& [name, num_bits] : numbers) {
    owned.push_back(ones(num_bits));
    OSSL_PARAM_BLD_push_BN(builder.get(), name, owned.back().get());
  }
  const ParamsPtr params(OSSL_PARAM_BLD_to_param(builder.get()));
  const PkeyContextPtr context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  EVP_PKEY_fromdata_init(context.get());
  EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get());
  if (key == nullptr) throw std::runtime_error("OpenSSL takes no such key");
  return EvpPkeyPtr(key);
}

inline EvpPkeyPtr rsa_key_of(std::size_t modulus_bits, std::size_t exponent_bits,
                             const char* type = "RSA") {
  return key_of(type,
                {{OSSL_PKEY_PARAM_RSA_N, modulus_bits}, {OSSL_PKEY_PARAM_RSA_E, exponent_bits}});
}

inline EvpPkeyPtr dsa_key_of(std::size_t prime_bits) {
  return key_of("DSA", {{OSSL_PKEY_PARAM_FFC_P, prime_bits},
                        {OSSL_PKEY_PARAM_FFC_Q, 256},
                        {OSSL_PKEY_PARAM_FFC_G, 2},
                        {OSSL_PKEY_PARAM_PUB_KEY, 2048}});
}

/// `encoding` is "named_curve" or "explicit".
inline EvpPkeyPtr ec_key_of(const char* curve, const char* encoding) {
  EvpPkeyPtr key(EVP_EC_gen(curve));
  if (!key) throw std::runtime_error("OpenSSL has no such curve");
  EVP_PKEY_set_utf8_string_param(key.get(), OSSL_PKEY_PARAM_EC_ENCODING, encoding);
  return key;
}

inline std::vector<std::uint8_t> spki_of(EVP_PKEY* key) {
  std::vector<std::uint8_t> spki(static_cast<std::size_t>(i2d_PUBKEY(key, nullptr)));
  unsigned char* at = spki.data();
  i2d_PUBKEY(key, &at);
  return spki;
}

}  // namespace peercert::test
