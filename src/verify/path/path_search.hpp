// SPDX-License-Identifier: Apache-2.0
// The paths that lead from a leaf to a trust anchor, one after the other.
#pragma once

#include <functional>
#include <map>

#include "verify/path/openssl_path.hpp"

namespace peercert::verify {

/// Walks depth-first over whoever may have issued a certificate: by name, key identifier and key
/// usage, as X509_check_issued() has it, and then only if the signature is that key's. Both answers
/// are kept, since the walk comes to a certificate once for each way to it, and of ways there can
/// be 2^n for n CAs: they are what kMaxIssuersTried is for.
class PathSearch {
 public:
  PathSearch(const X509s& anchors, const X509s& untrusted, int max_depth)
      : anchors_(anchors), untrusted_(untrusted), max_depth_(max_depth) {}

  /// Gives each path, leaf first and trust anchor last, to `is_enough`, until that says true.
  void run(X509* leaf, const std::function<bool(const X509s&)>& is_enough);

  /// Whether there was more to try than the bounds allow.
  bool gave_up() const noexcept { return gave_up_; }

 private:
  // Who may have issued a certificate, trust anchors first.
  struct Issuers {
    X509s all;
    std::size_t num_anchors = 0;
  };

  X509* next_issuer();
  const Issuers& issuers_of(X509* subject);
  bool is_in_path(const X509* certificate) const;
  bool has_issued(X509* issuer, X509* subject);
  bool may_try_path() noexcept;
  bool may_take(std::size_t num, std::size_t& count, std::size_t max) noexcept;

  const X509s& anchors_;
  const X509s& untrusted_;
  int max_depth_;
  X509s path_;
  std::vector<std::size_t> next_;  // of each certificate of the path: which issuer to try next
  std::map<const X509*, Issuers> issuers_;
  std::map<std::pair<const X509*, const X509*>, bool> checked_;
  std::size_t num_signature_checks_ = 0;
  std::size_t num_issuers_tried_ = 0;
  std::size_t num_paths_ = 0;
  std::size_t num_in_paths_ = 0;
  bool gave_up_ = false;
};

}  // namespace peercert::verify
