// SPDX-License-Identifier: Apache-2.0
// How OpenSSL is set up, and which work it is allowed.
#include "verify/path/openssl_path.hpp"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "support/signed_certificate.hpp"

namespace peercert::verify {
namespace {

using namespace peercert::test;

/// A leaf, an intermediate and a root, and OpenSSL asked about them.
struct Chain {
  Signer root{"root"}, intermediate{"intermediate"}, leaf{"host.example"};
  SignedOptions root_options{}, intermediate_options{};
  SignedOptions leaf_options{.extensions = kLeafExtensions};
  VerifyProfile profile = VerifyProfile::openssl;
  int max_depth = kDefaultMaxDepth;
  std::size_t max_comparisons = kMaxComparisons;

  OpenSSLAnswer ask() const {
    const auto decode = [](const Der& der) {
      const std::uint8_t* at = der.data();
      return own(d2i_X509(nullptr, &at, static_cast<long>(der.size())), X509_free);
    };
    const auto top = decode(make_certificate(root, root, root_options));
    const auto middle = decode(make_certificate(intermediate, root, intermediate_options));
    const auto bottom = decode(make_certificate(leaf, intermediate, leaf_options));
    const X509StorePtr store = make_store({top.get()});
    const X509s untrusted{middle.get()};
    const std::vector<X509CrlPtr> crls;
    return ask_openssl({store.get(), bottom.get(), untrusted, crls, profile, Purpose::server_auth,
                        kNow.time_since_epoch().count(), max_depth, max_comparisons});
  }
  std::set<std::pair<std::string_view, int>> codes() const {
    std::set<std::pair<std::string_view, int>> codes;
    for (const Problem& problem : ask().problems) codes.emplace(problem.code, problem.depth);
    return codes;
  }
};

using Codes = std::set<std::pair<std::string_view, int>>;

std::shared_ptr<EVP_PKEY> make_rsa_key(unsigned int num_bits) {
  return own(EVP_RSA_gen(num_bits), EVP_PKEY_free);
}

TEST(AskOpenssl, IsStrict) {
  Chain chain;
  EXPECT_EQ(chain.codes(), Codes{});
  chain.intermediate_options.extensions = {{NID_basic_constraints, "critical,CA:TRUE"}};
  EXPECT_EQ(chain.codes(), (Codes{{"ca-cert-missing-key-usage", 1}}));
  chain.intermediate_options.extensions = {{NID_basic_constraints, "CA:TRUE"},
                                           {NID_key_usage, "critical,keyCertSign"}};
  EXPECT_EQ(chain.codes(), (Codes{{"ca-bcons-not-critical", 1}}));
}

TEST(AskOpenssl, WantsAHundredAndTwelveBitsOfStrength) {
  Chain weak_leaf;
  weak_leaf.leaf.key = make_rsa_key(1024);
  EXPECT_EQ(weak_leaf.codes(), (Codes{{"ee-key-too-small", 0}}));
  Chain weak_intermediate;
  weak_intermediate.intermediate.key = make_rsa_key(1024);
  EXPECT_EQ(weak_intermediate.codes(), (Codes{{"ca-key-too-small", 1}}));
  Chain weak_root;
  weak_root.root.key = make_rsa_key(1024);
  EXPECT_EQ(weak_root.codes(), (Codes{{"ca-key-too-small", 2}}));
  Chain weak_digest;
  weak_digest.leaf_options.digest = EVP_sha1();
  EXPECT_EQ(weak_digest.codes(), (Codes{{"ca-md-too-weak", 0}}));
  weak_digest.leaf_options.digest = EVP_sha256();
  weak_digest.intermediate_options.digest = EVP_sha1();
  EXPECT_EQ(weak_digest.codes(), (Codes{{"ca-md-too-weak", 1}}));
  Chain good;
  good.root_options.digest = EVP_sha1();  // on which nobody relies
  good.leaf.key = make_rsa_key(2048);
  EXPECT_EQ(good.codes(), Codes{});
}

TEST(AskOpenssl, TakesAnyCertificateForAnAnchorAndTheLongestPathAllowed) {
  Chain chain;
  chain.max_depth = 1;
  EXPECT_TRUE(chain.ask().has_anchor);
  chain.max_depth = 0;
  EXPECT_FALSE(chain.ask().has_anchor);
}

// The subject and its one attribute, and three names, with two subtrees of the intermediate's and
// three of the root's, which concern the intermediate's subject and attribute as well.
TEST(AskOpenssl, CountsComparisonsAndStopsBeforeThereAreTooMany) {
  constexpr std::size_t kComparisons = (2 + 3) * (2 + 3) + 2 * 3;
  Chain chain;
  chain.intermediate_options.extensions.emplace_back(
      NID_name_constraints, "critical,permitted;DNS:example,excluded;DNS:a.example");
  chain.root_options.extensions.emplace_back(
      NID_name_constraints,
      "critical,permitted;DNS:example,permitted;IP:192.0.2.0/255.255.255.0,"
      "excluded;DNS:b.example");
  for (const std::size_t max : {kComparisons - 1, kComparisons, kComparisons + 1}) {
    chain.max_comparisons = max;
    const OpenSSLAnswer answer = chain.ask();
    EXPECT_EQ(answer.comparisons, kComparisons);
    EXPECT_EQ(answer.is_complete, max >= kComparisons);
    EXPECT_EQ(answer.problems.empty(), max >= kComparisons);
    const auto is_other = [](const Problem& problem) { return problem.code != "too-much-work"; };
    EXPECT_TRUE(std::ranges::none_of(answer.problems, is_other));
  }
}

TEST(AskOpenssl, SaysWhenWhatWasTooEarlyOrTooLate) {
  Chain chain;
  chain.leaf_options.not_after = kNow - kDay;
  chain.intermediate_options.not_before = kNow + kDay;
  std::set<std::string> messages;
  for (const Problem& problem : chain.ask().problems) messages.insert(problem.message);
  EXPECT_EQ(messages,
            (std::set<std::string>{"certificate has expired: Jun 14 00:00:00 2026 GMT",
                                   "certificate is not yet valid: Jun 16 00:00:00 2026 GMT"}));
}

TEST(AskOpenssl, ReadsTheCommonNameUnderConstraintsByItsOwnProfileAlone) {
  Chain chain;
  chain.leaf_options.extensions.back().second = "IP:192.0.2.1";
  chain.intermediate_options.extensions.emplace_back(NID_name_constraints,
                                                     "critical,permitted;DNS:other.example");
  EXPECT_EQ(chain.codes(), (Codes{{"permitted-violation", 0}}));
  chain.profile = VerifyProfile::webpki;
  EXPECT_EQ(chain.codes(), Codes{});
  chain.profile = VerifyProfile::cabf;
  EXPECT_EQ(chain.codes(), Codes{});
}

}  // namespace
}  // namespace peercert::verify
