// SPDX-License-Identifier: Apache-2.0
// One call of X509_verify_cert(), and all that it has against the path.
#pragma once

#include <ctime>
#include <string>
#include <string_view>
#include <vector>

#include <peercert/verify/verifier.hpp>

#include "crypto/openssl_ptr.hpp"

namespace peercert::verify {

inline void free_x509s(STACK_OF(X509) * borrowed) { sk_X509_free(borrowed); }
inline void free_crls(STACK_OF(X509_CRL) * borrowed) { sk_X509_CRL_free(borrowed); }
using X509StackPtr = OpenSSLPtr<STACK_OF(X509), free_x509s>;
using X509CrlStackPtr = OpenSSLPtr<STACK_OF(X509_CRL), free_crls>;
using X509CrlPtr = OpenSSLPtr<X509_CRL, X509_CRL_free>;
using X509StorePtr = OpenSSLPtr<X509_STORE, X509_STORE_free>;

/// Certificates that the caller owns.
using X509s = std::vector<X509*>;

/// What OpenSSL is asked.
struct OpenSSLQuestion {
  X509_STORE* store;  // trust anchors
  X509* leaf;
  const X509s& untrusted;
  const std::vector<X509CrlPtr>& crls;
  VerifyProfile profile;
  Purpose purpose;
  std::time_t at;
  int max_depth;
  std::size_t max_comparisons;  // of names with name constraints
};

/// A store of trust anchors. Throws std::bad_alloc.
X509StorePtr make_store(const X509s& anchors);

/// What it says: the path as far as it got, leaf first, and all that is wrong with it.
struct OpenSSLAnswer {
  X509s path;  // borrowed from the question
  std::vector<Problem> problems;
  bool has_anchor = true;
  bool is_complete = true;  // false: it was stopped, and there may be more problems
  std::size_t comparisons = 0;
};

/// How OpenSSL compares names by the profile: whether it reads the commonName as one, also where
/// name constraints bind it. X509_CHECK_FLAG_*.
unsigned int host_flags(VerifyProfile profile) noexcept;

/// Asks OpenSSL. The error queue is empty afterwards.
OpenSSLAnswer ask_openssl(const OpenSSLQuestion& question);

/// The codes of Problems that ask_openssl() gives, with OpenSSL's sentences. Static storage.
std::vector<PathProblem> openssl_problems();

/// A time in UTC: "2026-11-22 20:15:00 GMT".
std::string date_text(const ASN1_TIME* time);

}  // namespace peercert::verify
