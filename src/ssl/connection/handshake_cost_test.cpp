// SPDX-License-Identifier: Apache-2.0
#include "ssl/connection/handshake_cost.hpp"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "support/costly_keys.hpp"
#include "support/der_writer.hpp"

namespace peercert::ssl {
namespace {

using test::concat;
using test::hex;
using test::Octets;

/// ServerKeyExchange whose prime has these bytes.
Octets dh_message(const Octets& prime) {
  const Octets length = {static_cast<std::uint8_t>(prime.size() >> 8),
                         static_cast<std::uint8_t>(prime.size())};
  return concat(hex("0c000000"), length, prime, hex("000102 000103"));
}

Octets number(std::size_t num_bits) {
  Octets octets((num_bits + 7) / 8, 0xff);
  octets.front() = static_cast<std::uint8_t>(0xff >> (octets.size() * 8 - num_bits));
  return octets;
}

TEST(HandshakeCost, OfADhGroupIsThatOfItsPrime) {
  EXPECT_FALSE(cost_of_dh(dh_message(number(kMaxDhBits))));
  EXPECT_FALSE(cost_of_dh(dh_message(concat(hex("0000"), number(kMaxDhBits)))));
  for (const std::size_t bits : {kMaxDhBits + 1, std::size_t{10'000}, std::size_t{16'384}}) {
    const ExcessiveCost cost = cost_of_dh(dh_message(number(bits)));
    EXPECT_EQ(cost.kind, CostKind::dh_group);
    EXPECT_EQ(cost.size, bits);
  }
  EXPECT_FALSE(cost_of_dh({}));
  EXPECT_FALSE(cost_of_dh(hex("0c000000 0000")));
  EXPECT_FALSE(cost_of_dh(hex("0c000000 ffff ff")));  // cut off
}

ExcessiveCost cost_of(const EvpPkeyPtr& key) {
  const X509Ptr certificate(X509_new());
  X509_set_pubkey(certificate.get(), key.get());
  return cost_of_key(certificate.get());
}

TEST(HandshakeCost, OfAKeyIsThatOfItsModulusAndExponent) {
  using test::rsa_key_of;
  EXPECT_FALSE(cost_of_key(X509Ptr(X509_new()).get()));
  EXPECT_FALSE(cost_of(rsa_key_of(kMaxKeyBits, kMaxRsaExponentBits)));
  const ExcessiveCost large = cost_of(rsa_key_of(kMaxKeyBits + 1, 17));
  EXPECT_EQ(large.kind, CostKind::key);
  EXPECT_EQ(large.size, kMaxKeyBits + 1);
  EXPECT_EQ(cost_of(test::dsa_key_of(kMaxKeyBits + 1)).kind, CostKind::key);
  EXPECT_FALSE(cost_of(EvpPkeyPtr(EVP_EC_gen("P-521"))));
}

TEST(HandshakeCost, OfAnExponentIsSeenBesideAnyModulus) {
  for (const char* type : {"RSA", "RSA-PSS"}) {
    for (const std::size_t bits : {512U, 1015U, 1016U, 1017U, 1024U, 2040U, 2047U, 2048U, 3072U}) {
      EXPECT_FALSE(cost_of(test::rsa_key_of(bits, kMaxRsaExponentBits, type))) << bits;
      const ExcessiveCost odd = cost_of(test::rsa_key_of(bits, kMaxRsaExponentBits + 1, type));
      EXPECT_EQ(odd.kind, CostKind::rsa_exponent) << type << bits;
      EXPECT_EQ(odd.size, kMaxRsaExponentBits + 1);
    }
  }
}

TEST(HandshakeCost, OfCertificatesIsTheirNumberAndWhatTheirCurvesAre) {
  tls::CertificateMessage entries;
  entries.num_sent = tls::kMaxCertificates;
  EXPECT_FALSE(cost_of_certificates(hex("0b"), entries));
  entries.num_sent = tls::kMaxCertificates + 1;
  const ExcessiveCost many = cost_of_certificates(hex("0b"), entries);
  EXPECT_EQ(many.kind, CostKind::certificates);
  EXPECT_EQ(many.size, tls::kMaxCertificates + 1);
  entries.num_sent = 1;
  for (const char* field : {"2a8648ce3d0101", "2a8648ce3d0102"}) {
    EXPECT_EQ(cost_of_certificates(hex("ff" + std::string(field)), entries).kind,
              CostKind::explicit_curve);
  }
}

TEST(HandshakeCost, IsSaidWithItsLimit) {
  EXPECT_EQ(to_string(ExcessiveCost{}), "");
  EXPECT_EQ(to_string(ExcessiveCost{CostKind::dh_group, 10'000}),
            "the DHE group has 10000 bits; a scan takes at most 4096");
  EXPECT_EQ(to_string(ExcessiveCost{CostKind::key, 16'384}),
            "the key of a certificate has 16384 bits; a scan takes at most 8192");
  EXPECT_EQ(to_string(ExcessiveCost{CostKind::rsa_exponent, 3072}),
            "the RSA exponent of a certificate has 3072 bits; a scan takes at most 64");
  EXPECT_EQ(to_string(ExcessiveCost{CostKind::certificates, 9000}),
            "the server sent 9000 certificates; a scan takes at most 100");
  EXPECT_EQ(to_string(ExcessiveCost{CostKind::explicit_curve}),
            "a certificate has an EC key with explicit curve parameters (RFC 5480, 2.1.1), which a "
            "scan does not take");
}

}  // namespace
}  // namespace peercert::ssl
