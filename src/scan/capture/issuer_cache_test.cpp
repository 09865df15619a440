// SPDX-License-Identifier: Apache-2.0
#include "scan/capture/issuer_cache.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <openssl/x509v3.h>

#include "ssl/identity/x509_der.hpp"
#include "support/signed_certificate.hpp"

namespace peercert::ssl {
namespace {

crypto::Sha256Digest digest_of(std::size_t number) {
  crypto::Sha256Digest digest{};
  std::memcpy(digest.data(), &number, sizeof number);
  return digest;
}

TEST(IssuerCache, KnowsWhatAnIssuerHasIssued) {
  IssuerCache cache;
  const auto issuer = std::make_shared<const VerifiedIssuer>();
  const auto other = std::make_shared<const VerifiedIssuer>();
  EXPECT_FALSE(cache.has_issued(*issuer, digest_of(1)));
  cache.learn_issued(issuer, digest_of(1));
  EXPECT_TRUE(cache.has_issued(*issuer, digest_of(1)));
  EXPECT_FALSE(cache.has_issued(*issuer, digest_of(2)));
  EXPECT_FALSE(cache.has_issued(*other, digest_of(1)));
}

TEST(IssuerCache, ForgetsBeforeItGrowsTooLarge) {
  IssuerCache cache;
  const auto issuer = std::make_shared<const VerifiedIssuer>();
  for (std::size_t i = 0; i <= IssuerCache::kMaxIssued; ++i) {
    cache.learn_issued(issuer, digest_of(i));
  }
  EXPECT_FALSE(cache.has_issued(*issuer, digest_of(0)));
  EXPECT_TRUE(cache.has_issued(*issuer, digest_of(IssuerCache::kMaxIssued)));
}

using test::kDay;
using test::kNow;
using test::Signer;

X509Ptr decode(const Der& der) {
  const std::uint8_t* at = der.data();
  return X509Ptr(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
}

/// Leaf, issuer, another above it, root; each may be given other options.
struct Path {
  std::array<test::SignedOptions, 4> options{};
  std::vector<X509Ptr> certificates{};

  void build() {
    const std::array<Signer, 4> signers{Signer{"Leaf"}, Signer{"Issuer"}, Signer{"Above"},
                                        Signer{"Root"}};
    certificates.clear();
    for (std::size_t i = 0; i < signers.size(); ++i) {
      const Signer& issuer = signers[std::min(i + 1, signers.size() - 1)];
      certificates.push_back(decode(make_certificate(signers[i], issuer, options[i])));
    }
  }
  /// As if verification had passed, up to the certificate in front of `end`.
  void teach(IssuerCache& cache, std::size_t end = 4) const {
    STACK_OF(X509)* const chain = sk_X509_new_null();
    for (std::size_t i = 0; i < end; ++i) sk_X509_push(chain, certificates[i].get());
    cache.learn(chain);
    sk_X509_free(chain);
  }
  const X509* issuer() const { return certificates[1].get(); }
};

std::time_t seconds(std::chrono::sys_seconds time) { return time.time_since_epoch().count(); }

TEST(IssuerCache, FindsAnIssuerWithTheChainAboveIt) {
  Path path;
  path.build();
  IssuerCache cache;
  EXPECT_EQ(cache.find(path.issuer(), seconds(kNow)), nullptr);
  path.teach(cache);
  const auto found = cache.find(path.issuer(), seconds(kNow));
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->certificate.get(), path.issuer());
  EXPECT_EQ(found->chain,
            (std::vector{to_der(path.certificates[1].get()), to_der(path.certificates[2].get()),
                         to_der(path.certificates[3].get())}));
  // Neither those above nor the leaf are issuers of what was verified.
  for (const std::size_t other : {0U, 2U, 3U}) {
    EXPECT_EQ(cache.find(path.certificates[other].get(), seconds(kNow)), nullptr);
  }
  Path same_names;
  same_names.build();
  EXPECT_EQ(cache.find(same_names.issuer(), seconds(kNow)), nullptr);
}

TEST(IssuerCache, DoesNotLearnTrustAnchors) {
  Path path;
  path.build();
  IssuerCache cache;
  for (const std::size_t end : {0U, 1U, 2U}) path.teach(cache, end);
  EXPECT_EQ(cache.find(path.issuer(), seconds(kNow)), nullptr);
  path.teach(cache, 3);
  EXPECT_NE(cache.find(path.issuer(), seconds(kNow)), nullptr);
}

TEST(IssuerCache, DoesNotLearnWhatIsUnderConstraints) {
  for (const auto& [nid, value] :
       {std::pair(NID_name_constraints, "critical,permitted;DNS:example.org"),
        std::pair(NID_policy_constraints, "critical,requireExplicitPolicy:0"),
        std::pair(NID_inhibit_any_policy, "critical,0"),
        std::pair(NID_sbgp_ipAddrBlock, "critical,IPv4:192.0.2.0/24"),
        std::pair(NID_sbgp_autonomousSysNum, "critical,AS:64496")}) {
    for (std::size_t constrained = 0; constrained < 4; ++constrained) {
      Path path;
      path.options[constrained].extensions.emplace_back(nid, value);
      path.build();
      IssuerCache cache;
      path.teach(cache);
      // A leaf's own concern nobody.
      EXPECT_EQ(cache.find(path.issuer(), seconds(kNow)) != nullptr, constrained == 0)
          << OBJ_nid2sn(nid) << " in " << constrained;
    }
  }
}

TEST(IssuerCache, FindsAnIssuerWhileAllAboveItAreValid) {
  for (std::size_t narrow = 0; narrow < 4; ++narrow) {
    Path path;
    path.options[narrow].not_before = kNow - kDay;
    path.options[narrow].not_after = kNow + kDay;
    path.build();
    IssuerCache cache;
    path.teach(cache);
    const bool is_leaf = narrow == 0;  // whose validity is looked at each time
    const auto finds = [&](std::chrono::sys_seconds at) {
      return cache.find(path.issuer(), seconds(at)) != nullptr;
    };
    constexpr std::chrono::seconds kSecond{1};
    EXPECT_EQ(finds(kNow - kDay - kSecond), is_leaf) << narrow;
    EXPECT_TRUE(finds(kNow - kDay)) << narrow;
    EXPECT_TRUE(finds(kNow + kDay - kSecond)) << narrow;
    EXPECT_EQ(finds(kNow + kDay), is_leaf) << narrow;  // X509_cmp_time() calls it expired
  }
}

TEST(IssuerCache, KeepsSoManyIssuers) {
  Path path;
  path.build();
  IssuerCache cache;
  std::vector<X509Ptr> issuers;
  for (std::size_t i = 0; i <= IssuerCache::kMaxIssuers; ++i) {
    X509Ptr issuer(X509_dup(path.issuer()));
    ASN1_INTEGER_set(X509_get_serialNumber(issuer.get()), static_cast<long>(i));
    i2d_re_X509_tbs(issuer.get(), nullptr);  // or the encoding before stays
    path.certificates[1] = std::move(issuer);
    path.teach(cache);
    issuers.emplace_back(X509_dup(path.issuer()));
  }
  EXPECT_NE(cache.find(issuers.front().get(), seconds(kNow)), nullptr);
  EXPECT_NE(cache.find(issuers[IssuerCache::kMaxIssuers - 1].get(), seconds(kNow)), nullptr);
  EXPECT_EQ(cache.find(issuers.back().get(), seconds(kNow)), nullptr);
}

}  // namespace
}  // namespace peercert::ssl
