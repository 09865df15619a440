// SPDX-License-Identifier: Apache-2.0
#include "verify/path_search.hpp"

#include <algorithm>

#include "libcrypto/error_queue.hpp"

namespace peercert::verify {

void PathSearch::run(X509* leaf, const std::function<bool(const X509s&)>& is_enough) {
  path_ = {leaf};
  next_ = {0};
  if (std::ranges::find(anchors_, leaf) != anchors_.end()) {
    is_enough(path_);
    return;
  }
  while (!next_.empty()) {
    X509* const issuer = next_issuer();
    if (issuer == nullptr) {
      next_.pop_back();
      path_.pop_back();
      continue;
    }
    const bool is_anchor = next_.back() <= anchors_.size();
    path_.push_back(issuer);
    if (!is_anchor) {
      next_.push_back(0);
      continue;
    }
    if (!may_go_on(num_paths_, kMaxCandidatePaths) || is_enough(path_)) return;
    path_.pop_back();
  }
}

// The next that may have issued the last certificate of the path, trust anchors first.
X509* PathSearch::next_issuer() {
  // The leaf is no certificate between the leaf and the anchor.
  const bool is_full = static_cast<int>(path_.size()) > max_depth_;
  const std::size_t end = anchors_.size() + (is_full ? 0 : untrusted_.size());
  X509* const subject = path_.back();
  std::size_t& next = next_.back();
  while (next < end && !gave_up_) {
    const std::size_t at = next++;
    X509* const issuer = at < anchors_.size() ? anchors_[at] : untrusted_[at - anchors_.size()];
    if (X509_check_issued(issuer, subject) != X509_V_OK || is_in_path(issuer)) continue;
    if (has_issued(issuer, subject)) return issuer;
  }
  return nullptr;
}

// A name with a key twice in a path would be a way round in a circle. RFC 4158, 2.4.2.
bool PathSearch::is_in_path(const X509* certificate) const {
  return std::ranges::any_of(path_, [&](const X509* other) {
    return X509_NAME_cmp(X509_get_subject_name(certificate), X509_get_subject_name(other)) == 0 &&
           EVP_PKEY_eq(X509_get0_pubkey(certificate), X509_get0_pubkey(other)) == 1;
  });
}

bool PathSearch::has_issued(X509* issuer, X509* subject) {
  const std::pair<const X509*, const X509*> pair(issuer, subject);
  if (const auto known = checked_.find(pair); known != checked_.end()) return known->second;
  if (!may_go_on(num_signature_checks_, kMaxSignatureChecks)) return false;
  const bool holds = X509_verify(subject, X509_get0_pubkey(issuer)) == 1;
  clear_errors();
  checked_.emplace(pair, holds);
  return holds;
}

bool PathSearch::may_go_on(std::size_t& count, std::size_t max) noexcept {
  gave_up_ = gave_up_ || count == max;
  if (!gave_up_) ++count;
  return !gave_up_;
}

}  // namespace peercert::verify
