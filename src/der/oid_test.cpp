// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <gtest/gtest.h>

#include <peercert/der/oid.hpp>

#include "support/der_writer.hpp"

namespace peercert::der {
namespace {

TEST(OidTest, IsEncodedAsX690Has) {
  EXPECT_TRUE(std::ranges::equal(make_oid<2, 5, 29, 15>(), test::hex("55 1d 0f")));
  EXPECT_TRUE(std::ranges::equal(make_oid<1, 2, 840, 113549>(), test::hex("2a 86 48 86 f7 0d")));
  EXPECT_TRUE(std::ranges::equal(make_oid<2, 999>(), test::hex("88 37")));
  EXPECT_TRUE(std::ranges::equal(make_oid<0, 0, 127, 128>(), test::hex("00 7f 81 00")));
}

}  // namespace
}  // namespace peercert::der
