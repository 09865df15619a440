// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gtest/gtest.h>

#include <peercert/crypto/fingerprint.hpp>
#include <peercert/x509/certificate.hpp>

#include "support/testdata.hpp"

namespace peercert::crypto {
namespace {

std::string digits(Bytes octets) {
  std::string out;
  for (const std::uint8_t octet : octets) {
    out += "0123456789ABCDEF"[octet >> 4];
    out += "0123456789ABCDEF"[octet & 15];
  }
  return out;
}

// openssl x509 -in every_key.pem -noout -fingerprint -sha1, and -sha256
TEST(FingerprintTest, IsWhatOpensslShows) {
  const Der der = test::read_certificate("every_key.pem");
  EXPECT_EQ(digits(sha1(der)), "1169187AB7602B6104B29C1256145B5F821B79F6");
  EXPECT_EQ(digits(sha256(der)),
            "B1CF6C81AE6B114CEF778151F4B1C4939E27FEB966430A2E6B5976C0F23CD5DC");
}

// openssl x509 -in every_key.pem -noout -pubkey | openssl pkey -pubin -outform der |
//   openssl dgst -sha256 -binary | openssl base64
TEST(FingerprintTest, PinIsBase64OfTheKeysDigest) {
  const Der der = test::read_certificate("every_key.pem");
  const auto certificate = CertificateView::parse(der);
  ASSERT_TRUE(certificate);
  EXPECT_EQ(spki_pin(certificate->subject_public_key_info()),
            "/ylzct346iF8BIpTydXC+mbqQEC6YAChCpRL2WVgEDk=");
}

TEST(FingerprintTest, OfNothing) {
  EXPECT_EQ(digits(sha1({})), "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709");
  EXPECT_EQ(digits(sha256({})), "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855");
}

}  // namespace
}  // namespace peercert::crypto
