// SPDX-License-Identifier: Apache-2.0
// However many sinks and columns there are, each certificate of a record is parsed once and hashed
// once. The linker leads the calls of other folders here: cmake/developer.cmake, --wrap.
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <peercert/crypto/fingerprint.hpp>
#include <peercert/scan/outputs.hpp>
#include <peercert/x509/certificate.hpp>

#include "scan/job/writer.hpp"
#include "support/scan_records.hpp"
#include "support/scratch.hpp"

#define PEERCERT_SPAN "St4spanIKhLm18446744073709551615EE"
#define PEERCERT_SHA256 "_ZN8peercert6crypto6sha256E" PEERCERT_SPAN
#define PEERCERT_PARSE "_ZN8peercert15CertificateView5parseE" PEERCERT_SPAN
#define PEERCERT_PARSE_INTO "_ZN8peercert15CertificateView5parseE" PEERCERT_SPAN "RS0_"
#define PEERCERT_FROM_DER "_ZN8peercert11Certificate8from_derE" PEERCERT_SPAN

namespace peercert {

crypto::Sha256Digest real_sha256(Bytes data) asm("__real_" PEERCERT_SHA256);
crypto::Sha256Digest wrap_sha256(Bytes data) asm("__wrap_" PEERCERT_SHA256);
Result<CertificateView> real_parse(Bytes input) asm("__real_" PEERCERT_PARSE);
Result<CertificateView> wrap_parse(Bytes input) asm("__wrap_" PEERCERT_PARSE);
Error real_parse_into(Bytes input, CertificateView& view) asm("__real_" PEERCERT_PARSE_INTO);
Error wrap_parse_into(Bytes input, CertificateView& view) asm("__wrap_" PEERCERT_PARSE_INTO);
Result<Certificate> real_from_der(Bytes der) asm("__real_" PEERCERT_FROM_DER);
Result<Certificate> wrap_from_der(Bytes der) asm("__wrap_" PEERCERT_FROM_DER);

namespace {

/// How often which bytes were parsed and hashed while one of it lives. One at a time.
class WorkCounter {
 public:
  using Counts = std::map<Der, int>;

  WorkCounter() { set_current(this); }
  ~WorkCounter() { set_current(nullptr); }
  WorkCounter(const WorkCounter&) = delete;
  WorkCounter& operator=(const WorkCounter&) = delete;

  static void count(Counts WorkCounter::*counts, Bytes bytes) {
    const std::lock_guard lock(mutex_);
    if (current_ != nullptr) ++(current_->*counts)[Der(bytes.begin(), bytes.end())];
  }

  Counts parsed{}, hashed{};

 private:
  static void set_current(WorkCounter* counter) {
    const std::lock_guard lock(mutex_);
    current_ = counter;
  }

  inline static std::mutex mutex_;
  inline static WorkCounter* current_ = nullptr;
};

}  // namespace

crypto::Sha256Digest wrap_sha256(Bytes data) {
  WorkCounter::count(&WorkCounter::hashed, data);
  return real_sha256(data);
}

Result<CertificateView> wrap_parse(Bytes input) {
  WorkCounter::count(&WorkCounter::parsed, input);
  return real_parse(input);
}

Error wrap_parse_into(Bytes input, CertificateView& view) {
  WorkCounter::count(&WorkCounter::parsed, input);
  return real_parse_into(input, view);
}

Result<Certificate> wrap_from_der(Bytes der) {
  WorkCounter::count(&WorkCounter::parsed, der);
  return real_from_der(der);
}

namespace scan {
namespace {

// All there are, and those of which a digest is made twice over.
constexpr const char* kFields[] = {
    "subject,common_name,names,issuer,serial,not_before,not_after,validity_days,days_left,key_type,"
    "key_bits,curve,spki_pin,signature_algorithm,sha1,is_ca,self_issued,key_usage,ext_key_usage,"
    "policies,must_staple,scts,findings",
    "spki_pin,sha1",
};

std::vector<NamedSink> one_of_each_kind(const Scratch& scratch) {
  std::vector<NamedSink> sinks;
  for (const char* const fields : kFields) {
    for (const char* const ending : {"jsonl", "csv", "db", "txt"}) {
      const std::string name = std::to_string(sinks.size()) + "." + ending;
      const OutputOptions options{.format = {}, .fields = Fields(fields)};
      sinks.push_back({name, open_sink(scratch / name, options)});
    }
  }
  for (const char* const name : {"store.jsonl", "store.pem"}) {
    sinks.push_back({name, open_certificate_store(scratch / name)});
  }
  return sinks;
}

TEST(WriterCost, EachCertificateIsParsedAndHashedOncePerRecord) {
  const Scratch scratch;
  Record record = test::verified_record(0);
  const Der leaf = record.chain.front();
  const Der root = record.verified_chain.back();
  const auto certificate = Certificate::from_der(leaf);
  const Bytes key = certificate->view().subject_public_key_info().der;
  const std::vector<Record> both = {record, test::verified_record(0)};

  RecordWriter writer(one_of_each_kind(scratch));
  writer.start();
  writer.take(0);
  const WorkCounter counter;
  writer.push(both);
  writer.close(true);
  EXPECT_EQ(counter.hashed,
            (WorkCounter::Counts{{leaf, 2}, {root, 2}, {Der(key.begin(), key.end()), 2}}));
  // What the stores have already is not parsed, unless it is the peer's own.
  EXPECT_EQ(counter.parsed, (WorkCounter::Counts{{leaf, 2}, {root, 1}}));
}

TEST(WriterCost, BytesThatAreNoCertificateAreParsedOnceToo) {
  const Scratch scratch;
  RecordWriter writer(one_of_each_kind(scratch));
  writer.start();
  writer.take(0);
  const Der garbage{0x30, 0x03, 0x02, 0x01};
  Record record = test::scan_record(0);
  record.chain = {garbage, garbage};
  const WorkCounter counter;
  writer.push({record});
  writer.close(true);
  EXPECT_EQ(counter.hashed, (WorkCounter::Counts{{garbage, 2}})) << "two certificates of the chain";
  EXPECT_EQ(counter.parsed, (WorkCounter::Counts{{garbage, 2}}));
}

// Lines for people say nothing of digests.
TEST(WriterCost, WhatNoSinkAsksForIsNotDone) {
  const Scratch scratch;
  std::vector<NamedSink> sinks;
  sinks.push_back({"a.txt", open_sink(scratch / "a.txt")});
  RecordWriter writer(std::move(sinks));
  writer.start();
  writer.take(0);
  const Record record = test::verified_record(0);
  const WorkCounter counter;
  writer.push({record});
  writer.close(true);
  EXPECT_EQ(counter.hashed, WorkCounter::Counts());
  EXPECT_EQ(counter.parsed, (WorkCounter::Counts{{record.chain.front(), 1}}));
}

}  // namespace
}  // namespace scan
}  // namespace peercert
