// SPDX-License-Identifier: Apache-2.0
#include "ssl/identity/verification_record.hpp"

#include <gtest/gtest.h>

namespace peercert::ssl {
namespace {

VerificationRecord example() {
  return {.required = true,
          .passed = true,
          .policy = {.hosts = {"a.example", "b.example"},
                     .ip = "192.0.2.1",
                     .email = "a@example.org",
                     .flags = 0x88000,
                     .host_flags = 4,
                     .check_time = -5,
                     .depth = -1,
                     .auth_level = 2,
                     .security_level = 1,
                     .purpose = 0x80000001,
                     .profile = verify::VerifyProfile::webpki,
                     .server = true,
                     .dane = true,
                     .hooks = 0x201,
                     .callbacks = 0xFFFFFFFFFFFFFFFF},
          .name = "a.example",
          .leaf = {1, 2, 3},
          .not_before = -1,
          .not_after = 4102444800,
          .errors = {{10, 3, "certificate has expired", "CN=a", true}},
          .issuers = {{4}, {5, 5}},
          .trust = {6, 7},
          .sent = std::vector<Der>{{1}, {2, 2}, {2, 2}},
          .built = std::vector<Der>{{1}, {2, 2}, {3, 3, 3}}};
}

TEST(Record, ComesBack) {
  const std::vector<std::uint8_t> octets = to_octets(example(), kMaxServerRecordLen);
  EXPECT_TRUE(is_record(octets));
  EXPECT_EQ(parse_record(octets), example());
}

TEST(Record, HoldsEachProfile) {
  using verify::VerifyProfile;
  VerificationRecord record = example();
  for (const auto profile : {VerifyProfile::openssl, VerifyProfile::webpki, VerifyProfile::cabf}) {
    record.policy.profile = profile;
    EXPECT_EQ(parse_record(to_octets(record, kMaxServerRecordLen)), record);
  }
  record.policy.profile = static_cast<VerifyProfile>(3);
  EXPECT_EQ(parse_record(to_octets(record, kMaxServerRecordLen)), std::nullopt);
}

TEST(Record, LeavesTheChainsOutIfTheyAreTooLong) {
  VerificationRecord record = example();
  const std::size_t len = to_octets(record, kMaxServerRecordLen).size();
  const std::vector<std::uint8_t> octets = to_octets(record, len - 1);
  EXPECT_LT(octets.size(), len);
  record.sent = record.built = std::nullopt;
  EXPECT_EQ(parse_record(octets), record);

  record.sent = record.built = std::vector<Der>(kMaxRecordedChain + 1, Der{1});
  EXPECT_EQ(parse_record(to_octets(record, kMaxClientRecordLen))->sent, std::nullopt);
}

TEST(Record, IsNotMadeIfItIsTooLongAnyway) {
  VerificationRecord record = example();
  EXPECT_TRUE(to_octets(record, 64).empty());
  record.policy.hosts = {std::string(0x10000, 'a')};
  EXPECT_TRUE(to_octets(record, SIZE_MAX).empty());
}

TEST(Record, CutAnywhereIsNone) {
  const std::vector<std::uint8_t> octets = to_octets(example(), kMaxServerRecordLen);
  for (std::size_t len = 0; len < octets.size(); ++len) {
    EXPECT_EQ(parse_record(Bytes(octets).first(len)), std::nullopt) << len;
  }
  std::vector<std::uint8_t> longer = octets;
  longer.push_back(0);
  EXPECT_EQ(parse_record(longer), std::nullopt);
}

// Whatever an octet is changed to, the answer is none or another record.
TEST(Record, WithAnyOtherOctetIsNotTheSame) {
  std::vector<std::uint8_t> octets = to_octets(example(), kMaxServerRecordLen);
  int refused = 0;
  for (std::uint8_t& octet : octets) {
    for (const int change : {0x01, 0x80, 0xFF}) {
      octet = static_cast<std::uint8_t>(octet ^ change);
      const auto record = parse_record(octets);
      if (!record) ++refused;
      EXPECT_NE(record, example());
      octet = static_cast<std::uint8_t>(octet ^ change);
    }
  }
  EXPECT_GT(refused, 100);
}

TEST(Record, OfAnotherVersionIsNotReadButKnown) {
  std::vector<std::uint8_t> octets = to_octets(example(), kMaxServerRecordLen);
  octets[10] = '1';
  EXPECT_TRUE(is_record(octets));
  EXPECT_EQ(parse_record(octets), std::nullopt);
  octets[0] = 'P';
  EXPECT_FALSE(is_record(octets));
  EXPECT_FALSE(is_record({}));
}

TEST(Record, HasOneFormOnly) {
  VerificationRecord record = example();
  record.sent = record.built = std::vector<Der>{{1}, {2}};
  std::vector<std::uint8_t> octets = to_octets(record, kMaxServerRecordLen);
  // The end: two certificates, and the indices 0 and 1 twice.
  constexpr std::size_t kIndicesLen = 2 * (2 + 2 * 2);
  octets[octets.size() - kIndicesLen - 1] = 1;  // the same certificate twice
  EXPECT_EQ(parse_record(octets), std::nullopt);

  record.issuers.assign(kMaxRecordedChain + 1, {1});
  EXPECT_EQ(parse_record(to_octets(record, SIZE_MAX)), std::nullopt);
  record.issuers.clear();
  record.errors.assign(kMaxRecordedErrors + 1, {10, 0, "certificate has expired", "", false});
  EXPECT_EQ(parse_record(to_octets(record, SIZE_MAX)), std::nullopt);
}

TEST(Record, CannotClaimMoreThanItHolds) {
  VerificationRecord record = example();
  record.errors.clear();
  record.policy.hosts.clear();
  record.sent = record.built = std::vector<Der>{};
  std::vector<std::uint8_t> octets = to_octets(record, kMaxServerRecordLen);
  octets[octets.size() - 1] = 0xFF;  // 255 certificates in the chain that was built
  EXPECT_EQ(parse_record(octets), std::nullopt);
}

}  // namespace
}  // namespace peercert::ssl
