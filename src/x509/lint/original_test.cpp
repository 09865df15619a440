// SPDX-License-Identifier: Apache-2.0
#include "x509/lint/original.hpp"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include <peercert/der/distinguished.hpp>
#include <peercert/x509/findings.hpp>

#include "support/certificate_builder.hpp"

namespace peercert {
namespace {

using test::CertificateBuilder;
using test::concat;
using test::hex;
using test::Octets;
using test::tlv;

std::size_t offset_of(const Octets& octets, const Octets& part) {
  const auto found = std::search(octets.begin(), octets.end(), part.begin(), part.end());
  EXPECT_NE(found, octets.end());
  return static_cast<std::size_t>(found - octets.begin());
}

TEST(OriginalTest, OffsetsBehindAndInsideWhatWasRewritten) {
  const Octets original = hex("30 80 24 05 04 01 aa 04 00 05 00 00 00");
  const Octets rewritten = hex("30 05 04 01 aa 05 00");
  EXPECT_EQ(original_offset(rewritten, original, 0), 0U);
  EXPECT_EQ(original_offset(rewritten, original, 2), 2U);
  EXPECT_EQ(original_offset(rewritten, original, 4), 2U);  // somewhere in the string
  EXPECT_EQ(original_offset(rewritten, original, 5), 9U);
  EXPECT_EQ(original_offset(rewritten, original, 6), 9U);  // its header
}

TEST(OriginalTest, TheSameOctetsHaveTheSameOffsets) {
  const Octets der = CertificateBuilder{}.build();
  const std::size_t header_len = der[1] == 0x81 ? 3 : 4;
  EXPECT_EQ(original_offset(der, der, 0), 0U);
  for (std::size_t i = header_len; i < der.size(); ++i) EXPECT_EQ(original_offset(der, der, i), i);
}

TEST(OriginalTest, LooksAsDeepAsTheRulesOfX690Do) {
  const auto nested = [](std::string_view begin, std::string_view end) {
    Octets octets = hex("05 00");
    for (std::size_t i = 0; i < 2 * der::kMaxDerDepth; ++i) {
      octets = begin.empty() ? tlv(der::kSequence, octets) : concat(hex(begin), octets, hex(end));
    }
    return octets;
  };
  const Octets rewritten = nested("", "");
  const std::size_t offset =
      original_offset(rewritten, nested("30 80", "00 00"), rewritten.size() - 1);
  EXPECT_EQ(offset, 2 * (der::kMaxDerDepth - 1));  // where the innermost that it knows begins
}

// Findings of both kinds, in the octets that were given and in what they became.
TEST(OriginalTest, FindingsCountInTheOctetsThatWereGiven) {
  const Octets bad_name = test::common_name(std::string(65, 'a'));
  const Octets der = CertificateBuilder{.serial_number = tlv(der::kInteger, Octets(16, 0x12)),
                                        .issuer = bad_name,
                                        .extensions = test::subject_alt_name(
                                            test::dns_name("a.example"), test::dns_name("b c"))}
                         .build();
  // The certificate's own length becomes indefinite.
  const Bytes content = Bytes(der).subspan(4);
  const Octets ber = concat(hex("30 80"), content, hex("00 00"));
  const auto certificate = Certificate::from_der(ber);
  ASSERT_TRUE(certificate) << to_string(certificate.error());
  ASSERT_TRUE(certificate->view().is_rewritten());
  std::string text;
  for (const Finding& finding : find_defects(certificate->view(), ber)) {
    text.append(name_of(finding.code)).append("@").append(std::to_string(finding.offset)) += ' ';
  }
  const std::size_t attribute = offset_of(ber, hex("30 48 06 03 55 04 03"));
  const std::size_t extensions = offset_of(ber, hex("06 03 55 1d 11")) - 6;
  const std::size_t name = offset_of(ber, hex("82 03 62 20 63"));
  EXPECT_EQ(text, "indefinite_length@0 attribute_length@" + std::to_string(attribute) +
                      " no_authority_key_identifier@" + std::to_string(extensions) +
                      " bad_dns_name@" + std::to_string(name) + " ");
}

TEST(OriginalTest, SegmentsUnderImplicitTagsAreFound) {
  const Octets segments = hex("a2 80 04 02 61 2e 04 01 62 00 00");  // [2] "a." "b"
  const Octets ber = CertificateBuilder{.extensions = test::subject_alt_name(segments)}.build();
  const auto certificate = Certificate::from_der(ber);
  ASSERT_TRUE(certificate) << to_string(certificate.error());
  Findings found;
  find_segmented_strings(certificate->der(), ber, found);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found.begin()->code, FindingCode::constructed_string);
  EXPECT_EQ(found.begin()->offset, offset_of(ber, segments));
}

}  // namespace
}  // namespace peercert
