// SPDX-License-Identifier: Apache-2.0
#include "support/certificate_builder.hpp"
#include "support/extension_value.hpp"

namespace peercert {
namespace {

using test::decoded;
using test::hex;

TEST(SubjectDirectoryAttributesTest, GivesValuesOfAnyType) {
  // id-pda-countryOfCitizenship, RFC 3739, and one with nested values
  const test::Octets value = test::sequence(
      test::sequence(test::oid("1.3.6.1.5.5.7.9.4"),
                     test::set(test::tlv(der::kPrintableString, "DE"))),
      test::sequence(test::oid("1.2.3"), test::set(hex("30 05 02 01 07 30 00"), hex("05 00"))));
  EXPECT_EQ(decoded<SubjectDirectoryAttributes>(value),
            R"([{"type":{"oid":"1.3.6.1.5.5.7.9.4","name":"id-pda-countryOfCitizenship"},)"
            R"("values":["DE"]},{"type":{"oid":"1.2.3"},"values":[[7,[]],"0500"]}])");
  test::check_frame<SubjectDirectoryAttributes>(value);
}

TEST(SubjectDirectoryAttributesTest, RefusesOtherFields) {
  EXPECT_EQ(decoded<SubjectDirectoryAttributes>("30 05 30 03 06 01 2a"),
            "subjectDirectoryAttributes: missing at byte 7");
  EXPECT_EQ(decoded<SubjectDirectoryAttributes>("30 09 30 07 06 01 2a 31 02 02 00"),
            "subjectDirectoryAttributes: malformed INTEGER at byte 9");
  EXPECT_EQ(decoded<SubjectDirectoryAttributes>("30 09 30 07 06 01 2a 30 02 05 00"),
            "subjectDirectoryAttributes: unexpected type at byte 7");
}

}  // namespace
}  // namespace peercert
