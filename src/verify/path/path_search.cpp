// SPDX-License-Identifier: Apache-2.0
#include "verify/path/path_search.hpp"

#include <algorithm>
#include <iterator>

#include "crypto/error_queue.hpp"

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
    const bool is_anchor = next_.back() <= issuers_of(path_.back()).num_anchors;
    path_.push_back(issuer);
    if (!is_anchor) {
      next_.push_back(0);
      continue;
    }
    if (!may_try_path() || is_enough(path_)) return;
    path_.pop_back();
  }
}

// The next that has issued the last certificate of the path, trust anchors first.
X509* PathSearch::next_issuer() {
  X509* const subject = path_.back();
  const Issuers& issuers = issuers_of(subject);
  // The leaf is no certificate between the leaf and the anchor.
  const bool is_full = static_cast<int>(path_.size()) > max_depth_;
  const std::size_t end = is_full ? issuers.num_anchors : issuers.all.size();
  std::size_t& next = next_.back();
  while (next < end && may_take(1, num_issuers_tried_, kMaxIssuersTried)) {
    X509* const issuer = issuers.all[next++];
    if (!is_in_path(issuer) && has_issued(issuer, subject)) return issuer;
  }
  return nullptr;
}

// By what the certificates say, their signatures aside.
const PathSearch::Issuers& PathSearch::issuers_of(X509* subject) {
  const auto [at, is_new] = issuers_.try_emplace(subject);
  Issuers& issuers = at->second;
  if (!is_new) return issuers;
  const auto may_have_issued = [&](X509* issuer) {
    return X509_check_issued(issuer, subject) == X509_V_OK;
  };
  std::ranges::copy_if(anchors_, std::back_inserter(issuers.all), may_have_issued);
  issuers.num_anchors = issuers.all.size();
  std::ranges::copy_if(untrusted_, std::back_inserter(issuers.all), may_have_issued);
  return issuers;
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
  if (!may_take(1, num_signature_checks_, kMaxSignatureChecks)) return false;
  const bool holds = X509_verify(subject, X509_get0_pubkey(issuer)) == 1;
  clear_errors();
  checked_.emplace(pair, holds);
  return holds;
}

bool PathSearch::may_try_path() noexcept {
  return may_take(1, num_paths_, kMaxCandidatePaths) &&
         may_take(path_.size(), num_in_paths_, kMaxCandidatesInPaths);
}

bool PathSearch::may_take(std::size_t num, std::size_t& count, std::size_t max) noexcept {
  gave_up_ = gave_up_ || num > max - count;
  if (!gave_up_) count += num;
  return !gave_up_;
}

}  // namespace peercert::verify
