// SPDX-License-Identifier: Apache-2.0
#include "support/extension_value.hpp"

namespace peercert {
namespace {

using test::decoded;

TEST(SubjectKeyIdentifierTest, GivesItsOctets) {
  // openssl req -x509 -addext subjectKeyIdentifier=01:AB:FF
  EXPECT_EQ(decoded<SubjectKeyIdentifier>("04 03 01 ab ff"), R"("01abff")");
  test::check_frame<SubjectKeyIdentifier>(test::hex("04 03 01 ab ff"));
}

TEST(SubjectKeyIdentifierTest, MayBeEmpty) {
  EXPECT_EQ(decoded<SubjectKeyIdentifier>("04 00"), R"("")");
}

TEST(SubjectKeyIdentifierTest, RefusesSegments) {
  EXPECT_EQ(decoded<SubjectKeyIdentifier>("24 03 04 01 01"),
            "subjectKeyIdentifier: BER, not DER: string in segments at byte 0");
}

}  // namespace
}  // namespace peercert
