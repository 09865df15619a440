// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <peercert/x509/ber.hpp>

#include "support/certificate_builder.hpp"

namespace peercert {
namespace {

using test::CertificateBuilder;
using test::concat;
using test::hex;
using test::Octets;
using test::tlv;

Octets rewrite_unique_ids(std::string_view unique_ids) {
  return rewrite_ber(CertificateBuilder{.unique_ids = hex(unique_ids)}.build());
}

Octets with_unique_ids(std::string_view unique_ids) {
  return CertificateBuilder{.unique_ids = hex(unique_ids)}.build();
}

Octets with_extension(std::string_view id, const Octets& value) {
  return CertificateBuilder{.extensions = test::extension(id, value)}.build();
}

TEST(RewriteBerTest, GivesDerAsItIs) {
  const Octets certificate = with_unique_ids("81 02 00 aa");
  EXPECT_EQ(rewrite_ber(certificate), certificate);
  EXPECT_EQ(rewrite_ber(concat(certificate, hex("00 00"))), certificate);
}

TEST(RewriteBerTest, LengthsBecomeDefiniteAndMinimal) {
  const Octets fields = concat(CertificateBuilder().tbs_certificate(),
                               test::algorithm("1.3.101.112"), tlv(der::kBitString, Octets(65)));
  const Octets indefinite = concat(hex("30 80"), fields, hex("00 00"));
  EXPECT_EQ(rewrite_ber(indefinite), CertificateBuilder().build());
}

TEST(RewriteBerTest, SegmentsBecomeOneString) {
  const Octets whole = with_unique_ids("81 02 00 aa");
  EXPECT_EQ(rewrite_unique_ids("a1 06 03 01 00 03 01 aa"), whole);
  EXPECT_EQ(rewrite_unique_ids("a1 80 03 01 00 24 80 04 01 aa 00 00 00 00"), whole);
  EXPECT_EQ(rewrite_unique_ids("bf 01 80 03 02 00 aa 00 00"), whole);
}

TEST(RewriteBerTest, RewritesInsideTheExtensionsThatAreRead) {
  EXPECT_EQ(rewrite_ber(with_extension(test::kSubjectAltName, hex("30 80 a2 03 04 01 61 00 00"))),
            with_extension(test::kSubjectAltName, hex("30 03 82 01 61")));
  const Octets other = with_extension("2.5.29.14", hex("30 80 00 00"));
  EXPECT_EQ(rewrite_ber(other), other);
}

TEST(RewriteBerTest, ANameListDoesNotNeedTheConstructedBit) {
  // [0] fullName and [2] cRLIssuer, primitive, with a URI in segments.
  EXPECT_EQ(rewrite_ber(
                with_extension(test::kCrlDistributionPoints,
                               hex("30 12 30 10 a0 07 80 05 a6 03 04 01 72 82 05 a6 03 04 01 69"))),
            with_extension(test::kCrlDistributionPoints,
                           hex("30 0e 30 0c a0 05 80 03 86 01 72 82 03 86 01 69")));
}

// No string type has such a number; its identifier takes two octets or more.
TEST(RewriteBerTest, ATagNumberOver30IsNoString) {
  EXPECT_EQ(rewrite_unique_ids("3f 1f 80 0c 01 61 00 00"), with_unique_ids("3f 1f 03 0c 01 61"));
}

TEST(RewriteBerTest, KeepsWhatItCannotRead) {
  const Octets cut = hex("30 80 02 01");
  EXPECT_EQ(rewrite_ber(cut), cut);
  const Octets deep = with_unique_ids("a1 0c 23 0a 23 08 23 06 23 04 23 02 23 00");
  EXPECT_EQ(rewrite_ber(deep), deep);
}

}  // namespace
}  // namespace peercert
