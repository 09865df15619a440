// SPDX-License-Identifier: Apache-2.0
#include "verify/public_suffix.hpp"

#include "support/webpki_cases.hpp"

namespace peercert::verify::test {
namespace {

TEST(PublicSuffix, IsThereIfLibpslIs) {
#ifdef PEERCERT_HAS_LIBPSL
  EXPECT_NE(public_suffix_list(), nullptr);
#else
  EXPECT_EQ(public_suffix_list(), nullptr);
#endif
}

TEST(PublicSuffix, IsOfTheIcannSection) {
  const PublicSuffixTest is_public_suffix = public_suffix_list();
  if (is_public_suffix == nullptr) GTEST_SKIP() << "built without libpsl";
  EXPECT_TRUE(is_public_suffix("com"));
  EXPECT_TRUE(is_public_suffix("co.uk"));
  EXPECT_FALSE(is_public_suffix("example.co.uk"));
  EXPECT_FALSE(is_public_suffix("github.io"));
  EXPECT_FALSE(is_public_suffix("a.unknown-tld"));
  EXPECT_FALSE(is_public_suffix(""));
}

TEST(PublicSuffix, RefusesWildcardsOverIt) {
  const PublicSuffixTest is_public_suffix = public_suffix_list();
  if (is_public_suffix == nullptr) GTEST_SKIP() << "built without libpsl";
  Scenario scenario;
  scenario.options.is_public_suffix = is_public_suffix;
  scenario.leaf() = leaf_of("*.co.uk", "Intermediate");
  ASSERT_EQ(scenario.check().size(), 1);
  EXPECT_EQ(scenario.check()[0].code, "san-wildcard-over-public-suffix");
  scenario.leaf() = leaf_of("*.example.co.uk", "Intermediate");
  EXPECT_TRUE(scenario.check().empty());
}

}  // namespace
}  // namespace peercert::verify::test
