// SPDX-License-Identifier: Apache-2.0
#include "support/certificate_builder.hpp"
#include "support/extension_value.hpp"

namespace peercert {
namespace {

using test::decoded;
using test::dns_name;
using test::hex;
using test::sequence;

TEST(AltNamesTest, GivesTheNamesOfSubjectAndIssuer) {
  const test::Octets names = sequence(dns_name("a.example"), test::ip_address(hex("c0 00 02 01")));
  constexpr const char* kNames = R"([{"dNSName":"a.example"},{"iPAddress":"192.0.2.1"}])";
  EXPECT_EQ(decoded<SubjectAltName>(names), kNames);
  EXPECT_EQ(decoded<IssuerAltName>(names), kNames);
  test::check_frame<SubjectAltName>(names);
  test::check_frame<IssuerAltName>(names);
}

TEST(AltNamesTest, ErrorsNameTheExtension) {
  EXPECT_EQ(decoded<SubjectAltName>("30 02 89 00"), "subjectAltName: unexpected type at byte 2");
  EXPECT_EQ(decoded<IssuerAltName>("30 02 89 00"), "issuerAltName: unexpected type at byte 2");
}

TEST(AltNamesTest, MayBeEmpty) {
  EXPECT_EQ(decoded<SubjectAltName>("30 00"), "[]");
  EXPECT_EQ(decoded<IssuerAltName>("30 00"), "[]");
}

}  // namespace
}  // namespace peercert
