// SPDX-License-Identifier: Apache-2.0
#include "ssl/context/session_id_context.hpp"

#include <cstdint>
#include <vector>

#include "ssl/connection/outcome.hpp"
#include "ssl/identity/trust_digest.hpp"
#include "ssl/identity/verify_profile.hpp"

namespace peercert::ssl {

namespace {

static_assert(SSL_MAX_SID_CTX_LENGTH >= std::tuple_size_v<crypto::Sha256Digest>);

/// Only what other processes can compare: of callbacks, whether there are any.
crypto::Sha256Digest policy_digest(const SSL_CTX* ctx) {
  SSL_CTX* const asked = const_cast<SSL_CTX*>(ctx);
  const X509_VERIFY_PARAM* param = SSL_CTX_get0_param(asked);
  const crypto::Sha256Digest trust = trust_inputs(ctx);
  std::vector<std::uint8_t> octets(trust.begin(), trust.end());
  const auto add = [&](std::uint64_t number) {
    for (int shift = 56; shift >= 0; shift -= 8) {
      octets.push_back(static_cast<std::uint8_t>(number >> shift));
    }
  };
  add(static_cast<std::uint64_t>(SSL_CTX_get_verify_mode(ctx)));
  add(X509_VERIFY_PARAM_get_flags(param));
  add(static_cast<std::uint64_t>(X509_VERIFY_PARAM_get_depth(param)));
  add(static_cast<std::uint64_t>(X509_VERIFY_PARAM_get_auth_level(param)));
  add(static_cast<std::uint64_t>(SSL_CTX_get_security_level(ctx)));
  add(static_cast<std::uint64_t>(verify_profile(ctx)));
  add(public_suffix_test(ctx) != nullptr ? 1 : 0);
  add(SSL_CTX_get_verify_callback(ctx) != nullptr ? 1 : 0);
  return crypto::sha256(octets);
}

}  // namespace

void set_session_id_context(SSL_CTX* ctx) {
  const crypto::Sha256Digest digest = policy_digest(ctx);
  if (SSL_CTX_set_session_id_context(ctx, digest.data(), digest.size()) != 1) throw_last_error();
}

void set_session_id_context(SSL* ssl) {
  const crypto::Sha256Digest digest = policy_digest(SSL_get_SSL_CTX(ssl));
  if (SSL_set_session_id_context(ssl, digest.data(), digest.size()) != 1) throw_last_error();
}

}  // namespace peercert::ssl
