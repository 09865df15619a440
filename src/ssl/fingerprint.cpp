// SPDX-License-Identifier: Apache-2.0
#include <openssl/evp.h>
#include <openssl/sha.h>

#include <peercert/ssl/fingerprint.hpp>

#include "ssl/error_queue.hpp"

namespace peercert::ssl {
namespace {

std::string to_base64(Bytes octets) {
  std::string text((octets.size() + 2) / 3 * 4 + 1, '\0');  // EVP_EncodeBlock() ends it with a NUL
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), octets.data(),
                  static_cast<int>(octets.size()));
  text.pop_back();
  return text;
}

}  // namespace

Sha256Digest sha256(Bytes data) {
  static_assert(std::tuple_size_v<Sha256Digest> == SHA256_DIGEST_LENGTH);
  Sha256Digest digest;
  if (SHA256(data.data(), data.size(), digest.data()) == nullptr) throw_last_error("SHA-256");
  return digest;
}

Sha1Digest sha1(Bytes data) {
  static_assert(std::tuple_size_v<Sha1Digest> == SHA_DIGEST_LENGTH);
  Sha1Digest digest;
  if (SHA1(data.data(), data.size(), digest.data()) == nullptr) throw_last_error("SHA-1");
  return digest;
}

std::string spki_pin(const PublicKeyView& key) { return to_base64(sha256(key.der)); }

}  // namespace peercert::ssl
