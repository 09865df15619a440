// SPDX-License-Identifier: Apache-2.0
#include "support/certificate_builder.hpp"
#include "support/extension_value.hpp"

namespace peercert {
namespace {

using test::decoded;
using test::hex;

// certificatePolicies=1.2.3,@policy,2.5.29.32.0, and in [policy] policyIdentifier=1.3.6.1.4.1.5,
// CPS=http://cps/, userNotice=@notice with organization=Org, noticeNumbers=1,2,
// explicitText=UTF8:hello
constexpr std::string_view kCertificatePoliciesValue =
    "30 57 30 04 06 02 2a 03 30 47 06 06 2b 06 01 04 01 05 30 3d 30 17 06 08 2b 06 01 05 05 07 02 "
    "01 16 0b 68 74 74 70 3a 2f 2f 63 70 73 2f 30 22 06 08 2b 06 01 05 05 07 02 02 30 16 30 0d 1a "
    "03 4f 72 67 30 06 02 01 01 02 01 02 0c 05 68 65 6c 6c 6f 30 06 06 04 55 1d 20 00";

constexpr std::string_view kAnyPolicy =
    R"({"policyIdentifier":{"oid":"2.5.29.32.0","name":"X509v3 Any Policy"})";

// One policy with one qualifier.
std::string qualifier(std::string_view id, const test::Octets& value) {
  const std::string json = decoded<CertificatePolicies>(test::sequence(test::sequence(
      test::oid("2.5.29.32.0"), test::sequence(test::sequence(test::oid(id), value)))));
  const std::string before = "[" + std::string(kAnyPolicy) + R"(,"policyQualifiers":[)";
  if (!json.starts_with(before)) return json;
  return json.substr(before.size(), json.size() - before.size() - 3);
}

constexpr std::string_view kUserNotice = "1.3.6.1.5.5.7.2.2";

TEST(CertificatePoliciesTest, GivesPoliciesWithTheirQualifiers) {
  EXPECT_EQ(decoded<CertificatePolicies>(kCertificatePoliciesValue),
            R"([{"policyIdentifier":{"oid":"1.2.3"}},)"
            R"({"policyIdentifier":{"oid":"1.3.6.1.4.1.5"},"policyQualifiers":[)"
            R"({"cPSuri":"http://cps/"},{"userNotice":{"noticeRef":{"organization":"Org",)"
            R"("noticeNumbers":[1,2]},"explicitText":"hello"}}]},)" +
                std::string(kAnyPolicy) + "}]");
  test::check_frame<CertificatePolicies>(hex(kCertificatePoliciesValue));
}

TEST(CertificatePoliciesTest, IsTypedThroughout) {
  const test::Octets value = hex(kCertificatePoliciesValue);
  const Result<CertificatePolicies> parsed = CertificatePolicies::parse(value);
  ASSERT_TRUE(parsed);
  const PolicyInformation second = *std::next(parsed->policies.begin());
  ASSERT_TRUE(second.policy_qualifiers);
  auto at = second.policy_qualifiers->begin();
  EXPECT_EQ((*at).cps_uri().size(), 11U);
  EXPECT_FALSE((*at).user_notice().explicit_text);
  ++at;
  EXPECT_TRUE((*at).cps_uri().empty());
  ASSERT_TRUE((*at).user_notice().notice_ref);
  EXPECT_EQ((*at).user_notice().explicit_text->tag(), der::kUtf8String);
}

TEST(CertificatePoliciesTest, MayBeEmpty) {
  EXPECT_EQ(decoded<CertificatePolicies>("30 00"), "[]");
  EXPECT_EQ(decoded<CertificatePolicies>("30 08 30 06 06 02 2a 03 30 00"),
            R"([{"policyIdentifier":{"oid":"1.2.3"},"policyQualifiers":[]}])");
  EXPECT_EQ(qualifier(kUserNotice, test::sequence()), R"({"userNotice":{}})");
}

TEST(CertificatePoliciesTest, NoticesMayBeOfFourStringTypes) {
  const auto notice = [](der::Tag tag, const test::Octets& characters) {
    return qualifier(kUserNotice, test::sequence(test::tlv(tag, characters)));
  };
  constexpr const char* kText = R"({"userNotice":{"explicitText":"A"}})";
  EXPECT_EQ(notice(der::kIa5String, hex("41")), kText);
  EXPECT_EQ(notice(der::kVisibleString, hex("41")), kText);
  EXPECT_EQ(notice(der::kUtf8String, hex("41")), kText);
  EXPECT_EQ(notice(der::kBmpString, hex("00 41")), kText);
  EXPECT_EQ(notice(der::kBmpString, hex("41")),
            "certificatePolicies: string of a wrong length for its type at byte 26");
  EXPECT_EQ(notice(der::kPrintableString, hex("41")),
            "certificatePolicies: unexpected type at byte 26");
  EXPECT_EQ(notice(der::kUtf8String, hex("ff")), R"({"userNotice":{"explicitText":{"hex":"ff"}}})");
}

TEST(CertificatePoliciesTest, OtherQualifiersAreShownAsTheyAre) {
  EXPECT_EQ(qualifier("1.2.3", hex("05 00")),
            R"({"policyQualifierId":{"oid":"1.2.3"},"qualifier":"0500"})");
}

TEST(CertificatePoliciesTest, RefusesOtherFields) {
  EXPECT_EQ(decoded<CertificatePolicies>("30 02 30 00"), "certificatePolicies: missing at byte 4");
  EXPECT_EQ(decoded<CertificatePolicies>("30 08 30 06 06 02 2a 03 31 00"),
            "certificatePolicies: unexpected type at byte 8");
  EXPECT_EQ(qualifier("1.3.6.1.5.5.7.2.1", hex("0c 00")),
            "certificatePolicies: unexpected type at byte 24");
  EXPECT_EQ(qualifier("1.3.6.1.5.5.7.2.1", {}), "certificatePolicies: missing at byte 24");
  EXPECT_EQ(qualifier("1.2.3", hex("05 00 05 00")),
            "certificatePolicies: more data than the type allows at byte 20");
  EXPECT_EQ(qualifier(kUserNotice, hex("30 06 30 04 0c 00 31 00")),
            "certificatePolicies: unexpected type at byte 30");
  EXPECT_EQ(qualifier(kUserNotice, hex("30 08 30 06 0c 00 30 02 02 00")),
            "certificatePolicies: malformed INTEGER at byte 32");
}

}  // namespace
}  // namespace peercert
