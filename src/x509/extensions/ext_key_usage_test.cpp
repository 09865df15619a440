// SPDX-License-Identifier: Apache-2.0
#include "support/extension_value.hpp"

namespace peercert {
namespace {

using test::decoded;

// openssl req -x509 -addext extendedKeyUsage=serverAuth,1.2.3
constexpr std::string_view kExtKeyUsageValue = "30 0e 06 08 2b 06 01 05 05 07 03 01 06 02 2a 03";

TEST(ExtKeyUsageTest, GivesTheIdentifiersWithTheirNames) {
  EXPECT_EQ(decoded<ExtKeyUsage>(kExtKeyUsageValue),
            R"([{"oid":"1.3.6.1.5.5.7.3.1","name":"TLS Web Server Authentication"},)"
            R"({"oid":"1.2.3"}])");
  test::check_frame<ExtKeyUsage>(test::hex(kExtKeyUsageValue));
}

TEST(ExtKeyUsageTest, MayBeEmpty) { EXPECT_EQ(decoded<ExtKeyUsage>("30 00"), "[]"); }

TEST(ExtKeyUsageTest, RefusesWhatIsNoIdentifier) {
  EXPECT_EQ(decoded<ExtKeyUsage>("30 02 06 00"),
            "extKeyUsage: malformed OBJECT IDENTIFIER at byte 2");
  EXPECT_EQ(decoded<ExtKeyUsage>("30 06 06 01 2a 06 01 80"),
            "extKeyUsage: malformed OBJECT IDENTIFIER at byte 5");
  EXPECT_EQ(decoded<ExtKeyUsage>("30 03 02 01 05"), "extKeyUsage: unexpected type at byte 2");
}

TEST(ExtKeyUsageTest, LongIdentifiersAreShownInHexadecimal) {
  const test::Octets long_oid = test::tlv(der::kOid, test::Octets(587, 0x01));
  const std::string text = decoded<ExtKeyUsage>(test::sequence(long_oid));
  EXPECT_TRUE(text.starts_with(R"([{"oid":"OID.0101)")) << text;
  EXPECT_EQ(text.size(), std::string_view(R"([{"oid":"OID."}])").size() + 587 * 2);
}

}  // namespace
}  // namespace peercert
