// SPDX-License-Identifier: Apache-2.0
#include "decode/certificate_source.hpp"

#include <algorithm>
#include <string>
#include <system_error>

#include <gtest/gtest.h>
#include <unistd.h>

#include <peercert/x509/pem.hpp>

#include "support/certificate_builder.hpp"
#include "support/scratch.hpp"

namespace peercert::decode {
namespace {

std::string as_string(const test::Octets& octets) { return {octets.begin(), octets.end()}; }

/// With a long length, as those that are looked for.
std::string der_text(std::size_t name_len = 40) {
  return as_string(
      test::CertificateBuilder{.subject = test::common_name(std::string(name_len, 'n'))}.build());
}

std::string repeat(const std::string& text, std::size_t count) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) all += text;
  return all;
}

std::vector<Batch> batches_of(const std::string& name, InputForm form = InputForm::detected) {
  CertificateSource source(name, form);
  std::vector<Batch> batches;
  for (Batch batch; source.next(batch);) batches.push_back(batch);
  return batches;
}

TEST(CertificateSourceTest, CountsOverTheFile) {
  const Scratch scratch;
  const std::string one = der_text();
  for (const std::string& each : {one, to_pem(test::octets(one))}) {
    const std::size_t count = (std::size_t{3} << 20) / each.size();
    const std::vector<Batch> batches = batches_of(scratch.write("many", repeat(each, count)));
    ASSERT_GE(batches.size(), 3U);
    std::uint64_t number = 1;
    std::uint64_t end = 0;
    for (const Batch& batch : batches) {
      EXPECT_EQ(batch.first_number, number);
      EXPECT_EQ(batch.has_more, &batch != &batches.back());
      EXPECT_EQ(batch.failure, "");
      for (const Frame& frame : batch.frames) {
        EXPECT_EQ(batch.offset + frame.begin, (number++ - 1) * each.size());
        EXPECT_EQ(frame.error, FrameError::none);
      }
      end += batch.num_bytes;
    }
    EXPECT_EQ(number, count + 1);
    EXPECT_EQ(end, count * each.size());
  }
}

TEST(CertificateSourceTest, SaysWhetherACertificateIsAlone) {
  const Scratch scratch;
  const std::string one = der_text();
  EXPECT_TRUE(batches_of(scratch.write("one", one)).at(0).is_alone);
  EXPECT_FALSE(batches_of(scratch.write("two", one + one)).at(0).is_alone);
  // The second is in another batch.
  const std::string large = der_text(2 << 20);
  const std::vector<Batch> batches = batches_of(scratch.write("large", large + large));
  ASSERT_EQ(batches.size(), 2U);
  EXPECT_FALSE(batches[0].is_alone);
  EXPECT_FALSE(batches[1].is_alone);
}

TEST(CertificateSourceTest, AFileWithoutACertificateIsAFailure) {
  const Scratch scratch;
  const auto failure_of = [](const std::string& name) {
    const std::vector<Batch> batches = batches_of(name);
    EXPECT_EQ(batches.size(), 1U);
    EXPECT_EQ(batches.at(0).frames.size(), 0U);
    return batches.at(0).failure;
  };
  EXPECT_EQ(failure_of(scratch.write("empty", "")), "no data");
  EXPECT_EQ(failure_of(scratch.write("words", "just words\n")),
            "no certificate: neither PEM (no BEGIN CERTIFICATE line) nor DER");
}

TEST(CertificateSourceTest, AFileThatCannotBeOpenedThrows) {
  const Scratch scratch;
  EXPECT_THROW(CertificateSource(scratch / "missing", InputForm::detected), std::system_error);
}

// read(2) of a folder fails.
TEST(CertificateSourceTest, AFileThatCannotBeReadIsAFailure) {
  const Scratch scratch;
  const std::vector<Batch> batches = batches_of(scratch / "");
  ASSERT_EQ(batches.size(), 1U);
  EXPECT_EQ(batches[0].failure, "Is a directory");
}

// Nothing else decides how much memory a hostile file takes.
TEST(CertificateSourceTest, ABatchIsBounded) {
  constexpr std::size_t kMaxBatchLen = 2 * (kMaxFrameLen + (std::size_t{1} << 20));
  const Scratch scratch;
  const std::string one = der_text();
  const std::string unread = as_string(test::hex("30 83 ff ff fb"));  // nearly 16 MiB follow
  for (const std::string& hostile :
       {repeat(as_string(test::hex("30 00")), 2'000'000), one + repeat(one.substr(1), 20'000),
        repeat("-----BEGIN CERTIFICATE-----", 200'000), repeat(unread, 5'000'000),
        "-----BEGIN CERTIFICATE-----" + std::string(40'000'000, 'A')}) {
    bool has_frames = false;
    CertificateSource source(scratch.write("hostile", hostile), InputForm::detected);
    for (Batch batch; source.next(batch);) {
      EXPECT_LE(batch.frames.size(), kMaxFrames);
      EXPECT_LE(batch.bytes.capacity(), kMaxBatchLen);
      has_frames |= !batch.frames.empty();
    }
    EXPECT_TRUE(has_frames);
  }
}

}  // namespace
}  // namespace peercert::decode
