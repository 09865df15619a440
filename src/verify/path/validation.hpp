// SPDX-License-Identifier: Apache-2.0
// One validation: OpenSSL's path first, then the others.
#pragma once

#include <utility>

#include "verify/path/candidate_pool.hpp"

namespace peercert::verify {

/// What a Verifier holds.
struct TrustStore {
  CandidatePool anchors;
  std::vector<X509CrlPtr> crls;
  X509StorePtr store = make_store({});  // the anchors, for OpenSSL
};

class Validation {
 public:
  Validation(const TrustStore& trust, const VerifyOptions& options);

  VerifyResult run(Bytes leaf, std::span<const Der> untrusted);

 private:
  std::optional<VerifyResult> set_leaf(Bytes leaf);
  void add_untrusted(Bytes octets);
  void name_costly_issuer();
  bool consider(X509_STORE* store, const X509s& untrusted);
  void add_own_problems(const OpenSSLAnswer& answer, std::vector<Problem>& problems) const;
  void search();
  const Candidate& candidate_of(const X509* x509) const;
  std::vector<Der> octets_of(const X509s& path) const;

  // Greater is worse: a path without an anchor, then one with more problems.
  using Rank = std::pair<bool, std::size_t>;

  const TrustStore& trust_;
  VerifyOptions options_;
  CandidatePtr leaf_;
  CandidatePool untrusted_;
  std::vector<Bytes> costly_;  // untrusted ones that are not decoded: has_explicit_curve()
  X509s last_path_;
  std::size_t num_comparisons_ = 0;  // of names with constraints, in all paths
  VerifyResult best_;
  const X509* last_of_best_ = nullptr;  // of its path
  Rank best_rank_;
};

/// What a path breaks by the profile, whom the leaf names aside.
std::vector<Problem> check_profile(std::span<const CertificateView> path,
                                   const VerifyOptions& options);

/// That a certificate of the path is none.
Problem undecodable(int depth, Error error);

/// The codes that a validation gives by itself. Static storage.
std::vector<PathProblem> validation_problems();

}  // namespace peercert::verify
