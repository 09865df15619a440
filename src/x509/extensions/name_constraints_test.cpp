// SPDX-License-Identifier: Apache-2.0
#include "support/certificate_builder.hpp"
#include "support/extension_value.hpp"

namespace peercert {
namespace {

using test::decoded;
using test::hex;

// nameConstraints=permitted;DNS:.example.org,permitted;IP:192.0.2.0/255.255.255.0,
//     permitted;IP:2001:db8::/ffff:ffff::,excluded;email:a@b
constexpr std::string_view kNameConstraintsValue =
    "30 4b a0 40 30 0e 82 0c 2e 65 78 61 6d 70 6c 65 2e 6f 72 67 30 0a 87 08 c0 00 02 00 ff ff ff "
    "00 30 22 87 20 20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 00 ff ff ff ff 00 00 00 00 00 00 "
    "00 00 00 00 00 00 a1 07 30 05 81 03 61 40 62";

TEST(NameConstraintsTest, GivesBothLists) {
  EXPECT_EQ(decoded<NameConstraints>(kNameConstraintsValue),
            R"({"permittedSubtrees":[{"base":{"dNSName":".example.org"}},)"
            R"({"base":{"iPAddress":"192.0.2.0/255.255.255.0"}},)"
            R"({"base":{"iPAddress":"2001:DB8:0:0:0:0:0:0/FFFF:FFFF:0:0:0:0:0:0"}}],)"
            R"("excludedSubtrees":[{"base":{"rfc822Name":"a@b"}}]})");
  test::check_frame<NameConstraints>(hex(kNameConstraintsValue));
}

TEST(NameConstraintsTest, AbsentIsNotEmpty) {
  EXPECT_EQ(decoded<NameConstraints>("30 00"), "{}");
  EXPECT_EQ(decoded<NameConstraints>("30 02 a1 00"), R"({"excludedSubtrees":[]})");
  EXPECT_EQ(decoded<NameConstraints>("30 02 80 00"), R"({"permittedSubtrees":[]})");  // OpenSSL too
}

TEST(NameConstraintsTest, DistancesAreShown) {
  EXPECT_EQ(decoded<NameConstraints>("30 0c a0 0a 30 08 82 00 80 01 01 81 01 ff"),
            R"({"permittedSubtrees":[{"base":{"dNSName":""},"minimum":1,"maximum":-1}]})");
}

TEST(NameConstraintsTest, AddressesWithoutAMaskAreOctets) {
  EXPECT_EQ(decoded<NameConstraints>("30 0a a0 08 30 06 87 04 c0 00 02 01"),
            R"({"permittedSubtrees":[{"base":{"iPAddress":"c0000201"}}]})");
  EXPECT_EQ(decoded<NameConstraints>("30 06 a0 04 30 02 87 00"),
            R"({"permittedSubtrees":[{"base":{"iPAddress":""}}]})");
}

TEST(NameConstraintsTest, RefusesOtherFields) {
  EXPECT_EQ(decoded<NameConstraints>("30 04 a0 02 30 00"), "nameConstraints: missing at byte 6");
  EXPECT_EQ(decoded<NameConstraints>("30 08 a0 06 30 04 82 00 80 00"),
            "nameConstraints: malformed INTEGER at byte 8");
  EXPECT_EQ(decoded<NameConstraints>("30 04 a1 00 a0 00"),
            "nameConstraints: more data than the type allows at byte 4");
  EXPECT_EQ(decoded<NameConstraints>("30 06 a0 04 30 02 89 00"),
            "nameConstraints: unexpected type at byte 6");
}

}  // namespace
}  // namespace peercert
