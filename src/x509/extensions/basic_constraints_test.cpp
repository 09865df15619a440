// SPDX-License-Identifier: Apache-2.0
#include "support/extension_value.hpp"

namespace peercert {
namespace {

using test::decoded;

// openssl req -x509 -addext basicConstraints=CA:TRUE,pathlen:3
constexpr std::string_view kBasicConstraintsValue = "30 06 01 01 ff 02 01 03";

TEST(BasicConstraintsTest, GivesBothFields) {
  EXPECT_EQ(decoded<BasicConstraints>(kBasicConstraintsValue),
            R"({"cA":true,"pathLenConstraint":3})");
  test::check_frame<BasicConstraints>(test::hex(kBasicConstraintsValue));
}

TEST(BasicConstraintsTest, BothMayBeAbsent) {
  EXPECT_EQ(decoded<BasicConstraints>("30 00"), R"({"cA":false})");
  EXPECT_EQ(decoded<BasicConstraints>("30 03 01 01 ff"), R"({"cA":true})");
  EXPECT_EQ(decoded<BasicConstraints>("30 03 02 01 00"), R"({"cA":false,"pathLenConstraint":0})");
}

TEST(BasicConstraintsTest, AnyOctetButZeroIsTrue) {
  EXPECT_EQ(decoded<BasicConstraints>("30 03 01 01 00"), R"({"cA":false})");
  EXPECT_EQ(decoded<BasicConstraints>("30 03 01 01 01"), R"({"cA":true})");
}

TEST(BasicConstraintsTest, PathLengthsMayHaveAnySizeAndSign) {
  EXPECT_EQ(decoded<BasicConstraints>("30 03 02 01 ff"), R"({"cA":false,"pathLenConstraint":-1})");
  const test::Octets huge = test::sequence(test::tlv(der::kInteger, test::Octets(40, 0x7f)));
  std::string digits;
  for (int i = 0; i < 40; ++i) digits += "7f";
  EXPECT_EQ(decoded<BasicConstraints>(huge),
            R"({"cA":false,"pathLenConstraint":"0x)" + digits + R"("})");
}

TEST(BasicConstraintsTest, RefusesOtherFields) {
  EXPECT_EQ(decoded<BasicConstraints>("30 02 01 00"),
            "basicConstraints: malformed BOOLEAN at byte 2");
  EXPECT_EQ(decoded<BasicConstraints>("30 04 01 02 ff ff"),
            "basicConstraints: malformed BOOLEAN at byte 2");
  EXPECT_EQ(decoded<BasicConstraints>("30 02 02 00"),
            "basicConstraints: malformed INTEGER at byte 2");
  EXPECT_EQ(decoded<BasicConstraints>("30 04 02 02 00 01"),
            "basicConstraints: malformed INTEGER at byte 2");
  EXPECT_EQ(decoded<BasicConstraints>("30 06 02 01 03 01 01 ff"),
            "basicConstraints: more data than the type allows at byte 5");
  EXPECT_EQ(decoded<BasicConstraints>("31 00"), "basicConstraints: unexpected type at byte 0");
  EXPECT_EQ(decoded<BasicConstraints>("30 80 00 00"),
            "basicConstraints: BER, not DER: indefinite length at byte 0");
}

}  // namespace
}  // namespace peercert
