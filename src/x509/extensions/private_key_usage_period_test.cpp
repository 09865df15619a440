// SPDX-License-Identifier: Apache-2.0
#include "support/certificate_builder.hpp"
#include "support/extension_value.hpp"

namespace peercert {
namespace {

using test::decoded;
using test::hex;

TEST(PrivateKeyUsagePeriodTest, GivesBothTimes) {
  // 2.5.29.16=ASN1:SEQUENCE:period, and there IMPLICIT:0,GENTIME:20260101000000Z and IMPLICIT:1
  constexpr std::string_view kOpenSSL =
      "30 22 80 0f 32 30 32 36 30 31 30 31 30 30 30 30 30 30 5a "
      "81 0f 32 30 32 37 30 31 30 31 30 30 30 30 30 30 5a";
  EXPECT_EQ(decoded<PrivateKeyUsagePeriod>(kOpenSSL),
            R"({"notBefore":"2026-01-01T00:00:00Z","notAfter":"2027-01-01T00:00:00Z"})");
  test::check_frame<PrivateKeyUsagePeriod>(hex(kOpenSSL));
}

TEST(PrivateKeyUsagePeriodTest, TimesMayBeAbsentOrNoTimes) {
  EXPECT_EQ(decoded<PrivateKeyUsagePeriod>("30 00"), "{}");
  EXPECT_EQ(decoded<PrivateKeyUsagePeriod>("30 04 81 02 78 ff"), "{\"notAfter\":\"x\xc3\xbf\"}");
}

TEST(PrivateKeyUsagePeriodTest, RefusesOtherFields) {
  EXPECT_EQ(decoded<PrivateKeyUsagePeriod>("30 04 81 00 80 00"),
            "privateKeyUsagePeriod: more data than the type allows at byte 4");
}

}  // namespace
}  // namespace peercert
