// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>
#include <malloc.h>

#include <peercert/decode/decode_files.hpp>
#include <peercert/render/python_repr.hpp>
#include <peercert/x509/pem.hpp>

#include "support/certificate_builder.hpp"
#include "support/scratch.hpp"

namespace peercert::decode {
namespace {

constexpr std::size_t kNumMany = 5000;  // of certificates: over three batches

test::Octets numbered(std::size_t number) {
  const std::string name = std::string(200, 'n') + std::to_string(number);
  return test::CertificateBuilder{.subject = test::common_name(name)}.build();
}

std::string many_certificates() {
  std::string all;
  for (std::size_t i = 1; i <= kNumMany; ++i) all += to_pem(numbered(i));
  return all;
}

/// "number" and the certificate's own, or the error.
std::vector<std::string> decode_all(const FileOptions& options) {
  std::vector<std::string> texts;
  decode_files(options, [&](const DecodedCertificate& item) {
    const std::string number = std::to_string(item.number) + ": ";
    if (!item.dict) return texts.push_back(number + item.error);
    const std::string dict = to_python_repr(*item.dict);
    const std::size_t begin = dict.find_last_of('n', dict.find("'),),)")) + 1;
    texts.push_back(number + dict.substr(begin, dict.find('\'', begin) - begin));
  });
  return texts;
}

TEST(DecodeFilesTest, GivesEachCertificateInTheOrderOfTheInput) {
  const Scratch scratch;
  const std::string many = scratch.write("many", many_certificates());
  std::vector<std::string> expected;
  for (std::size_t i = 0; i < 2 * kNumMany; ++i) {
    const std::string number = std::to_string(i % kNumMany + 1);
    expected.push_back(number + ": " + number);
  }
  for (const unsigned jobs : {0U, 1U, 2U, 7U}) {
    EXPECT_EQ(decode_all({.files = {many, many}, .jobs = jobs}), expected) << jobs;
  }
}

TEST(DecodeFilesTest, ErrorsStandInTheirPlaceAndHideNothing) {
  const Scratch scratch;
  const std::string one = to_pem(numbered(1));
  const std::string two = to_pem(numbered(2));
  const std::string bad = to_pem(test::hex("30 03 02 01 05"));
  const std::string mixed = scratch.write("mixed", one + bad + two);
  const std::string alone = scratch.write("alone", two);
  EXPECT_EQ(decode_all({.files = {scratch / "missing", mixed, scratch / "", alone}}),
            (std::vector<std::string>{"0: No such file or directory", "1: 1",
                                      "2: tbsCertificate: unexpected type at byte 2", "3: 2",
                                      "0: Is a directory", "0: 2"}));
}

// 10,000 frames, none of which is a certificate.
TEST(DecodeFilesTest, AHostileFileGivesEachOfItsErrors) {
  const Scratch scratch;
  std::string hostile;
  for (int i = 0; i < 10'000; ++i) {
    hostile += "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n";
  }
  const std::vector<std::string> texts = decode_all({.files = {scratch.write("bad", hostile)}});
  ASSERT_EQ(texts.size(), 10'000U);
  EXPECT_EQ(texts[9'999], "10000: PEM: malformed base64 at byte " +
                              std::to_string(hostile.size() / 10'000 * 9'999 + 28));
}

/// What the program has from malloc(). Sanitizers say 0.
std::size_t memory_in_use() {
  const struct mallinfo2 info = ::mallinfo2();
  return info.uordblks + info.hblkhd;
}

// A batch has two large ones, of which the second has another place in each.
TEST(DecodeFilesTest, LargeCertificatesDoNotStayInMemory) {
  constexpr std::size_t kMaxMemory = std::size_t{10} << 20;
  constexpr std::size_t kNumLarge = 120;
  const Scratch scratch;
  const std::string small = "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n";
  std::string hostile;
  for (std::size_t i = 0; i < kNumLarge; ++i) {
    for (std::size_t j = 0; j < 3 * i; ++j) hostile += small;
    hostile += to_pem(test::Octets(300'000));
  }
  const std::string name = scratch.write("hostile", hostile);
  const std::size_t before = memory_in_use();
  std::size_t most = before;
  decode_files({.files = {name}, .jobs = 1},
               [&](const DecodedCertificate&) { most = std::max(most, memory_in_use()); });
  EXPECT_LT(most - before, kMaxMemory);
}

TEST(DecodeFilesTest, TheFormCanBeTold) {
  const Scratch scratch;
  const std::string pem = scratch.write("pem", to_pem(numbered(1)));
  const std::string error = "0: not a certificate at byte 0";
  EXPECT_EQ(decode_all({.files = {pem}, .form = InputForm::der}), std::vector<std::string>{error});
}

TEST(DecodeFilesTest, AnExceptionOfTheVisitorEndsIt) {
  const Scratch scratch;
  const std::string many = scratch.write("many", many_certificates());
  for (const unsigned jobs : {1U, 3U}) {
    std::size_t count = 0;
    const auto visit = [&](const DecodedCertificate&) {
      if (++count == 2000) throw std::runtime_error("enough");
    };
    try {
      decode_files({.files = {many}, .jobs = jobs}, visit);
      FAIL();
    } catch (const std::runtime_error& error) {
      EXPECT_STREQ(error.what(), "enough");
    }
    EXPECT_EQ(count, 2000U);
  }
}

/// A worker made of functions.
struct Worker : BatchWorker {
  std::function<void(const Batch&)> on_work = [](const Batch&) {};
  std::function<void(const Batch&)> on_deliver = [](const Batch&) {};
  void work(const Batch& batch) override { on_work(batch); }
  void deliver(const Batch& batch) override { on_deliver(batch); }
};

// The work on a batch ends only after that on another has begun.
TEST(DecodeBatchesTest, WorksOnSeveralBatchesAtTheSameTime) {
  constexpr std::chrono::minutes kPatience{1};
  const Scratch scratch;
  const std::string many = scratch.write("many", many_certificates());
  std::mutex mutex;
  std::condition_variable has_begun;
  int num_begun = 0;
  bool have_met = true;
  decode_batches({.files = {many}, .jobs = 2}, [&] {
    auto worker = std::make_unique<Worker>();
    worker->on_work = [&](const Batch&) {
      std::unique_lock lock(mutex);
      ++num_begun;
      has_begun.notify_all();
      have_met &= has_begun.wait_for(lock, kPatience, [&] { return num_begun >= 2; });
    };
    return worker;
  });
  EXPECT_TRUE(have_met);
}

TEST(DecodeBatchesTest, DeliversOneBatchAtATimeInOrder) {
  const Scratch scratch;
  const std::string many = scratch.write("many", many_certificates());
  std::atomic<int> num_inside = 0;
  std::uint64_t next_number = 1;
  decode_batches({.files = {many}, .jobs = 4}, [&] {
    auto worker = std::make_unique<Worker>();
    worker->on_deliver = [&](const Batch& batch) {
      EXPECT_EQ(++num_inside, 1);
      EXPECT_EQ(batch.first_number, next_number);
      next_number += batch.frames.size();
      --num_inside;
    };
    return worker;
  });
  EXPECT_EQ(next_number, kNumMany + 1);
}

TEST(DecodeBatchesTest, AnExceptionInAnyThreadIsThrown) {
  const Scratch scratch;
  const std::string many = scratch.write("many", many_certificates());
  const FileOptions options{.files = {many}, .jobs = 3};
  const auto fail = [](const Batch& batch) {
    if (batch.first_number > 1) throw std::runtime_error("no");
  };
  EXPECT_THROW(decode_batches(options,
                              [&] {
                                auto worker = std::make_unique<Worker>();
                                worker->on_work = fail;
                                return worker;
                              }),
               std::runtime_error);
  std::atomic<int> num_made = 0;
  EXPECT_THROW(decode_batches(options,
                              [&]() -> std::unique_ptr<BatchWorker> {
                                if (++num_made == 2) throw std::runtime_error("no");
                                return std::make_unique<Worker>();
                              }),
               std::runtime_error);
}

}  // namespace
}  // namespace peercert::decode
