// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include <peercert/scan/record_columns.hpp>
#include <peercert/scan/record_view.hpp>

#include "support/scan_records.hpp"

namespace peercert::scan {
namespace {

TEST(RecordView, WhatWasSentAndVerifiedIsOneEntry) {
  const Record record = test::verified_record(0);
  const RecordView view(record);
  ASSERT_EQ(view.chain().size(), 1U);
  ASSERT_EQ(view.verified_chain().size(), 2U);
  EXPECT_EQ(view.certificates().size(), 2U);
  EXPECT_EQ(view.verified_chain()[0], &view.chain()[0]);
  EXPECT_EQ(view.verified_chain()[1], &view.certificates()[1]);
  EXPECT_EQ(view.chain()[0].sha256(), crypto::sha256(record.chain[0]));
  EXPECT_EQ(view.verified_chain()[1]->sha256(), crypto::sha256(record.verified_chain[1]));
  EXPECT_EQ(view.certificate(), view.chain()[0].certificate());
}

void expect_digests(const CertificateEntry& entry, const Der& der) {
  EXPECT_EQ(entry.sha256(), crypto::sha256(der));
  const auto row = entry.row({}, columns::needs_sha1 | columns::needs_spki_sha256);
  EXPECT_TRUE(std::ranges::equal(row.sha1, crypto::sha1(der)));
  const auto certificate = Certificate::from_der(der);
  const Bytes key = certificate->view().subject_public_key_info().der;
  EXPECT_TRUE(std::ranges::equal(row.spki_sha256, crypto::sha256(key)));
  EXPECT_TRUE(std::ranges::equal(row.encoded, der));
}

TEST(RecordView, NothingOfTheRecordBeforeIsLeft) {
  const Record verified = test::verified_record(0);
  Record undecodable = test::verified_record(1, test::undecodable_certificate());
  undecodable.verified_chain.clear();
  const Record empty = test::failed_record(2, ErrorClass::refused, "Connection refused");
  RecordView view;
  for (int round = 0; round < 2; ++round) {
    view.assign(verified);
    EXPECT_NE(view.dict(), nullptr);
    EXPECT_EQ(view.error_class(), "");
    expect_digests(view.chain()[0], verified.chain[0]);

    view.assign(undecodable);
    EXPECT_EQ(view.certificates().size(), 1U);
    EXPECT_TRUE(view.verified_chain().empty());
    EXPECT_NE(view.certificate(), nullptr);
    EXPECT_EQ(view.dict(), nullptr);
    EXPECT_EQ(view.error_class(), "undecodable");
    expect_digests(view.chain()[0], undecodable.chain[0]);

    view.assign(empty);
    EXPECT_TRUE(view.certificates().empty());
    EXPECT_EQ(view.certificate(), nullptr);
    EXPECT_EQ(view.dict(), nullptr);
    EXPECT_EQ(view.error_class(), "refused");
  }
}

TEST(RecordView, ARowHasTheDigestsThatAreNeeded) {
  const Record record = test::verified_record(0);
  const RecordView view(record);
  EXPECT_TRUE(view.chain()[0].row({}, 0).sha1.empty());
  EXPECT_TRUE(view.chain()[0].row({}, 0).spki_sha256.empty());
  EXPECT_TRUE(view.chain()[0].row({}, columns::needs_spki_sha256).sha1.empty());
  EXPECT_TRUE(view.chain()[0].row({}, columns::needs_sha1).spki_sha256.empty());
}

TEST(RecordView, BytesThatAreNoCertificateAreKept) {
  const Record record = test::verified_record(0, {0x30, 0x80, 0xff});
  const RecordView view(record);
  EXPECT_EQ(view.certificate(), nullptr);
  EXPECT_EQ(view.unreadable().data(), record.chain[0].data());
  EXPECT_EQ(view.error_class(), "undecodable");
}

// Each record has the types of the columns: what makes tables of them relies on that.
class TypeCheck final : public columns::ValueVisitor {
 public:
  explicit TypeCheck(const RecordColumn& column) : column_(column) {}
  ~TypeCheck() override { EXPECT_TRUE(column_.type.is_list || num_values_ <= 1) << column_.name; }

  void string(std::string_view) override { check(columns::ValueType::string); }
  void binary(Bytes, columns::BinaryText) override { check(columns::ValueType::binary); }
  void boolean(bool) override { check(columns::ValueType::boolean); }
  void int64(std::int64_t) override { check(columns::ValueType::int64); }
  void timestamp(columns::Timestamp, columns::TimeText) override {
    check(columns::ValueType::timestamp);
  }
  void duration(columns::Duration) override { check(columns::ValueType::duration); }
  void begin_list() override { is_in_list_ = true; }
  void end_list() override { is_in_list_ = false; }
  FieldVisitor& begin_fields() override { throw std::logic_error("no record has structures"); }
  void end_fields() override {}

  int num_values() const { return num_values_; }

 private:
  void check(columns::ValueType type) {
    EXPECT_EQ((columns::ColumnType{type, is_in_list_}), column_.type) << column_.name;
    ++num_values_;
  }

  const RecordColumn& column_;
  int num_values_ = 0;
  bool is_in_list_ = false;
};

TEST(RecordColumns, SayValuesOfTheirTypeOnly) {
  std::set<std::string_view> names;
  for (const RecordColumn& column : record_columns()) {
    EXPECT_TRUE(names.insert(column.name).second) << column.name;
    int num_values = 0;
    for (const Record& record : test::all_kinds_of_records()) {
      TypeCheck check(column);
      column.visit(RecordView(record), check);
      num_values += check.num_values();
    }
    EXPECT_GT(num_values, 0) << column.name;
  }
}

}  // namespace
}  // namespace peercert::scan
