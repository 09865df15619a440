// SPDX-License-Identifier: Apache-2.0
#include "support/certificate_builder.hpp"
#include "support/extension_value.hpp"

namespace peercert {
namespace {

using test::decoded;
using test::hex;

using test::oid;
using test::sequence;

TEST(QcStatementsTest, NamesStatementsAndShowsWhatTheySay) {
  const test::Octets value = sequence(
      sequence(oid("0.4.0.1862.1.1")),
      sequence(oid("0.4.0.1862.1.2"),
               sequence(test::tlv(der::kPrintableString, "EUR"), hex("02 01 01"), hex("02 01 03"))),
      sequence(oid("0.4.0.1862.1.6"), sequence(oid("0.4.0.1862.1.6.3"))),
      sequence(oid("1.2.3"), hex("02 01 05")));
  EXPECT_EQ(decoded<QcStatements>(value),
            R"([{"statementId":{"oid":"0.4.0.1862.1.1"},"name":"QcCompliance"},)"
            R"({"statementId":{"oid":"0.4.0.1862.1.2"},"name":"QcLimitValue",)"
            R"("statementInfo":["EUR",1,3]},)"
            R"({"statementId":{"oid":"0.4.0.1862.1.6"},"name":"QcType",)"
            R"("statementInfo":[{"oid":"0.4.0.1862.1.6.3"}]},)"
            R"({"statementId":{"oid":"1.2.3"},"statementInfo":5}])");
  test::check_frame<QcStatements>(value);
}

TEST(QcStatementsTest, RefusesOtherFields) {
  EXPECT_EQ(decoded<QcStatements>("30 00"), "[]");
  EXPECT_EQ(decoded<QcStatements>("30 02 30 00"), "qcStatements: missing at byte 4");
  EXPECT_EQ(decoded<QcStatements>("30 09 30 07 06 01 2a 05 00 05 00"),
            "qcStatements: more data than the type allows at byte 9");
}

}  // namespace
}  // namespace peercert
