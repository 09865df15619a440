// SPDX-License-Identifier: Apache-2.0
#include "support/certificate_builder.hpp"
#include "support/extension_value.hpp"

namespace peercert {
namespace {

using test::decoded;
using test::hex;

// crlDistributionPoints=first,second; in [first] fullname=URI:http://a/,dirName:dn,
// CRLissuer=dirName:dn, reasons=keyCompromise,AACompromise; in [second] relativename=rdn
constexpr std::string_view kCrlDistributionPointsValue =
    "30 4a 30 36 a0 1d a0 1b 86 09 68 74 74 70 3a 2f 2f 61 2f a4 0e 30 0c 31 0a 30 08 06 03 55 04 "
    "03 0c 01 78 81 03 07 40 80 a2 10 a4 0e 30 0c 31 0a 30 08 06 03 55 04 03 0c 01 78 30 10 a0 0e "
    "a1 0c 30 0a 06 03 55 04 03 0c 03 72 65 6c";

TEST(CrlDistributionPointsTest, GivesNamesReasonsAndIssuers) {
  EXPECT_EQ(decoded<CrlDistributionPoints>(kCrlDistributionPointsValue),
            R"([{"distributionPoint":{"fullName":[{"uniformResourceIdentifier":"http://a/"},)"
            R"({"directoryName":[[["commonName","x"]]]}]},)"
            R"("reasons":["keyCompromise","aACompromise"],)"
            R"("cRLIssuer":[{"directoryName":[[["commonName","x"]]]}]},)"
            R"({"distributionPoint":{"nameRelativeToCRLIssuer":[[["commonName","rel"]]]}}])");
  test::check_frame<CrlDistributionPoints>(hex(kCrlDistributionPointsValue));
}

TEST(CrlDistributionPointsTest, TheFreshestAreAlike) {
  EXPECT_EQ(decoded<FreshestCrl>(kCrlDistributionPointsValue),
            decoded<CrlDistributionPoints>(kCrlDistributionPointsValue));
  test::check_frame<FreshestCrl>(hex(kCrlDistributionPointsValue));
}

TEST(CrlDistributionPointsTest, PartsMayBeAbsentOrEmpty) {
  EXPECT_EQ(decoded<CrlDistributionPoints>("30 00"), "[]");
  EXPECT_EQ(decoded<CrlDistributionPoints>("30 02 30 00"), "[{}]");
  EXPECT_EQ(decoded<CrlDistributionPoints>("30 06 30 04 a0 02 a0 00"),
            R"([{"distributionPoint":{"fullName":[]}}])");
  EXPECT_EQ(decoded<CrlDistributionPoints>("30 06 30 04 a0 02 a1 00"),
            R"([{"distributionPoint":{"nameRelativeToCRLIssuer":[[]]}}])");
  EXPECT_EQ(decoded<CrlDistributionPoints>("30 07 30 05 81 01 00 a2 00"),
            R"([{"reasons":[],"cRLIssuer":[]}])");
}

TEST(CrlDistributionPointsTest, ErrorsNameTheExtension) {
  EXPECT_EQ(decoded<CrlDistributionPoints>("30 06 30 04 81 02 09 00"),
            "cRLDistributionPoints: malformed BIT STRING at byte 4");
  EXPECT_EQ(decoded<FreshestCrl>("30 04 30 02 a0 00"), "freshestCRL: missing at byte 6");
}

}  // namespace
}  // namespace peercert
