// SPDX-License-Identifier: Apache-2.0
#include "support/certificate_builder.hpp"
#include "support/extension_value.hpp"

namespace peercert {
namespace {

using test::decoded;
using test::hex;

TEST(NetscapeTest, NamesTheBitsOfTheType) {
  // nsCertType=server,client,sslCA
  EXPECT_EQ(decoded<NetscapeCertType>("03 02 02 c4"), R"(["client","server","sslCA"])");
  EXPECT_EQ(decoded<NetscapeCertType>("03 03 07 01 80"), R"(["objCA",{"bits":"0180"}])");
  test::check_frame<NetscapeCertType>(hex("03 02 02 c4"));
  EXPECT_EQ(decoded<NetscapeCertType>("03 02 08 00"),
            "netscapeCertType: malformed BIT STRING at byte 0");
}

template <class T>
class NetscapeStringTest : public testing::Test {};

using NetscapeStrings =
    testing::Types<NetscapeBaseUrl, NetscapeRevocationUrl, NetscapeCaRevocationUrl,
                   NetscapeRenewalUrl, NetscapeCaPolicyUrl, NetscapeSslServerName, NetscapeComment>;
TYPED_TEST_SUITE(NetscapeStringTest, NetscapeStrings);

TYPED_TEST(NetscapeStringTest, IsText) {
  const test::Octets value = hex("16 09 61 20 63 6f 6d 6d 65 6e 74");  // nsComment=a comment
  EXPECT_EQ(decoded<TypeParam>(value), R"("a comment")");
  test::check_frame<TypeParam>(value);
  EXPECT_EQ(decoded<TypeParam>("16 00"), R"("")");
  EXPECT_EQ(decoded<TypeParam>("16 01 ff"), R"({"hex":"ff"})");
  EXPECT_FALSE(TypeParam::parse(hex("0c 01 61")));
}

}  // namespace
}  // namespace peercert
