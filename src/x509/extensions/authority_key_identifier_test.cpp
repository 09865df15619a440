// SPDX-License-Identifier: Apache-2.0
#include "support/certificate_builder.hpp"
#include "support/extension_value.hpp"

namespace peercert {
namespace {

using test::decoded;

// openssl req -x509 -subj /CN=x -set_serial 0x81 -addext
// authorityKeyIdentifier=keyid,issuer:always, the key identifier cut to two octets.
constexpr std::string_view kAuthorityKeyIdentifierValue =
    "30 1a 80 02 3a 25 a1 10 a4 0e 30 0c 31 0a 30 08 06 03 55 04 03 0c 01 78 82 02 00 81";

TEST(AuthorityKeyIdentifierTest, GivesAllThree) {
  EXPECT_EQ(decoded<AuthorityKeyIdentifier>(kAuthorityKeyIdentifierValue),
            R"({"keyIdentifier":"3a25",)"
            R"("authorityCertIssuer":[{"directoryName":[[["commonName","x"]]]}],)"
            R"("authorityCertSerialNumber":"81"})");
  test::check_frame<AuthorityKeyIdentifier>(test::hex(kAuthorityKeyIdentifierValue));
}

TEST(AuthorityKeyIdentifierTest, AbsentIsNotEmpty) {
  EXPECT_EQ(decoded<AuthorityKeyIdentifier>("30 00"), "{}");
  EXPECT_EQ(decoded<AuthorityKeyIdentifier>("30 04 80 00 a1 00"),
            R"({"keyIdentifier":"","authorityCertIssuer":[]})");
}

TEST(AuthorityKeyIdentifierTest, SerialNumbersMayBeNegativeOrZero) {
  EXPECT_EQ(decoded<AuthorityKeyIdentifier>("30 03 82 01 00"),
            R"({"authorityCertSerialNumber":"00"})");
  EXPECT_EQ(decoded<AuthorityKeyIdentifier>("30 03 82 01 fe"),
            R"({"authorityCertSerialNumber":-2})");
}

TEST(AuthorityKeyIdentifierTest, RefusesOtherFields) {
  constexpr auto kError = [](std::string_view digits) {
    return decoded<AuthorityKeyIdentifier>(digits);
  };
  EXPECT_EQ(kError("30 02 82 00"), "authorityKeyIdentifier: malformed INTEGER at byte 2");
  EXPECT_EQ(kError("30 03 04 01 01"),
            "authorityKeyIdentifier: more data than the type allows at byte 2");
  EXPECT_EQ(kError("30 05 82 01 01 80 00"),
            "authorityKeyIdentifier: more data than the type allows at byte 5");
  EXPECT_EQ(kError("30 04 a1 02 89 00"), "authorityKeyIdentifier: unexpected type at byte 4");
  EXPECT_EQ(kError("30 03 80 02 01"),
            "authorityKeyIdentifier: truncated: an element is longer "
            "than what holds it at byte 2");
}

}  // namespace
}  // namespace peercert
