// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>
#include <new>
#include <utility>

#include <peercert/verify/verifier.hpp>

#include "crypto/error_queue.hpp"
#include "verify/path/explicit_curve.hpp"
#include "verify/path/name_check.hpp"
#include "verify/path/pem_or_der.hpp"
#include "verify/path/policy_check.hpp"
#include "verify/path/revocation.hpp"
#include "verify/path/validation.hpp"

namespace peercert::verify {

struct Verifier::State {
  TrustStore trust;
};

Verifier::Verifier() : state_(std::make_shared<State>()) {}

namespace {

void add_anchor(TrustStore& trust, CandidatePtr anchor) {
  if (X509_STORE_add_cert(trust.store.get(), anchor->x509.get()) != 1) throw std::bad_alloc();
  trust.anchors.add(std::move(anchor));
}

}  // namespace

Error Verifier::add_trust_anchor(Bytes der) {
  const DroppedErrors dropped;
  auto candidate = decode_anchor_candidate(der);
  if (!candidate) return candidate.error();
  add_anchor(state_->trust, *std::move(candidate));
  return {};
}

std::optional<InputError> Verifier::add_trust_anchors(Bytes pem_or_der) {
  const DroppedErrors dropped;
  TrustAnchors read;
  if (auto error = read_trust_anchors(pem_or_der, read)) return error;
  if (read.certificates.empty()) return InputError{"there is no certificate, in PEM or DER", 0};
  std::vector<CandidatePtr> candidates;
  for (const Der& der : read.certificates) {
    auto candidate = decode_anchor_candidate(der);
    if (!candidate) return InputError{to_string(candidate.error().code), 0};
    candidates.push_back(*std::move(candidate));
  }
  for (CandidatePtr& candidate : candidates) add_anchor(state_->trust, std::move(candidate));
  return std::nullopt;
}

std::optional<InputError> Verifier::add_crls(Bytes pem_or_der) {
  const DroppedErrors dropped;
  std::vector<X509CrlPtr> crls;
  if (auto error = read_crls(pem_or_der, crls)) return error;
  TrustStore& trust = state_->trust;
  std::ranges::move(crls, std::back_inserter(trust.crls));
  return std::nullopt;
}

VerifyResult Verifier::verify(Bytes leaf, std::span<const Der> untrusted,
                              const VerifyOptions& options) const {
  const DroppedErrors dropped;
  return Validation(state_->trust, options).run(leaf, untrusted);
}

std::vector<Problem> check_path(std::span<const Der> path, const VerifyOptions& options) {
  const DroppedErrors dropped;
  std::vector<Certificate> certificates;
  for (const Der& octets : path) {
    auto certificate = Certificate::from_der(octets);
    const int depth = static_cast<int>(certificates.size());
    if (!certificate) return {undecodable(depth, certificate.error())};
    // A trust anchor is the caller's, but a leaf alone is looked at as a leaf.
    const bool is_anchor = depth > 0 && certificates.size() + 1 == path.size();
    if (!is_anchor && has_explicit_curve(octets)) return {explicit_curve(depth)};
    certificates.push_back(*std::move(certificate));
  }
  std::vector<CertificateView> views;
  views.reserve(certificates.size());
  for (const Certificate& certificate : certificates) views.push_back(certificate.view());
  std::vector<Problem> problems = check_profile(views, options);
  if (!options.name || views.empty()) return problems;
  std::vector<Problem> mismatch = check_name(views.front(), path.front(), options);
  problems.insert(problems.begin(), mismatch.begin(), mismatch.end());
  return problems;
}

std::vector<PathProblem> path_problems() {
  std::vector<PathProblem> all = validation_problems();
  for (const auto& some :
       {name_problems(), policy_problems(), openssl_problems(), crl_problems()}) {
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

}  // namespace peercert::verify
