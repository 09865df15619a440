// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <peercert/x509/ber.hpp>
#include <peercert/x509/certificate.hpp>

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

// All of these are the empty string with the reserved tag 0, which is no end-of-contents.
TEST(RewriteBerTest, AnEmptyStringOfTag0StaysAnElement) {
  const auto with_parameters = [](std::string_view parameters) {
    const Octets algorithm = test::sequence(test::oid("1.3.101.112"), hex(parameters));
    return CertificateBuilder{.signature = algorithm,
                              .public_key = test::key_info(algorithm, Octets(32)),
                              .signature_algorithm = algorithm}
        .build();
  };
  for (const char* parameters : {"20 00", "20 80 00 00", "20 02 05 00", "20 04 20 02 04 00"}) {
    const Octets certificate = with_parameters(parameters);
    EXPECT_EQ(rewrite_ber(certificate), with_parameters("00 81 00")) << parameters;
    EXPECT_TRUE(Certificate::from_der(certificate)) << parameters;
  }
  const Octets rewritten = with_parameters("00 81 00");
  EXPECT_TRUE(CertificateView::parse(rewritten));
  EXPECT_EQ(Certificate::from_der(with_parameters("00 00")).error().code, Errc::unexpected_end);
}

// No string type has such a number; its identifier takes two octets or more.
TEST(RewriteBerTest, ATagNumberOver30IsNoString) {
  EXPECT_EQ(rewrite_unique_ids("3f 1f 80 0c 01 61 00 00"), with_unique_ids("3f 1f 03 0c 01 61"));
}

// `depth` SEQUENCEs, each in the one before; the outermost has an indefinite length, and so has the
// innermost if it is told to.
Octets nested_sequences(int depth, bool is_innermost_indefinite) {
  Octets reversed = hex(is_innermost_indefinite ? "00 00 80 30" : "00 30");
  for (int i = 2; i < depth; ++i) {
    std::size_t len = reversed.size();
    const std::size_t num_octets = len < 0x80 ? 0 : len < 0x100 ? 1 : len < 0x10000 ? 2 : 3;
    for (std::size_t k = 0; k < num_octets; ++k) {
      reversed.push_back(static_cast<std::uint8_t>(len >> (8 * k)));
    }
    reversed.push_back(static_cast<std::uint8_t>(num_octets == 0 ? len : 0x80 | num_octets));
    reversed.push_back(der::kSequence);
  }
  return concat(hex("30 80"), Octets(reversed.rbegin(), reversed.rend()), hex("00 00"));
}

TEST(RewriteBerTest, LooksAsDeepAsTheParserNeeds) {
  constexpr int kDepth = 17;
  EXPECT_EQ(rewrite_ber(nested_sequences(kDepth, true)).size(), kDepth * 2);
  // The elements around it have definite lengths; it is copied with the indefinite one inside.
  const Octets deeper = rewrite_ber(nested_sequences(kDepth + 1, true));
  EXPECT_EQ(deeper.size(), kDepth * 2 + 4);
}

TEST(RewriteBerTest, ADeepNestOfSequencesDoesNotExhaustTheStack) {
  const Octets deep = nested_sequences(300'000, false);
  const Octets rewritten = rewrite_ber(deep);
  EXPECT_EQ(rewritten, tlv(der::kSequence, Octets(deep.begin() + 2, deep.end() - 2)));
}

TEST(RewriteBerTest, KeepsWhatItCannotRead) {
  const Octets cut = hex("30 80 02 01");
  EXPECT_EQ(rewrite_ber(cut), cut);
  const Octets deep = with_unique_ids("a1 0c 23 0a 23 08 23 06 23 04 23 02 23 00");
  EXPECT_EQ(rewrite_ber(deep), deep);
}

}  // namespace
}  // namespace peercert
