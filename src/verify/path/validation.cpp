// SPDX-License-Identifier: Apache-2.0
#include "verify/path/validation.hpp"

#include <algorithm>

#include <peercert/der/ber.hpp>

#include "verify/path/explicit_curve.hpp"
#include "verify/path/name_check.hpp"
#include "verify/path/path_search.hpp"
#include "verify/path/policy_check.hpp"
#include "verify/path/revocation.hpp"

namespace peercert::verify {
namespace {

constexpr PathProblem kUndecodable{"undecodable", "what should be a certificate is none"};
constexpr PathProblem kTooManyPaths{"too-many-paths",
                                    "there are too many candidate paths to try them all"};

// Certificates are read from the start of an input. Of what is no element, all of it.
Bytes first_element(Bytes input) {
  const std::uint8_t* at = input.data();
  der::BerElement element;
  const Errc error = der::read_ber_element(at, input.data() + input.size(), element);
  return error == Errc::ok ? element.encoded : input;
}

// The path is the leaf alone: whoever has issued it, it is valid for nobody.
VerifyResult refuse_costly(Bytes leaf) {
  const auto certificate = Certificate::from_der(leaf);
  if (!certificate) return {{}, {undecodable(0, certificate.error())}};
  return {{Der(leaf.begin(), leaf.end())}, {explicit_curve(0)}};
}

std::chrono::sys_seconds now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

// Appends those that are not known yet of their certificate.
void merge(std::vector<Problem>& into, std::vector<Problem> problems) {
  for (Problem& problem : problems) {
    const bool is_known = std::ranges::any_of(into, [&](const Problem& other) {
      return other.code == problem.code && other.depth == problem.depth;
    });
    if (!is_known) into.push_back(std::move(problem));
  }
}

}  // namespace

Problem undecodable(int depth, Error error) { return {kUndecodable.code, depth, to_string(error)}; }

std::vector<PathProblem> validation_problems() { return {kUndecodable, kTooManyPaths}; }

std::vector<Problem> check_profile(std::span<const CertificateView> path,
                                   const VerifyOptions& options) {
  if (options.profile == VerifyProfile::openssl) return {};
  const WebpkiOptions webpki{options.purpose, options.at.value_or(now()), options.is_public_suffix};
  const bool is_cabf = options.profile == VerifyProfile::cabf;
  std::vector<Problem> problems = is_cabf ? check_cabf(path, webpki) : check_webpki(path, webpki);
  merge(problems, check_policies(path));
  return problems;
}

Validation::Validation(const TrustStore& trust, const VerifyOptions& options)
    : trust_(trust), options_(options) {
  options_.at = options.at.value_or(now());  // the same for each path
  options_.max_depth = std::clamp(options.max_depth, 0, kLargestMaxDepth);
}

VerifyResult Validation::run(Bytes leaf, std::span<const Der> untrusted) {
  if (auto refusal = set_leaf(first_element(leaf))) return *std::move(refusal);
  for (const Der& octets : untrusted) add_untrusted(first_element(octets));
  if (!consider(trust_.store.get(), untrusted_.x509s())) search();
  name_costly_issuer();
  return std::move(best_);
}

// What the result is where the leaf is none to be asked about.
std::optional<VerifyResult> Validation::set_leaf(Bytes leaf) {
  leaf_ = trust_.anchors.find(leaf);
  if (leaf_) return std::nullopt;
  if (has_explicit_curve(leaf)) return refuse_costly(leaf);
  auto decoded = decode_candidate(leaf);
  if (!decoded) return VerifyResult{{}, {undecodable(0, decoded.error())}};
  leaf_ = *std::move(decoded);
  return std::nullopt;
}

void Validation::add_untrusted(Bytes octets) {
  if (trust_.anchors.find(octets)) return;
  if (has_explicit_curve(octets)) return costly_.push_back(octets);
  auto candidate = decode_candidate(octets);
  if (candidate && (*candidate)->octets != leaf_->octets) untrusted_.add(*std::move(candidate));
}

// Of the issuers that were left out, the one that the path ends for the want of.
void Validation::name_costly_issuer() {
  if (best_.is_valid() || !best_rank_.first || last_of_best_ == nullptr) return;
  const auto issuer = candidate_of(last_of_best_).certificate.view().issuer();
  for (const Bytes octets : costly_) {
    const auto certificate = Certificate::from_der(octets);
    if (!certificate) continue;
    if (!std::ranges::equal(certificate->view().subject().content(), issuer.content())) continue;
    best_.problems.push_back(explicit_curve(static_cast<int>(best_.path.size())));
    best_.path.emplace_back(octets.begin(), octets.end());
    return;
  }
}

// Asks for a path, and keeps the answer if it is the best so far. Whether that is a valid one.
bool Validation::consider(X509_STORE* store, const X509s& untrusted) {
  OpenSSLAnswer answer =
      ask_openssl({store, leaf_->x509.get(), untrusted, trust_.crls, options_.profile,
                   options_.purpose, std::chrono::system_clock::to_time_t(*options_.at),
                   options_.max_depth, kMaxComparisons - num_comparisons_});
  num_comparisons_ += answer.is_complete ? answer.comparisons : 0;
  std::vector<Problem> problems = std::move(answer.problems);
  add_own_problems(answer, problems);
  last_path_ = std::move(answer.path);
  const Rank rank(!answer.has_anchor, problems.size());
  if (best_.path.empty() || rank < best_rank_) {
    best_rank_ = rank;
    last_of_best_ = last_path_.empty() ? nullptr : last_path_.back();
    best_ = {octets_of(last_path_), std::move(problems)};
  }
  return best_.is_valid();
}

void Validation::add_own_problems(const OpenSSLAnswer& answer,
                                  std::vector<Problem>& problems) const {
  merge(problems, check_name(leaf_->certificate.view(), leaf_->octets, options_));
  if (!answer.has_anchor || !answer.is_complete) return;
  if (options_.profile == VerifyProfile::openssl) return;
  std::vector<CertificateView> views;
  for (const X509* const x509 : answer.path) {
    views.push_back(candidate_of(x509).certificate.view());
  }
  merge(problems, check_profile(views, options_));
  merge(problems, check_crls(answer.path, trust_.crls, options_.profile));
}

// OpenSSL settles for the first issuer that looks right, so that its path need not be the only one.
void Validation::search() {
  const X509s tried = last_path_;
  PathSearch paths(trust_.anchors.x509s(), untrusted_.x509s(), options_.max_depth);
  paths.run(leaf_->x509.get(), [&](const X509s& path) {
    if (path == tried) return false;
    const X509s intermediates(path.begin() + 1, path.end() - (path.size() > 1 ? 1 : 0));
    const X509StorePtr store = make_store({path.back()});
    return consider(store.get(), intermediates);
  });
  if (best_.is_valid() || !paths.gave_up()) return;
  const Problem problem{kTooManyPaths.code, 0, std::string(kTooManyPaths.sentence)};
  best_.problems.insert(best_.problems.begin(), problem);
}

const Candidate& Validation::candidate_of(const X509* x509) const {
  if (x509 == leaf_->x509.get()) return *leaf_;
  const Candidate* const untrusted = untrusted_.find(x509);
  return untrusted != nullptr ? *untrusted : *trust_.anchors.find(x509);
}

std::vector<Der> Validation::octets_of(const X509s& path) const {
  std::vector<Der> octets;
  for (const X509* const x509 : path) octets.push_back(candidate_of(x509).octets);
  return octets;
}

}  // namespace peercert::verify
