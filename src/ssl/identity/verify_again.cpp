// SPDX-License-Identifier: Apache-2.0
#include "ssl/identity/verify_again.hpp"

#include "crypto/error_queue.hpp"
#include "ssl/identity/trust_digest.hpp"
#include "ssl/identity/verify_capture.hpp"
#include "ssl/identity/verify_policy.hpp"
#include "ssl/identity/verify_profile.hpp"

namespace peercert::ssl {

namespace {

int keep_answer(int ok, X509_STORE_CTX*) { return ok; }

/// Why this SSL's verification cannot be repeated; empty if it can.
std::string unrepeatable(const SSL* ssl, const VerifyPolicy& policy) {
  const std::string check = replaced_check(policy);
  if (!check.empty()) return "the X509_STORE's own " + check + "() may have overridden errors";
  constexpr const char* kWouldTell = "; capture_verification() would tell";
  if (policy.dane) return std::string("TLSA records were used") + kWouldTell;
  const bool is_asked = application_callback(ssl) != nullptr ||
                        X509_STORE_get_verify_cb(verify_store(ssl)) != nullptr;
  if (!is_asked) return {};
  return std::string("a verify callback may have overridden errors") + kWouldTell;
}

/// Whether a full verification with the parameters of now accepts the chain; else why not.
std::string why_not_again(const SSL* ssl) {
  X509* const leaf = SSL_get0_peer_certificate(ssl);
  const auto error = verify_again(ssl, leaf, SSL_get_peer_cert_chain(ssl));
  if (!error) return {};
  return "verified once more: " + error->message + " (" + std::to_string(error->code) +
         ") at depth " + std::to_string(error->depth);
}

/// Whether the handshake matched the certificate with one of the hosts: the name that it found in
/// the certificate is the one that they find.
bool was_host_checked(const SSL* ssl, const VerifyPolicy& policy) {
  const char* const found = SSL_get0_peername(const_cast<SSL*>(ssl));
  X509* const leaf = SSL_get0_peer_certificate(ssl);
  for (const std::string& host : policy.hosts) {
    char* matched = nullptr;
    X509_check_host(leaf, host.data(), host.size(), policy.host_flags, &matched);
    const CharsPtr owner(matched);
    if (found != nullptr && matched != nullptr && std::string_view(found) == matched) return true;
  }
  return policy.hosts.empty();
}

}  // namespace

std::optional<VerifyError> verify_again(const SSL* ssl, X509* leaf, STACK_OF(X509) * untrusted) {
  const X509StoreCtxPtr context = make_store_context(ssl, leaf, untrusted);
  X509_STORE_CTX_set_verify_cb(context.get(), keep_answer);
  const bool passed = X509_verify_cert(context.get()) > 0;
  const int code = X509_STORE_CTX_get_error(context.get());
  if (!passed || code != X509_V_OK) {
    return VerifyError{code, X509_STORE_CTX_get_error_depth(context.get()),
                       X509_verify_cert_error_string(code)};
  }
  const auto problems = profile_problems(ssl, context.get());
  if (problems.empty()) return std::nullopt;
  return VerifyError{X509_V_ERR_APPLICATION_VERIFICATION, problems.front().depth,
                     problems.front().message};
}

std::string unproven_by(const SSL* ssl) {
  const DroppedErrors dropped;
  const VerifyPolicy policy = verify_policy(ssl);
  std::string why_not = unrepeatable(ssl, policy);
  if (why_not.empty()) why_not = why_not_again(ssl);
  if (why_not.empty() && !was_host_checked(ssl, policy)) {
    why_not = "the handshake has not checked the name " + policy.hosts.front();
  }
  return why_not;
}

}  // namespace peercert::ssl
