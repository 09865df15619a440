// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <peercert/columns/certificate_columns.hpp>
#include <peercert/columns/json_values.hpp>

#include "support/certificate_builder.hpp"

namespace peercert::columns {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using test::extension;
using test::hex;
using test::sequence;

const Column<CertificateRow>& column(std::string_view name) {
  const auto all = certificate_columns();
  return *std::ranges::find(all, name, &Column<CertificateRow>::name);
}

/// Writes down the type of each value.
class TypeRecorder final : public ValueVisitor {
 public:
  std::vector<ColumnType> types{};

  void string(std::string_view) override { add(ValueType::string); }
  void binary(Bytes, BinaryText) override { add(ValueType::binary); }
  void boolean(bool) override { add(ValueType::boolean); }
  void int64(std::int64_t) override { add(ValueType::int64); }
  void timestamp(Timestamp, TimeText) override { add(ValueType::timestamp); }
  void duration(Duration) override { add(ValueType::duration); }
  void begin_list() override { is_in_list_ = true; }
  void end_list() override { is_in_list_ = false; }
  FieldVisitor& begin_fields() override {
    types.push_back({ValueType::structure, true});
    return json_.begin_fields();
  }
  void end_fields() override { json_.end_fields(); }

 private:
  void add(ValueType type) { types.push_back({type, is_in_list_}); }

  bool is_in_list_ = false;
  Output out_;
  JsonValues json_{out_};
};

// With all extensions that a column reads, some of them odd.
Der odd_certificate() {
  test::CertificateBuilder parts;
  parts.extensions = test::concat(
      extension("1.3.6.1.5.5.7.1.24", sequence(hex("02 01 05"))),
      extension("2.5.29.37", sequence(test::oid("1.2.3.4"), test::oid("1.3.6.1.5.5.7.3.2"))),
      extension("2.5.29.32", sequence(sequence(test::oid("2.23.140.1.2.1")))),
      extension("2.5.29.15", hex("03 03 00 81 01")),
      extension("1.3.6.1.4.1.11129.2.4.2", test::tlv(der::kOctetString, hex("00 00"))),
      test::subject_alt_name(test::dns_name("a.example"), test::ip_address(hex("c0 00 02 01"))));
  return parts.build();
}

Der certificate_with_serial(std::string_view content) {
  test::CertificateBuilder parts;
  parts.serial_number = test::tlv(der::kInteger, hex(content));
  return parts.build();
}

std::string value(const Der& der, std::string_view name) {
  const auto certificate = CertificateView::parse(Bytes(der));
  Output out;
  JsonValues json(out);
  column(name).visit({*certificate, der, sys_days(days(20000))}, json);
  return std::string(out.view());
}

TEST(CertificateColumns, SayValuesOfTheirTypeOnly) {
  const Der digest(32);
  const Der certificates[] = {test::CertificateBuilder().build(), odd_certificate(),
                              certificate_with_serial("fb"), certificate_with_serial("00 fb")};
  std::set<std::string_view> seen;
  for (const Der& der : certificates) {
    const auto certificate = CertificateView::parse(Bytes(der));
    for (const auto& column : certificate_columns()) {
      TypeRecorder recorder;
      column.visit({*certificate, der, {}, digest, digest}, recorder);
      for (const ColumnType& type : recorder.types) EXPECT_EQ(type, column.type) << column.name;
      if (!recorder.types.empty()) seen.insert(column.name);
      EXPECT_TRUE(column.type.is_list || recorder.types.size() <= 1) << column.name;
    }
  }
  // "curve" needs an EC key.
  EXPECT_EQ(seen.size(), certificate_columns().size() - 1);
}

TEST(CertificateColumns, HaveNamesOfTheirOwn) {
  std::set<std::string_view> names;
  for (const auto& column : certificate_columns()) {
    EXPECT_TRUE(names.insert(column.name).second) << column.name;
    EXPECT_FALSE(column.about.empty()) << column.name;
  }
}

TEST(CertificateColumns, OfDigestsHaveThemFromOutside) {
  const Der der = test::CertificateBuilder().build();
  const auto certificate = CertificateView::parse(Bytes(der));
  const Der sha1(20, 0xab), spki(32, 0x01);
  const CertificateRow row{*certificate, der, {}, sha1, spki};
  const auto with = [&row](std::string_view name) {
    Output out;
    JsonValues json(out);
    column(name).visit(row, json);
    return std::string(out.view());
  };
  std::string hex_digits;
  for (std::size_t i = 0; i < sha1.size(); ++i) hex_digits += "ab";
  EXPECT_EQ(with("sha1"), '"' + hex_digits + '"');
  EXPECT_EQ(with("spki_pin"), R"("AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=")");
  EXPECT_EQ(value(der, "sha1"), "");
  EXPECT_EQ(value(der, "spki_pin"), "");
  EXPECT_EQ(column("sha1").needs, needs_sha1);
  EXPECT_EQ(column("spki_pin").needs, needs_spki_sha256);
  for (const auto& column : certificate_columns()) {
    EXPECT_EQ(column.needs != 0, column.type.value == ValueType::binary) << column.name;
  }
}

TEST(CertificateColumns, SerialNumbersAreStringsAlsoWhereTheyAreNegative) {
  EXPECT_EQ(value(certificate_with_serial("00 fb 01"), "serial"), R"("fb01")");
  EXPECT_EQ(value(certificate_with_serial("00"), "serial"), R"("00")");
  EXPECT_EQ(value(certificate_with_serial("fb"), "serial"), R"("-5")");
}

TEST(CertificateColumns, OfWhatTheCertificateHas) {
  const Der der = odd_certificate();
  EXPECT_EQ(value(der, "names"), R"(["a.example","192.0.2.1"])");
  EXPECT_EQ(value(der, "key_usage"), R"(["digitalSignature","encipherOnly","bits:8101"])");
  EXPECT_EQ(value(der, "ext_key_usage"), R"(["1.2.3.4","clientAuth"])");
  EXPECT_EQ(value(der, "policies"), R"(["2.23.140.1.2.1"])");
  EXPECT_EQ(value(der, "must_staple"), "true");
  EXPECT_EQ(value(der, "scts"), "[]");
  EXPECT_EQ(value(der, "not_before"), R"("2026-01-01T00:00:00Z")");
  EXPECT_EQ(value(der, "validity_days"), "365");
  EXPECT_EQ(value(der, "days_left"), "819");
  const Der bare = test::CertificateBuilder().build();
  for (const char* name : {"names", "key_usage", "ext_key_usage", "policies", "scts", "curve"}) {
    EXPECT_EQ(value(bare, name), "") << name;
  }
}

}  // namespace
}  // namespace peercert::columns
