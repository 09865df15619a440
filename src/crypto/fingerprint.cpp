// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <stdexcept>

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <peercert/crypto/fingerprint.hpp>

#include "crypto/error_queue.hpp"

namespace peercert::crypto {
namespace {

std::string to_base64(Bytes octets) {
  std::string text((octets.size() + 2) / 3 * 4 + 1, '\0');  // EVP_EncodeBlock() ends it with a NUL
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), octets.data(),
                  static_cast<int>(octets.size()));
  text.pop_back();
  return text;
}

using Algorithm = std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)>;
using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

// To look an algorithm up among the providers takes a third as long as to digest a certificate.
const EVP_MD* sha256_algorithm() {
  static const Algorithm algorithm(EVP_MD_fetch(nullptr, "SHA256", nullptr), &EVP_MD_free);
  return algorithm.get();
}

[[noreturn]] void throw_failure(const std::string& algorithm) {
  throw std::runtime_error(algorithm + ": " + std::string(take_last_error().text()));
}

}  // namespace

Sha256Digest sha256(Bytes data) {
  Sha256Digest digest;
  // A context that is used again saves a quarter of the time for a certificate.
  thread_local const Context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  if (context == nullptr || EVP_DigestInit_ex2(context.get(), sha256_algorithm(), nullptr) != 1 ||
      EVP_DigestUpdate(context.get(), data.data(), data.size()) != 1 ||
      EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) != 1) {
    throw_failure("SHA-256");
  }
  return digest;
}

Sha1Digest sha1(Bytes data) {
  static_assert(std::tuple_size_v<Sha1Digest> == SHA_DIGEST_LENGTH);
  Sha1Digest digest;
  if (SHA1(data.data(), data.size(), digest.data()) == nullptr) throw_failure("SHA-1");
  return digest;
}

std::string spki_pin(const PublicKeyView& key) { return to_base64(sha256(key.der)); }

}  // namespace peercert::crypto
