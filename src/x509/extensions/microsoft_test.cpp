// SPDX-License-Identifier: Apache-2.0
#include "support/certificate_builder.hpp"
#include "support/extension_value.hpp"

namespace peercert {
namespace {

using test::decoded;
using test::hex;

using test::sequence;
using test::tlv;

TEST(EnrollCerttypeTest, IsTheNameOfATemplate) {
  // 1.3.6.1.4.1.311.20.2=ASN1:BMP:CA
  EXPECT_EQ(decoded<EnrollCerttype>("1e 04 00 43 00 41"), R"("CA")");
  test::check_frame<EnrollCerttype>(hex("1e 04 00 43 00 41"));
  EXPECT_EQ(decoded<EnrollCerttype>("1e 02 d8 00"), R"({"hex":"d800"})");
  EXPECT_EQ(decoded<EnrollCerttype>("1e 03 00 43 00"),
            "enrollCerttype: string of a wrong length for its type at byte 0");
}

TEST(CertificateTemplateTest, GivesIdentifierAndVersions) {
  const test::Octets value =
      sequence(test::oid("1.3.6.1.4.1.311.21.8.1"), hex("02 01 64"), hex("02 01 0c"));
  EXPECT_EQ(decoded<CertificateTemplate>(value),
            R"({"templateID":{"oid":"1.3.6.1.4.1.311.21.8.1"},)"
            R"("templateMajorVersion":100,"templateMinorVersion":12})");
  test::check_frame<CertificateTemplate>(value);
  EXPECT_EQ(decoded<CertificateTemplate>("30 03 06 01 2a"), R"({"templateID":{"oid":"1.2",)"
                                                            R"("name":"ISO Member Body"}})");
  EXPECT_EQ(decoded<CertificateTemplate>("30 00"), "certificateTemplate: missing at byte 2");
  EXPECT_EQ(decoded<CertificateTemplate>("30 0c 06 01 2a 02 01 01 02 01 01 02 01 01"),
            "certificateTemplate: more data than the type allows at byte 11");
}

TEST(ApplicationCertPoliciesTest, AreCertificatePolicies) {
  const test::Octets value = sequence(sequence(test::oid("1.3.6.1.5.5.7.3.2")));
  EXPECT_EQ(decoded<ApplicationCertPolicies>(value),
            R"([{"policyIdentifier":{"oid":"1.3.6.1.5.5.7.3.2",)"
            R"("name":"TLS Web Client Authentication"}}])");
  test::check_frame<ApplicationCertPolicies>(value);
  EXPECT_EQ(decoded<ApplicationCertPolicies>("30 02 30 00"),
            "applicationCertPolicies: missing at byte 4");
}

TEST(CertsrvTest, GivesVersionAndHash) {
  EXPECT_EQ(decoded<CertsrvCaVersion>("02 03 02 00 01"), "131073");
  test::check_frame<CertsrvCaVersion>(hex("02 03 02 00 01"));
  EXPECT_EQ(decoded<CertsrvCaVersion>("02 00"), "certsrvCAVersion: malformed INTEGER at byte 0");
  EXPECT_EQ(decoded<CertsrvPreviousCertHash>("04 02 ab cd"), R"("abcd")");
  test::check_frame<CertsrvPreviousCertHash>(hex("04 02 ab cd"));
}

TEST(NtdsCaSecurityExtTest, GivesTheSecurityIdentifier) {
  const test::Octets sid =
      test::other_name("1.3.6.1.4.1.311.25.2.1", tlv(der::kOctetString, "S-1-5-21-1-2-3-1104"));
  EXPECT_EQ(decoded<NtdsCaSecurityExt>(sequence(sid)), R"([{"objectSid":"S-1-5-21-1-2-3-1104"}])");
  test::check_frame<NtdsCaSecurityExt>(sequence(sid));
}

TEST(NtdsCaSecurityExtTest, OtherNamesAreShownAsTheyAre) {
  EXPECT_EQ(decoded<NtdsCaSecurityExt>(sequence(test::dns_name("a"))), R"([{"dNSName":"a"}])");
  EXPECT_EQ(decoded<NtdsCaSecurityExt>(
                sequence(test::other_name("1.3.6.1.4.1.311.25.2.1", hex("05 00")))),
            R"([{"otherName":{"type-id":{"oid":"1.3.6.1.4.1.311.25.2.1"},"value":"0500"}}])");
  EXPECT_EQ(decoded<NtdsCaSecurityExt>("30 02 a0 00"), "ntdsCASecurityExt: missing at byte 4");
}

}  // namespace
}  // namespace peercert
