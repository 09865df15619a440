// SPDX-License-Identifier: Apache-2.0
// Certificates that may stand in a path.
#pragma once

#include <memory>
#include <string_view>
#include <unordered_map>

#include "verify/path/openssl_path.hpp"

namespace peercert::verify {

/// A certificate as it is read here and as OpenSSL reads it.
struct Candidate {
  Certificate certificate;
  Der octets;  // as they were given, also of BER: the signature is over those
  X509Ptr x509;
};
using CandidatePtr = std::shared_ptr<const Candidate>;

/// Decodes the certificate at the start of `input`.
Result<CandidatePtr> decode_candidate(Bytes input);
/// Decodes a certificate and the trust settings after it, which its X509 gets. An error if anything
/// else follows.
Result<CandidatePtr> decode_anchor_candidate(Bytes input);

/// Certificates, each of them once.
class CandidatePool {
 public:
  void add(CandidatePtr candidate);
  const X509s& x509s() const noexcept { return x509s_; }
  /// Null if there is none.
  CandidatePtr find(Bytes octets) const;
  const Candidate* find(const X509* x509) const;

 private:
  std::unordered_map<std::string_view, CandidatePtr> by_octets_;
  std::unordered_map<const X509*, CandidatePtr> by_x509_;
  X509s x509s_;  // in the order in which they were added
};

}  // namespace peercert::verify
