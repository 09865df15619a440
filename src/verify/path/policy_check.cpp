// SPDX-License-Identifier: Apache-2.0
#include "verify/path/policy_check.hpp"

#include <algorithm>
#include <new>

#include <openssl/x509_vfy.h>

#include <peercert/x509/extensions.hpp>

#include "crypto/error_queue.hpp"
#include "verify/path/openssl_path.hpp"
#include "verify/webpki/path_certificate.hpp"
#include "x509/name_syntax.hpp"

namespace peercert::verify {
namespace {

constexpr PathProblem kNoPolicy{"no-explicit-policy",
                                "a policy is required, and the path is valid for none"};
constexpr PathProblem kInvalid{"policies-invalid",
                               "certificatePolicies or policyMappings contradict themselves"};
constexpr PathProblem kTooMany{"too-many-policies",
                               "there are too many policies to process them all"};

void free_objects(STACK_OF(ASN1_OBJECT) * borrowed) { sk_ASN1_OBJECT_free(borrowed); }
void free_owned(STACK_OF(X509) * owned) { sk_X509_pop_free(owned, X509_free); }
using PolicyTreePtr = OpenSSLPtr<X509_POLICY_TREE, X509_policy_tree_free>;
using ObjectsPtr = OpenSSLPtr<STACK_OF(ASN1_OBJECT), free_objects>;
using OwnedX509sPtr = OpenSSLPtr<STACK_OF(X509), free_owned>;

/// What a certificate says of policies.
struct PolicyExtensions {
  explicit PolicyExtensions(const CertificateView& certificate) noexcept
      : is_self_issued(
            std::ranges::equal(certificate.issuer().content(), certificate.subject().content())),
        constraints(certificate.extensions()),
        policies(certificate.extensions()) {}

  bool is_self_issued = false;
  Found<PolicyConstraints> constraints;
  Found<CertificatePolicies> policies;
};

bool has_constraints(const PolicyExtensions& certificate) noexcept {
  return certificate.constraints.is_present();
}

// RFC 5280, 4.2.1.4: no policy stands there twice.
bool has_repeated_policy(const CertificatePolicies& policies) {
  std::vector<std::string_view> oids;
  for (const PolicyInformation policy : policies.policies) {
    oids.push_back(as_text(policy.policy_identifier));
  }
  std::ranges::sort(oids);
  return std::ranges::adjacent_find(oids) != oids.end();
}

// RFC 5280, 4.2.1.11: nor is a SEQUENCE of constraints empty.
bool is_empty(const PolicyConstraints& constraints) noexcept {
  return !constraints.require_explicit_policy && !constraints.inhibit_policy_mapping;
}

bool is_malformed(const PolicyExtensions& certificate) {
  const auto& [is_self_issued, constraints, policies] = certificate;
  if (constraints.is_present() && (!constraints || is_empty(*constraints.value))) return true;
  return policies.is_present() && (!policies || has_repeated_policy(*policies.value));
}

// RFC 5280, 6.1.4 (h) and (i), 6.1.5 (a) and (b): whether explicit_policy is 0 at the end.
bool needs_policy(std::span<const PolicyExtensions> below_anchor) noexcept {
  std::size_t explicit_policy = below_anchor.size() + 1;
  for (std::size_t depth = below_anchor.size(); depth-- > 0;) {
    const auto& [is_self_issued, constraints, policies] = below_anchor[depth];
    if (explicit_policy > 0 && (!is_self_issued || depth == 0)) --explicit_policy;
    if (!constraints || !constraints->require_explicit_policy) continue;
    explicit_policy = limit_of(*constraints->require_explicit_policy, explicit_policy);
  }
  return explicit_policy == 0;
}

// The user-initial-policy-set: any. To OpenSSL an empty one is the set of none.
ObjectsPtr any_policy() {
  ObjectsPtr any(sk_ASN1_OBJECT_new_null());
  if (!any || sk_ASN1_OBJECT_push(any.get(), OBJ_nid2obj(NID_any_policy)) == 0) {
    throw std::bad_alloc();
  }
  return any;
}

OwnedX509sPtr decode(std::span<const CertificateView> path) {
  OwnedX509sPtr stack(sk_X509_new_null());
  if (!stack) throw std::bad_alloc();
  for (const CertificateView& certificate : path) {
    const Bytes der = certificate.der();
    const std::uint8_t* at = der.data();
    X509Ptr decoded(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
    if (!decoded) return nullptr;
    if (sk_X509_push(stack.get(), decoded.get()) == 0) throw std::bad_alloc();
    static_cast<void>(decoded.release());  // the stack owns it now
  }
  return stack;
}

const PathProblem* find_problem_in_tree(std::span<const CertificateView> path) {
  const OwnedX509sPtr decoded = decode(path);
  if (!decoded) return &kInvalid;
  X509_POLICY_TREE* tree = nullptr;
  int is_explicit = 0;
  const int result = X509_policy_check(&tree, &is_explicit, decoded.get(), any_policy().get(), 0);
  const PolicyTreePtr owned(tree);
  switch (result) {
    case X509_PCY_TREE_VALID:
    case X509_PCY_TREE_EMPTY: return nullptr;
    case X509_PCY_TREE_FAILURE: return &kNoPolicy;
    case X509_PCY_TREE_INVALID: return &kInvalid;
    default: return &kTooMany;  // CVE-2023-0464: OpenSSL has a limit since 3.0.9
  }
}

// OpenSSL builds the tree of policies, which is empty below a certificate without any. Releases of
// OpenSSL leak the constraints of a certificate whose policies are absent or malformed
// (github.com/openssl/openssl/pull/31678), and the answer for those needs no tree.
const PathProblem* find_problem(std::span<const CertificateView> path,
                                std::span<const PolicyExtensions> below_anchor) {
  if (std::ranges::any_of(below_anchor, is_malformed)) return &kInvalid;
  const bool all_have_policies = std::ranges::all_of(
      below_anchor, [](const PolicyExtensions& one) { return one.policies.is_present(); });
  if (all_have_policies) return find_problem_in_tree(path);
  return needs_policy(below_anchor) ? &kNoPolicy : nullptr;
}

}  // namespace

std::vector<Problem> check_policies(std::span<const CertificateView> path) {
  if (path.empty()) return {};
  const auto below = path.first(path.size() - 1);
  const std::vector<PolicyExtensions> extensions(below.begin(), below.end());
  if (std::ranges::none_of(extensions, has_constraints)) return {};
  const DroppedErrors dropped;
  const PathProblem* const problem = find_problem(path, extensions);
  if (problem == nullptr) return {};
  return {{problem->code, 0, std::string(problem->sentence)}};
}

std::vector<PathProblem> policy_problems() { return {kNoPolicy, kInvalid, kTooMany}; }

}  // namespace peercert::verify
