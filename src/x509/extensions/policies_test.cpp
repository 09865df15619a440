// SPDX-License-Identifier: Apache-2.0
#include "support/certificate_builder.hpp"
#include "support/extension_value.hpp"

namespace peercert {
namespace {

using test::decoded;
using test::hex;

TEST(PolicyMappingsTest, GivesPairs) {
  // policyMappings=1.2.3:1.2.4
  constexpr std::string_view kOpenSSL = "30 0a 30 08 06 02 2a 03 06 02 2a 04";
  EXPECT_EQ(decoded<PolicyMappings>(kOpenSSL),
            R"([{"issuerDomainPolicy":{"oid":"1.2.3"},"subjectDomainPolicy":{"oid":"1.2.4"}}])");
  test::check_frame<PolicyMappings>(hex(kOpenSSL));
  EXPECT_EQ(decoded<PolicyMappings>("30 00"), "[]");
}

TEST(PolicyMappingsTest, RefusesWhatIsNoPair) {
  EXPECT_EQ(decoded<PolicyMappings>("30 06 30 04 06 02 2a 03"),
            "policyMappings: missing at byte 8");
  EXPECT_EQ(decoded<PolicyMappings>("30 0b 30 09 06 01 2a 06 01 2a 06 01 2a"),
            "policyMappings: more data than the type allows at byte 10");
}

TEST(PolicyConstraintsTest, GivesBothFields) {
  // policyConstraints=requireExplicitPolicy:3,inhibitPolicyMapping:0
  constexpr std::string_view kOpenSSL = "30 06 80 01 03 81 01 00";
  EXPECT_EQ(decoded<PolicyConstraints>(kOpenSSL),
            R"({"requireExplicitPolicy":3,"inhibitPolicyMapping":0})");
  test::check_frame<PolicyConstraints>(hex(kOpenSSL));
  EXPECT_EQ(decoded<PolicyConstraints>("30 00"), "{}");
}

TEST(PolicyConstraintsTest, RefusesOtherFields) {
  EXPECT_EQ(decoded<PolicyConstraints>("30 03 02 01 00"),
            "policyConstraints: more data than the type allows at byte 2");
  EXPECT_EQ(decoded<PolicyConstraints>("30 05 a0 03 02 01 00"),
            "policyConstraints: BER, not DER: string in segments at byte 2");
  EXPECT_EQ(decoded<PolicyConstraints>("30 02 81 00"),
            "policyConstraints: malformed INTEGER at byte 2");
}

TEST(InhibitAnyPolicyTest, IsANumber) {
  EXPECT_EQ(decoded<InhibitAnyPolicy>("02 01 02"), "2");  // inhibitAnyPolicy=2
  test::check_frame<InhibitAnyPolicy>(hex("02 01 02"));
  EXPECT_EQ(decoded<InhibitAnyPolicy>("02 09 01 00 00 00 00 00 00 00 00"),
            R"("0x010000000000000000")");
  EXPECT_EQ(decoded<InhibitAnyPolicy>("02 00"), "inhibitAnyPolicy: malformed INTEGER at byte 0");
}

}  // namespace
}  // namespace peercert
