// SPDX-License-Identifier: Apache-2.0
#include "verify/path/constraint_work.hpp"

#include <openssl/x509v3.h>

namespace peercert::verify {
namespace {

using ConstraintsPtr = OpenSSLPtr<NAME_CONSTRAINTS, NAME_CONSTRAINTS_free>;

// A stack that is absent has -1 elements.
std::size_t count(int num) noexcept { return num > 0 ? static_cast<std::size_t>(num) : 0; }

template <class Ptr>
Ptr decode(const X509* certificate, int nid) {
  return Ptr(
      static_cast<typename Ptr::pointer>(X509_get_ext_d2i(certificate, nid, nullptr, nullptr)));
}

std::size_t num_subtrees(const X509* certificate) {
  const auto constraints = decode<ConstraintsPtr>(certificate, NID_name_constraints);
  if (!constraints) return 0;
  return count(sk_GENERAL_SUBTREE_num(constraints->permittedSubtrees)) +
         count(sk_GENERAL_SUBTREE_num(constraints->excludedSubtrees));
}

// The subject, what in it may be a name by itself, and subjectAltName.
std::size_t num_names(const X509* certificate) {
  const auto names = decode<GeneralNamesPtr>(certificate, NID_subject_alt_name);
  return 1 + count(X509_NAME_entry_count(X509_get_subject_name(certificate))) +
         (names ? count(sk_GENERAL_NAME_num(names.get())) : 0);
}

}  // namespace

std::size_t constraint_comparisons(const STACK_OF(X509) * path) {
  std::size_t comparisons = 0;
  std::size_t subtrees = 0;
  for (int depth = sk_X509_num(path) - 1; depth >= 0; --depth) {
    const X509* const certificate = sk_X509_value(path, depth);
    if (subtrees != 0) comparisons += subtrees * num_names(certificate);
    subtrees += num_subtrees(certificate);
  }
  return comparisons;
}

}  // namespace peercert::verify
