// SPDX-License-Identifier: Apache-2.0
#include "tls/certificate_message.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "support/certificate_builder.hpp"

namespace peercert::tls {
namespace {

using test::concat;
using test::hex;
using test::Octets;

CertificateMessage read(const Octets& message, bool is_tls13) {
  return read_certificate_message(message, is_tls13);
}

std::vector<Octets> entries_of(const CertificateMessage& message) {
  std::vector<Octets> entries;
  for (const Bytes entry : message.certificates) entries.emplace_back(entry.begin(), entry.end());
  return entries;
}

TEST(CertificateMessage, OfTls12) {
  const Octets message = hex("0b00000c 000009 000002aabb 000001cc");
  const CertificateMessage read = read_certificate_message(message, false);
  EXPECT_EQ(read.num_sent, 2U);
  EXPECT_EQ(entries_of(read), (std::vector{hex("aabb"), hex("cc")}));
}

TEST(CertificateMessage, OfTls13HasAContextAndExtensions) {
  const Octets message = hex("0b000015 01ff 000010 000002aabb 0003dddddd 000001cc 0000");
  const CertificateMessage read = read_certificate_message(message, true);
  EXPECT_EQ(read.num_sent, 2U);
  EXPECT_EQ(entries_of(read), (std::vector{hex("aabb"), hex("cc")}));
}

TEST(CertificateMessage, EndsWhereItIsCutOff) {
  const Octets tls12 = hex("0b00000c 000009 000002aabb 000001cc");
  const Octets tls13 = hex("0b000014 00 000010 000002aabb 0003dddddd 000001cc 0000");
  for (const bool is_tls13 : {false, true}) {
    const Octets& whole = is_tls13 ? tls13 : tls12;
    for (std::size_t len = 0; len < whole.size(); ++len) {
      const Octets cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(len));
      EXPECT_EQ(read(cut, is_tls13).num_sent, 0U) << len;  // the list itself is not whole
    }
  }
  EXPECT_EQ(read(hex("0b00000c 000008 000002aabb 000002cc"), false).num_sent, 1U);
  EXPECT_EQ(read(hex("0b000000 00 00000c 000002aabb 0003dddddd 0000"), true).num_sent, 1U);
  EXPECT_EQ(read(hex("0b000000 00 000009 000002aabb 0003dddd"), true).num_sent, 0U);
}

TEST(CertificateMessage, KeepsSoManyAndCountsAll) {
  for (const std::size_t num_sent : {kMaxCertificates, kMaxCertificates + 1, std::size_t{9000}}) {
    Octets list;
    for (std::size_t i = 0; i < num_sent; ++i) {
      list.insert(list.end(),
                  {0, 0, 2, static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i)});
    }
    const Octets length = {static_cast<std::uint8_t>(list.size() >> 16),
                           static_cast<std::uint8_t>(list.size() >> 8),
                           static_cast<std::uint8_t>(list.size())};
    const Octets message = concat(hex("0b000000"), length, list);
    const CertificateMessage read = read_certificate_message(message, false);
    EXPECT_EQ(read.num_sent, num_sent);
    ASSERT_EQ(read.certificates.size(), kMaxCertificates);
    EXPECT_EQ(read.certificates.back()[1], kMaxCertificates - 1);
  }
}

TEST(CertificateMessage, AnEntryIsACertificateIfItCanBeRead) {
  const Octets certificate = test::CertificateBuilder().build();
  EXPECT_TRUE(is_certificate(certificate));
  EXPECT_FALSE(is_certificate({}));
  EXPECT_FALSE(is_certificate(hex("3000")));
  Octets cut = certificate;
  cut.pop_back();
  EXPECT_FALSE(is_certificate(cut));
}

// BER of an indefinite length, X.690, 8.1.3.6, which OpenSSL reads as well.
TEST(CertificateMessage, AnEntryMayBeBer) {
  const Octets certificate = test::CertificateBuilder().build();
  const std::size_t header_len = certificate[1] < 0x80 ? 2 : 2 + (certificate[1] & 0x7f);
  const Octets content(certificate.begin() + static_cast<std::ptrdiff_t>(header_len),
                       certificate.end());
  const Octets ber = concat(hex("3080"), content, hex("0000"));
  EXPECT_TRUE(is_certificate(ber));
  EXPECT_FALSE(is_certificate(concat(hex("3080"), content)));
}

}  // namespace
}  // namespace peercert::tls
