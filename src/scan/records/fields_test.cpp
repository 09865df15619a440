// SPDX-License-Identifier: Apache-2.0
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include <peercert/columns/json_values.hpp>
#include <peercert/scan/fields.hpp>
#include <peercert/scan/record_view.hpp>

#include "support/certificate_builder.hpp"
#include "testing/private_ca.hpp"

namespace peercert::scan {
namespace {

using std::chrono::days;
using std::chrono::seconds;
using std::chrono::sys_days;

std::string value(const Der& der, const std::string& field,
                  std::chrono::sys_seconds time = sys_days(std::chrono::days(20000))) {
  Record record;
  record.chain = {der};
  const RecordView view(record);
  const Fields fields(field);
  Output out;
  columns::JsonValues json(out);
  fields.columns().front()->visit(view.chain().front().row(time, fields.needs()), json);
  return std::string(out.view());
}

std::string refusal(const std::string& names) {
  try {
    const Fields fields(names);
    return "accepted";
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
}

TEST(Fields, OfAServersCertificate) {
  ssl::CertificateOptions options;
  options.subject = {{"CN", "first"}, {"O", "Example"}, {"CN", "last.example"}};
  options.subject_alt_name = {"DNS:a.example", "IP:2001:db8::1", "email:a@example.org"};
  options.not_before = sys_days(days(19990));
  options.not_after = sys_days(days(20080)) - seconds(1);
  options.serial_number = "00ab12";
  const Der der = ssl::Credential::root_ca("Root").issue(options).certificate_der();

  EXPECT_EQ(value(der, "common_name"), R"("last.example")");
  EXPECT_EQ(value(der, "subject"), R"("CN=last.example, O=Example, CN=first")");
  EXPECT_EQ(value(der, "issuer"), R"("CN=Root")");
  EXPECT_EQ(value(der, "names"), R"(["a.example","2001:db8::1"])");
  EXPECT_EQ(value(der, "serial"), R"("ab12")");
  EXPECT_EQ(value(der, "not_before"), R"("2024-09-24T00:00:00Z")");
  EXPECT_EQ(value(der, "not_after"), R"("2024-12-22T23:59:59Z")");
  EXPECT_EQ(value(der, "validity_days"), "90");
  EXPECT_EQ(value(der, "days_left"), "79");
  EXPECT_EQ(value(der, "days_left", options.not_after + seconds(1)), "-1");
  EXPECT_EQ(value(der, "key_type"), R"("EC")");
  EXPECT_EQ(value(der, "key_bits"), "256");
  EXPECT_EQ(value(der, "curve"), R"("P-256")");
  EXPECT_EQ(value(der, "signature_algorithm"), R"("ecdsa-with-SHA256")");
  EXPECT_EQ(value(der, "spki_pin").size(), 2U + 44U);
  EXPECT_EQ(value(der, "sha1").size(), 2U + 40U);
  EXPECT_EQ(value(der, "is_ca"), "false");
  EXPECT_EQ(value(der, "self_issued"), "false");
  EXPECT_EQ(value(der, "ext_key_usage"), R"(["serverAuth"])");
  EXPECT_EQ(value(der, "must_staple"), "false");
  EXPECT_EQ(value(der, "scts"), "");
  EXPECT_EQ(value(der, "policies"), "");
}

TEST(Fields, OfARoot) {
  const Der der = ssl::Credential::root_ca("Root", ssl::KeyType::rsa2048).certificate_der();
  EXPECT_EQ(value(der, "is_ca"), "true");
  EXPECT_EQ(value(der, "self_issued"), "true");
  EXPECT_EQ(value(der, "key_type"), R"("RSA")");
  EXPECT_EQ(value(der, "key_bits"), "2048");
  EXPECT_EQ(value(der, "curve"), "");
  EXPECT_EQ(value(der, "key_usage"), R"(["keyCertSign","cRLSign"])");
  EXPECT_EQ(value(der, "names"), "");
}

TEST(Fields, OfExtensionsThatAreOddOrMalformed) {
  using test::extension;
  using test::hex;
  using test::sequence;
  test::CertificateBuilder parts;
  parts.not_after = test::tlv(der::kUtcTime, "no date");
  parts.extensions = test::concat(
      extension("1.3.6.1.5.5.7.1.24", sequence(hex("02 01 05"))),
      extension("2.5.29.37", sequence(test::oid("1.2.3.4"), test::oid("1.3.6.1.5.5.7.3.2"))),
      extension("2.5.29.32", sequence(sequence(test::oid("2.23.140.1.2.1")))),
      extension("2.5.29.15", hex("ff")));
  const Der der = parts.build();
  EXPECT_EQ(value(der, "must_staple"), "true");
  EXPECT_EQ(value(der, "ext_key_usage"), R"(["1.2.3.4","clientAuth"])");
  EXPECT_EQ(value(der, "policies"), R"(["2.23.140.1.2.1"])");
  EXPECT_EQ(value(der, "key_usage"), "");
  EXPECT_EQ(value(der, "days_left"), "");
  EXPECT_EQ(value(der, "not_after"), "");
  EXPECT_EQ(value(der, "validity_days"), "");
  EXPECT_NE(value(der, "findings").find(R"("no_subject_alt_name")"), std::string::npos)
      << value(der, "findings");
}

TEST(Fields, AreInTheOrderAskedFor) {
  const Fields fields("key_bits,names,sha1");
  ASSERT_EQ(fields.size(), 3U);
  EXPECT_EQ(fields.name(0), "key_bits");
  EXPECT_EQ(fields.name(2), "sha1");
  EXPECT_TRUE(Fields("").empty());
}

TEST(Fields, WrongNamesAreRefusedWithTheNearest) {
  EXPECT_EQ(refusal("key_bit"), "no field is called \"key_bit\"; there is key_bits");
  EXPECT_EQ(refusal("names,isca"), "no field is called \"isca\"; there is is_ca");
  EXPECT_NE(refusal("usage").find("key_usage, ext_key_usage"), std::string::npos);
  EXPECT_EQ(refusal("nothing_like_that"), "no field is called \"nothing_like_that\"");
  EXPECT_EQ(refusal("names,"), "no field is called \"\"");
  EXPECT_EQ(refusal(",names"), "no field is called \"\"");
  EXPECT_EQ(refusal("names,sha1,names"), "the field names is asked for twice");
  EXPECT_EQ(refusal(std::string(1000, 'x')).size(),
            std::string("no field is called \"\"").size() + 64);
}

TEST(Fields, HelpHasEveryNameOnALineOfItsOwn) {
  const std::string help = fields_help();
  EXPECT_NE(help.find("  spki_pin  "), std::string::npos);
  EXPECT_NE(help.find("  signature_algorithm  "), std::string::npos);
  for (std::size_t at = 0; at < help.size();) {
    const std::size_t end = help.find('\n', at);
    EXPECT_LE(end - at, 100U);
    const std::string line = help.substr(at, end - at);
    EXPECT_EQ(Fields(line.substr(2, line.find(' ', 2) - 2)).size(), 1U) << line;
    at = end + 1;
  }
}

}  // namespace
}  // namespace peercert::scan
