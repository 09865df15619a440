// SPDX-License-Identifier: Apache-2.0
#include "verify/policy_check.hpp"

#include <algorithm>
#include <new>

#include <openssl/x509_vfy.h>

#include <peercert/x509/extensions.hpp>

#include "libcrypto/error_queue.hpp"
#include "verify/openssl_path.hpp"

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

bool has_policy_constraints(const CertificateView& certificate) {
  return std::ranges::any_of(certificate.extensions(), [](const Extension& extension) {
    return is_extension<PolicyConstraints>(extension);
  });
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

const PathProblem* find_problem(STACK_OF(X509) * path) {
  if (path == nullptr) return &kInvalid;
  X509_POLICY_TREE* tree = nullptr;
  int is_explicit = 0;
  const int result = X509_policy_check(&tree, &is_explicit, path, any_policy().get(), 0);
  const PolicyTreePtr owned(tree);
  switch (result) {
    case X509_PCY_TREE_VALID:
    case X509_PCY_TREE_EMPTY: return nullptr;
    case X509_PCY_TREE_FAILURE: return &kNoPolicy;
    case X509_PCY_TREE_INVALID: return &kInvalid;
    default: return &kTooMany;  // CVE-2023-0464: OpenSSL has a limit since 3.0.9
  }
}

}  // namespace

std::vector<Problem> check_policies(std::span<const CertificateView> path) {
  if (std::ranges::none_of(path, has_policy_constraints)) return {};
  const DroppedErrors dropped;
  const PathProblem* const problem = find_problem(decode(path).get());
  if (problem == nullptr) return {};
  return {{problem->code, 0, std::string(problem->sentence)}};
}

std::vector<PathProblem> policy_problems() { return {kNoPolicy, kInvalid, kTooMany}; }

}  // namespace peercert::verify
