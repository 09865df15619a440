// SPDX-License-Identifier: Apache-2.0
#include "support/certificate_builder.hpp"
#include "support/extension_value.hpp"

namespace peercert {
namespace {

using test::decoded;
using test::hex;

TEST(InfoAccessTest, GivesMethodsAndLocations) {
  // authorityInfoAccess=OCSP;URI:http://o/,caIssuers;URI:http://c/
  constexpr std::string_view kOpenSSL =
      "30 2e 30 15 06 08 2b 06 01 05 05 07 30 01 86 09 68 74 74 70 3a 2f 2f 6f 2f 30 15 06 08 2b "
      "06 01 05 05 07 30 02 86 09 68 74 74 70 3a 2f 2f 63 2f";
  EXPECT_EQ(decoded<AuthorityInfoAccess>(kOpenSSL),
            R"([{"accessMethod":{"oid":"1.3.6.1.5.5.7.48.1","name":"OCSP"},)"
            R"("accessLocation":{"uniformResourceIdentifier":"http://o/"}},)"
            R"({"accessMethod":{"oid":"1.3.6.1.5.5.7.48.2","name":"CA Issuers"},)"
            R"("accessLocation":{"uniformResourceIdentifier":"http://c/"}}])");
  test::check_frame<AuthorityInfoAccess>(hex(kOpenSSL));
}

TEST(InfoAccessTest, TheSubjectsIsAlike) {
  // subjectInfoAccess=caRepository;URI:http://r/
  constexpr std::string_view kOpenSSL =
      "30 17 30 15 06 08 2b 06 01 05 05 07 30 05 86 09 68 74 74 70 3a 2f 2f 72 2f";
  EXPECT_EQ(decoded<SubjectInfoAccess>(kOpenSSL),
            R"([{"accessMethod":{"oid":"1.3.6.1.5.5.7.48.5","name":"CA Repository"},)"
            R"("accessLocation":{"uniformResourceIdentifier":"http://r/"}}])");
  test::check_frame<SubjectInfoAccess>(hex(kOpenSSL));
}

TEST(InfoAccessTest, ErrorsNameTheExtension) {
  constexpr std::string_view kNoLocation = "30 05 30 03 06 01 2a";
  EXPECT_EQ(decoded<AuthorityInfoAccess>(kNoLocation), "authorityInfoAccess: missing at byte 7");
  EXPECT_EQ(decoded<SubjectInfoAccess>(kNoLocation), "subjectInfoAccess: missing at byte 7");
  EXPECT_EQ(decoded<SubjectInfoAccess>("30 00"), "[]");
}

}  // namespace
}  // namespace peercert
