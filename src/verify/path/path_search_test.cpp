// SPDX-License-Identifier: Apache-2.0
// Each bound of the search is reached, and not passed.
#include "verify/path/path_search.hpp"

#include <gtest/gtest.h>
#include <openssl/err.h>

#include "support/signed_certificate.hpp"

namespace peercert::verify {
namespace {

using namespace peercert::test;

/// Certificates among which a path is looked for, and the paths that were found.
class Maze {
 public:
  X509* make(const Signer& subject, const Signer& issuer, const SignedOptions& options = {}) {
    const Der der = make_certificate(subject, issuer, options);
    const std::uint8_t* at = der.data();
    owned_.push_back(own(d2i_X509(nullptr, &at, static_cast<long>(der.size())), X509_free));
    return owned_.back().get();
  }
  X509* anchor(const Signer& subject, const Signer& issuer, const SignedOptions& options = {}) {
    anchors.push_back(make(subject, issuer, options));
    return anchors.back();
  }
  X509* add(const Signer& subject, const Signer& issuer, const SignedOptions& options = {}) {
    untrusted.push_back(make(subject, issuer, options));
    return untrusted.back();
  }
  /// As many certificates of one CA by another.
  void add_many(long num, const Signer& subject, const Signer& issuer) {
    for (long i = 0; i < num; ++i) add(subject, issuer, {.serial = 100 + i});
  }

  /// Walks over all of it; nothing is enough.
  void walk(X509* leaf, int max_depth = kDefaultMaxDepth) {
    PathSearch search(anchors, untrusted, max_depth);
    search.run(leaf, [this](const X509s& path) {
      paths.push_back(path);
      return false;
    });
    gave_up = search.gave_up();
    EXPECT_EQ(ERR_peek_error(), 0U);
  }

  X509s anchors, untrusted;
  std::vector<X509s> paths;
  bool gave_up = false;

 private:
  std::vector<std::shared_ptr<X509>> owned_;
};

struct Names {
  Signer root{"root"}, intermediate{"intermediate"}, leaf{"host.example"};
};

TEST(PathSearch, FindsEachPathOnceAnchorsFirst) {
  const Names names;
  Maze maze;
  X509* const leaf = maze.make(names.leaf, names.intermediate);
  X509* const one = maze.add(names.intermediate, names.root, {.serial = 1});
  X509* const two = maze.add(names.intermediate, names.root, {.serial = 2});
  X509* const trusted = maze.anchor(names.intermediate, names.root, {.serial = 3});
  X509* const root = maze.anchor(names.root, names.root);
  maze.walk(leaf);
  EXPECT_EQ(maze.paths,
            (std::vector<X509s>{{leaf, trusted}, {leaf, one, root}, {leaf, two, root}}));
  EXPECT_FALSE(maze.gave_up);
}

TEST(PathSearch, EndsWithThePathThatIsEnough) {
  const Names names;
  Maze maze;
  X509* const leaf = maze.make(names.leaf, names.intermediate);
  maze.add_many(5, names.intermediate, names.root);
  maze.anchor(names.root, names.root);
  PathSearch search(maze.anchors, maze.untrusted, kDefaultMaxDepth);
  int num_paths = 0;
  search.run(leaf, [&](const X509s&) { return ++num_paths == 2; });
  EXPECT_EQ(num_paths, 2);
  EXPECT_FALSE(search.gave_up());
}

TEST(PathSearch, ALeafThatIsAnAnchorIsAPath) {
  const Names names;
  Maze maze;
  X509* const leaf = maze.anchor(names.leaf, names.root);
  maze.anchor(names.root, names.root);
  maze.walk(leaf);
  EXPECT_EQ(maze.paths, (std::vector<X509s>{{leaf}}));
}

TEST(PathSearch, OfOneNameOnlyTheKeyThatSignedIsAnIssuer) {
  const Names names;
  Maze maze;
  X509* const leaf = maze.make(names.leaf, names.intermediate);
  X509* const right = maze.add(names.intermediate, names.root);
  // Without a subjectKeyIdentifier only the signature tells.
  maze.add(Signer{"intermediate"}, names.root, {.has_key_identifiers = false});
  maze.add(Signer{"intermediate"}, names.root);
  X509* const root = maze.anchor(names.root, names.root);
  maze.anchor(Signer{"root"}, names.root, {.has_key_identifiers = false});
  maze.walk(leaf);
  EXPECT_EQ(maze.paths, (std::vector<X509s>{{leaf, right, root}}));
}

TEST(PathSearch, GoesInNoCircle) {
  const Names names;
  const Signer other{"other"};
  Maze maze;
  X509* const leaf = maze.make(names.leaf, names.intermediate);
  X509* const to_root = maze.add(names.intermediate, names.root);
  X509* const to_other = maze.add(names.intermediate, other);
  maze.add(other, names.intermediate);
  X509* const root = maze.anchor(names.root, names.root);
  maze.walk(leaf);
  EXPECT_EQ(maze.paths, (std::vector<X509s>{{leaf, to_root, root}}));
  EXPECT_FALSE(maze.gave_up);
  static_cast<void>(to_other);
}

TEST(PathSearch, ANameWithAnotherKeyIsNoCircle) {
  const Names names;
  const Signer renewed{"intermediate"};
  Maze maze;
  X509* const leaf = maze.make(names.leaf, names.intermediate);
  X509* const old = maze.add(names.intermediate, renewed);
  X509* const above = maze.add(renewed, names.root);
  X509* const root = maze.anchor(names.root, names.root);
  maze.walk(leaf);
  EXPECT_EQ(maze.paths, (std::vector<X509s>{{leaf, old, above, root}}));
}

TEST(PathSearch, AKeyWithAnotherNameIsNoCircle) {
  const Names names;
  const Signer renamed{"renamed", names.intermediate.key};
  Maze maze;
  X509* const leaf = maze.make(names.leaf, names.intermediate);
  X509* const old = maze.add(names.intermediate, renamed);
  X509* const above = maze.add(renamed, names.root);
  X509* const root = maze.anchor(names.root, names.root);
  maze.walk(leaf);
  EXPECT_EQ(maze.paths, (std::vector<X509s>{{leaf, old, above, root}}));
}

TEST(PathSearch, ChecksNoSignatureByWhomTheSubjectDoesNotName) {
  const Names names;
  Maze maze;
  X509* const leaf = maze.make(names.leaf, names.intermediate);
  maze.add_many(2 * static_cast<long>(kMaxSignatureChecks), Signer{"other"}, names.root);
  maze.add(names.intermediate, names.root);
  maze.anchor(names.root, names.root);
  maze.walk(leaf);
  EXPECT_EQ(maze.paths.size(), 1U);
  EXPECT_FALSE(maze.gave_up);
}

// A chain of so many CAs between the leaf and the root, of which the last has some certificates.
X509* add_chain(Maze& maze, int num_between, long num_of_last) {
  Signer subject{"host.example"};
  X509* leaf = nullptr;
  const Signer root{"root"};
  for (int i = 0; i < num_between; ++i) {
    const Signer issuer{"CA " + std::to_string(i)};
    X509* const made = i == 0 ? maze.make(subject, issuer) : maze.add(subject, issuer);
    if (i == 0) leaf = made;
    subject = issuer;
  }
  maze.add_many(num_of_last, subject, root);
  maze.anchor(root, root);
  return leaf;
}

TEST(PathSearch, AsManyCertificatesBetweenAsMaxDepthAndNoMore) {
  for (const int num_between : {1, 2, 5}) {
    Maze maze;
    X509* const leaf = add_chain(maze, num_between, 1);
    maze.walk(leaf, num_between);
    ASSERT_EQ(maze.paths.size(), 1U) << num_between;
    EXPECT_EQ(maze.paths[0].size(), static_cast<std::size_t>(num_between) + 2);
    maze.paths.clear();
    maze.walk(leaf, num_between - 1);
    EXPECT_TRUE(maze.paths.empty()) << num_between;
    EXPECT_FALSE(maze.gave_up);
  }
  Maze maze;
  const Names names;
  X509* const leaf = maze.make(names.leaf, names.root);
  maze.anchor(names.root, names.root);
  maze.walk(leaf, 0);
  EXPECT_EQ(maze.paths.size(), 1U);
}

TEST(PathSearch, ChecksAHundredSignatures) {
  for (const auto bound : {kMaxSignatureChecks, kMaxSignatureChecks + 1}) {
    const auto num = static_cast<long>(bound);
    const Names names;
    Maze maze;
    X509* const leaf = maze.make(names.leaf, names.intermediate);
    maze.add_many(num, names.intermediate, names.root);  // which nobody trusts
    maze.walk(leaf);
    EXPECT_EQ(maze.gave_up, num > static_cast<long>(kMaxSignatureChecks)) << num;
  }
}

// Two certificates of each of 11 CAs are 2 + 4 + ... + 2^11 ways to try an issuer.
TEST(PathSearch, TriesFourThousandIssuers) {
  constexpr long kTriedInLayers = (1 << 12) - 2;
  for (const long num_more : {0L, 2L, 3L}) {
    Maze maze;
    Signer subject{"layer 0"};
    X509* const leaf = maze.make(Signer{"host.example"}, subject);
    for (int layer = 1; layer <= 11; ++layer) {
      const Signer issuer{"layer " + std::to_string(layer)};
      for (const long serial : {7, 8}) maze.add(subject, issuer, {.serial = serial});
      // Dead ends beside the first, tried once each.
      if (layer == 1) maze.add_many(num_more, subject, Signer{"nobody"});
      subject = issuer;
    }
    maze.walk(leaf);
    EXPECT_EQ(maze.gave_up, kTriedInLayers + num_more > static_cast<long>(kMaxIssuersTried))
        << num_more;
  }
}

TEST(PathSearch, GivesThirtyTwoPaths) {
  for (const auto bound : {kMaxCandidatePaths, kMaxCandidatePaths + 1}) {
    const auto num = static_cast<long>(bound);
    Maze maze;
    X509* const leaf = add_chain(maze, 1, num);
    maze.walk(leaf);
    EXPECT_EQ(maze.paths.size(), kMaxCandidatePaths) << num;
    EXPECT_EQ(maze.gave_up, num > static_cast<long>(kMaxCandidatePaths)) << num;
  }
}

TEST(PathSearch, GivesPathsOf256Certificates) {
  constexpr long kPathLen = 16;
  constexpr long kNumPaths = kMaxCandidatesInPaths / kPathLen;
  for (const long num : {kNumPaths, kNumPaths + 1}) {
    Maze maze;
    X509* const leaf = add_chain(maze, kPathLen - 2, num);
    maze.walk(leaf);
    EXPECT_EQ(maze.paths.size(), static_cast<std::size_t>(kNumPaths)) << num;
    EXPECT_EQ(maze.gave_up, num > kNumPaths) << num;
  }
}

}  // namespace
}  // namespace peercert::verify
