// SPDX-License-Identifier: Apache-2.0
#include "support/certificate_builder.hpp"
#include "support/extension_value.hpp"

namespace peercert {
namespace {

using test::decoded;
using test::hex;

TEST(FlagExtensionTest, SaysThatItIsThere) {
  // noCheck=ignored; 1.3.6.1.4.1.11129.2.4.3=critical,ASN1:NULL
  EXPECT_EQ(decoded<OcspNocheck>("05 00"), R"("present")");
  EXPECT_EQ(decoded<PrecertificatePoison>("05 00"), R"("present")");
  test::check_frame<OcspNocheck>(hex("05 00"));
  test::check_frame<PrecertificatePoison>(hex("05 00"));
}

TEST(FlagExtensionTest, RefusesContent) {
  EXPECT_EQ(decoded<OcspNocheck>("05 01 00"), "ocspNocheck: malformed NULL at byte 0");
  EXPECT_EQ(decoded<PrecertificatePoison>("01 01 ff"),
            "precertificatePoison: unexpected type at byte 0");
}

}  // namespace
}  // namespace peercert
