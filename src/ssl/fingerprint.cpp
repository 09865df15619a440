// SPDX-License-Identifier: Apache-2.0
#include <openssl/sha.h>

#include <peercert/ssl/fingerprint.hpp>

#include "ssl/error_queue.hpp"

namespace peercert::ssl {

Sha256Digest sha256(Bytes data) {
  static_assert(std::tuple_size_v<Sha256Digest> == SHA256_DIGEST_LENGTH);
  Sha256Digest digest;
  if (SHA256(data.data(), data.size(), digest.data()) == nullptr) throw_last_error("SHA-256");
  return digest;
}

}  // namespace peercert::ssl
