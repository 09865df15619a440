// SPDX-License-Identifier: Apache-2.0
#include "scan/capture/issuer_cache.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <mutex>
#include <optional>
#include <utility>

#include <openssl/asn1.h>
#include <openssl/x509v3.h>

#include "ssl/identity/x509_der.hpp"

namespace peercert::ssl {
namespace {

std::string key_of(const X509* certificate) {
  const Der der = to_der(certificate);
  return {der.begin(), der.end()};
}

/// Name constraints (RFC 5280, 4.2.1.10), policies (4.2.1.11, 4.2.1.14) and resources (RFC 3779)
/// concern all that stand below.
bool constrains_those_below(const X509* certificate) {
  constexpr std::array kConstraints = {NID_name_constraints, NID_policy_constraints,
                                       NID_inhibit_any_policy, NID_sbgp_ipAddrBlock,
                                       NID_sbgp_autonomousSysNum};
  return std::ranges::any_of(
      kConstraints, [&](int nid) { return X509_get_ext_by_NID(certificate, nid, -1) >= 0; });
}

std::optional<std::time_t> to_time(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  return timegm(&parts);
}

}  // namespace

std::shared_ptr<const VerifiedIssuer> IssuerCache::find(const X509* certificate,
                                                        std::time_t now) const {
  const std::string key = key_of(certificate);
  const std::shared_lock lock(mutex_);
  const auto found = issuers_.find(key);
  if (found == issuers_.end()) return nullptr;
  const VerifiedIssuer& issuer = *found->second;
  return issuer.not_before <= now && now < issuer.not_after ? found->second : nullptr;
}

void IssuerCache::learn(const STACK_OF(X509) * verified_chain) {
  const int len = sk_X509_num(verified_chain);
  if (len < 3) return;  // the issuer is a trust anchor, which costs nothing
  auto issuer = std::make_shared<VerifiedIssuer>();
  issuer->not_before = std::numeric_limits<std::time_t>::min();
  issuer->not_after = std::numeric_limits<std::time_t>::max();
  for (int i = 1; i < len; ++i) {
    const X509* const certificate = sk_X509_value(verified_chain, i);
    const auto begin = to_time(X509_get0_notBefore(certificate));
    const auto end = to_time(X509_get0_notAfter(certificate));
    if (!begin || !end || constrains_those_below(certificate)) return;
    issuer->not_before = std::max(issuer->not_before, *begin);
    issuer->not_after = std::min(issuer->not_after, *end);
    issuer->chain.push_back(to_der(certificate));
  }
  X509* const certificate = sk_X509_value(verified_chain, 1);
  X509_up_ref(certificate);
  issuer->certificate.reset(certificate);
  std::string key(issuer->chain.front().begin(), issuer->chain.front().end());
  const std::unique_lock lock(mutex_);
  if (issuers_.size() < kMaxIssuers) issuers_.insert_or_assign(std::move(key), std::move(issuer));
}

bool IssuerCache::has_issued(const VerifiedIssuer& issuer,
                             const crypto::Sha256Digest& certificate) const {
  const std::shared_lock lock(mutex_);
  const auto found = issued_.find(certificate);
  return found != issued_.end() && found->second.get() == &issuer;
}

void IssuerCache::learn_issued(const std::shared_ptr<const VerifiedIssuer>& issuer,
                               const crypto::Sha256Digest& certificate) {
  const std::unique_lock lock(mutex_);
  if (issued_.size() == kMaxIssued) issued_.clear();
  issued_.insert_or_assign(certificate, issuer);
}

std::size_t IssuerCache::FirstOctets::operator()(
    const crypto::Sha256Digest& digest) const noexcept {
  std::size_t octets = 0;
  std::memcpy(&octets, digest.data(), sizeof octets);
  return octets;
}

}  // namespace peercert::ssl
