// SPDX-License-Identifier: Apache-2.0
#include "support/extension_value.hpp"

namespace peercert {
namespace {

using test::decoded;

TEST(AcmeIdentifierTest, GivesItsOctets) {
  // openssl req -x509 -addext 1.3.6.1.5.5.7.1.31=critical,DER:0402abcd
  EXPECT_EQ(decoded<AcmeIdentifier>("04 02 ab cd"), R"("abcd")");
  test::check_frame<AcmeIdentifier>(test::hex("04 02 ab cd"));
}

TEST(AcmeIdentifierTest, RefusesOtherTypes) {
  EXPECT_EQ(decoded<AcmeIdentifier>("0c 00"), "acmeIdentifier: unexpected type at byte 0");
  EXPECT_EQ(decoded<AcmeIdentifier>("24 00"),
            "acmeIdentifier: BER, not DER: string in segments at byte 0");
}

}  // namespace
}  // namespace peercert
