// SPDX-License-Identifier: Apache-2.0
// A path as a Verifier is given it, and what it says of it.
#pragma once

#include <set>

#include <gtest/gtest.h>

#include <peercert/verify/verifier.hpp>

#include "support/signed_certificate.hpp"

namespace peercert::verify::test {

using namespace peercert::test;

/// A root, an intermediate and a leaf, and what a test changes of them.
struct World {
  Signer root{"root"}, intermediate{"intermediate"}, leaf{"host.example"};
  SignedOptions root_options{}, intermediate_options{};
  SignedOptions leaf_options{.extensions = kLeafExtensions};
  std::vector<Der> more_untrusted{};
  std::vector<Der> crls{};
  VerifyOptions options{.at = kNow, .name = ReferenceName{NameKind::hostname, "host.example"}};

  Der root_der() const { return make_certificate(root, root, root_options); }
  Der intermediate_der() const {
    return make_certificate(intermediate, root, intermediate_options);
  }
  Der leaf_der() const { return make_certificate(leaf, intermediate, leaf_options); }

  VerifyResult verify() const {
    Verifier verifier;
    EXPECT_EQ(verifier.add_trust_anchor(root_der()).code, Errc::ok);
    for (const Der& crl : crls) EXPECT_FALSE(verifier.add_crls(crl));
    std::vector<Der> untrusted = more_untrusted;
    untrusted.push_back(intermediate_der());
    return verifier.verify(leaf_der(), untrusted, options);
  }
};

using Codes = std::set<std::pair<std::string_view, int>>;

/// Each problem with its depth.
inline Codes codes(const VerifyResult& result) {
  Codes found;
  for (const Problem& problem : result.problems) {
    EXPECT_FALSE(problem.message.empty());
    found.emplace(problem.code, problem.depth);
  }
  return found;
}

}  // namespace peercert::verify::test
