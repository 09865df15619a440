// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>
#include <string>

#include <gtest/gtest.h>

#include <peercert/x509/certificate.hpp>
#include <peercert/x509/field.hpp>

#include "support/certificate_builder.hpp"
#include "support/testdata.hpp"

namespace peercert {
namespace {

using test::CertificateBuilder;
using test::concat;
using test::hex;
using test::kNoError;
using test::Octets;
using test::sequence;
using test::tlv;

std::string error_of_certificate(const Octets& der) {
  return to_string(CertificateView::parse(der).error());
}

Octets version(const char* content) {
  return tlv(der::context_constructed(0), tlv(der::kInteger, hex(content)));
}

TEST(CertificateTest, GivesEveryField) {
  const CertificateBuilder parts{
      .unique_ids = concat(tlv(der::context(1), hex("00 11")), tlv(der::context(2), hex("04 20"))),
      .extensions = test::subject_alt_name(test::dns_name("example.org")),
      .signature_algorithm = sequence(test::oid("1.2.840.113549.1.1.11"), hex("05 00")),
      .signature_value = tlv(der::kBitString, hex("00 aa"))};
  const Octets der = parts.build();
  const auto parsed = CertificateView::parse(der);
  ASSERT_TRUE(parsed) << to_string(parsed.error());
  EXPECT_EQ(parsed->der().data(), der.data());
  EXPECT_EQ(parsed->der().size(), der.size());
  EXPECT_TRUE(std::ranges::equal(parsed->tbs_certificate(), parts.tbs_certificate()));
  EXPECT_EQ(parsed->version(), 3);
  EXPECT_TRUE(std::ranges::equal(parsed->serial_number(), hex("12 34")));
  EXPECT_EQ(parsed->signature().name(), "ED25519");
  EXPECT_TRUE(parsed->signature().parameters.empty());
  EXPECT_TRUE(std::ranges::equal(parsed->issuer().content(), Bytes(parts.issuer).subspan(2)));
  EXPECT_EQ(parsed->not_before().tag, der::kUtcTime);
  EXPECT_TRUE(std::ranges::equal(parsed->not_before().content, test::octets("260101000000Z")));
  EXPECT_TRUE(std::ranges::equal(parsed->not_after().content, test::octets("270101000000Z")));
  EXPECT_TRUE(std::ranges::equal(parsed->subject().content(), Bytes(parts.subject).subspan(2)));
  EXPECT_TRUE(std::ranges::equal(parsed->subject_public_key_info().der, parts.public_key));
  EXPECT_TRUE(std::ranges::equal(parsed->issuer_unique_id(), hex("00 11")));
  EXPECT_TRUE(std::ranges::equal(parsed->subject_unique_id(), hex("04 20")));
  EXPECT_EQ(std::ranges::distance(parsed->extensions()), 1);
  EXPECT_EQ(parsed->signature_algorithm().name(), "sha256WithRSAEncryption");
  EXPECT_TRUE(std::ranges::equal(parsed->signature_algorithm().parameters, hex("05 00")));
  EXPECT_TRUE(std::ranges::equal(parsed->signature_value(), hex("00 aa")));
  EXPECT_FALSE(parsed->is_rewritten());
}

TEST(CertificateTest, OptionalFieldsMayBeAbsent) {
  const Octets der = CertificateBuilder{.version = {}}.build();
  const auto parsed = CertificateView::parse(der);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->version(), 1);
  EXPECT_TRUE(parsed->issuer_unique_id().empty());
  EXPECT_TRUE(parsed->subject_unique_id().empty());
  EXPECT_TRUE(parsed->extensions().empty());
}

TEST(CertificateTest, VersionsAreNumbersOfAnySize) {
  const auto version_of = [](const char* content) {
    const Octets der = CertificateBuilder{.version = version(content)}.build();
    return CertificateView::parse(der)->version();
  };
  EXPECT_EQ(version_of("00"), 1);
  EXPECT_EQ(version_of("01"), 2);
  EXPECT_EQ(version_of("02"), 3);
  EXPECT_EQ(version_of("7f"), 128);
  EXPECT_EQ(version_of("ff"), 0);
  EXPECT_EQ(version_of("fe"), -1);
  EXPECT_EQ(version_of("01 00"), 257);
  EXPECT_EQ(version_of("7f ff ff ff ff ff ff fe"), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(version_of("7f ff ff ff ff ff ff ff"), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(version_of("80 00 00 00 00 00 00 00"), std::numeric_limits<std::int64_t>::min() + 1);
  EXPECT_EQ(version_of("00 80 00 00 00 00 00 00 00"), 0);
  EXPECT_EQ(version_of("ff 7f ff ff ff ff ff ff ff"), 0);
}

TEST(CertificateTest, TheVersionDoesNotDecideWhichFieldsThereAre) {
  const Octets der =
      CertificateBuilder{.version = {},
                         .extensions = test::subject_alt_name(test::dns_name("example.org"))}
          .build();
  const auto parsed = CertificateView::parse(der);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->version(), 1);
  EXPECT_FALSE(parsed->extensions().empty());
}

TEST(CertificateTest, AnAlgorithmHasOneParameter) {
  const auto with_parameters = [](const char* parameters) {
    return error_of_certificate(
        CertificateBuilder{.signature_algorithm = sequence(test::oid("1.2.3"), hex(parameters))}
            .build());
  };
  EXPECT_EQ(with_parameters("05 00"), kNoError);
  EXPECT_TRUE(with_parameters("05 00 05 00").starts_with("signatureAlgorithm: more data"));
}

TEST(CertificateTest, OctetsBehindItAreNotLookedAt) {
  const Octets der = CertificateBuilder{}.build();
  const Octets input = concat(der, hex("ff ff"));
  const auto parsed = CertificateView::parse(input);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->der().size(), der.size());
}

// Every field, made wrong: the error names it.
TEST(CertificateTest, ErrorsNameTheField) {
  const Octets null = hex("05 00");
  const auto expect_field = [](const CertificateBuilder& parts, std::string_view message) {
    EXPECT_TRUE(error_of_certificate(parts.build()).starts_with(message))
        << error_of_certificate(parts.build());
  };
  expect_field({.version = version("")}, "version: malformed INTEGER");
  expect_field({.version = version("00 00")}, "version: malformed INTEGER");
  expect_field({.version = tlv(der::context_constructed(0), "")}, "version: missing");
  expect_field({.version = tlv(der::context_constructed(0), hex("02 01 02 05 00"))},
               "version: more data");
  expect_field({.version = tlv(der::context(0), hex("02 01 02"))}, "version: unexpected type");
  expect_field({.serial_number = null}, "serialNumber: unexpected type");
  expect_field({.serial_number = hex("02 02 00 01")}, "serialNumber: malformed INTEGER at byte ");
  expect_field({.signature = null}, "signature: unexpected type");
  expect_field({.issuer = null}, "issuer: unexpected type");
  expect_field({.not_before = null}, "notBefore: unexpected type");
  expect_field({.not_after = null}, "notAfter: unexpected type");
  expect_field({.not_after = {}}, "notAfter: missing");
  expect_field({.not_after = hex("17 00 05 00")}, "notAfter: more data");
  expect_field({.subject = null}, "subject: unexpected type");
  expect_field({.subject = test::common_name("\xff")}, "subject: invalid characters");
  expect_field({.public_key = null}, "subjectPublicKeyInfo: unexpected type");
  expect_field({.unique_ids = tlv(der::context(1), "")}, "issuerUniqueID: malformed BIT STRING");
  expect_field({.unique_ids = tlv(der::context(2), hex("08 00"))},
               "subjectUniqueID: malformed BIT STRING");
  expect_field({.unique_ids = null}, "tbsCertificate: more data");
  expect_field({.extensions = null}, "extensions: unexpected type");
  expect_field({.signature_algorithm = null}, "signatureAlgorithm: unexpected type");
  expect_field({.signature_value = null}, "signatureValue: unexpected type");
  expect_field({.signature_value = {}}, "signatureValue: missing");
  expect_field({.signature_value = hex("03 01 00 05 00")}, "certificate: more data");
}

TEST(CertificateTest, OffsetsCountFromTheInput) {
  EXPECT_EQ(error_of_certificate(CertificateBuilder{.serial_number = hex("02 02 00 01")}.build()),
            "serialNumber: malformed INTEGER at byte 11");
}

TEST(CertificateTest, UniqueIdsStandInOrder) {
  const Octets first = tlv(der::context(1), hex("00"));
  const Octets second = tlv(der::context(2), hex("00"));
  EXPECT_EQ(error_of_certificate(CertificateBuilder{.unique_ids = second}.build()), kNoError);
  EXPECT_NE(error_of_certificate(CertificateBuilder{.unique_ids = concat(second, first)}.build()),
            kNoError);
}

TEST(CertificateTest, RefusesWhatIsNoCertificate) {
  EXPECT_EQ(error_of_certificate({}), "certificate: no data at byte 0");
  EXPECT_EQ(error_of_certificate(hex("30")),
            "certificate: truncated: an element is longer than what holds it at byte 0");
  EXPECT_EQ(error_of_certificate(hex("31 00")), "certificate: unexpected type at byte 0");
  EXPECT_EQ(error_of_certificate(hex("30 00")), "tbsCertificate: missing at byte 2");
  EXPECT_EQ(error_of_certificate(hex("30 02 30 00")), "serialNumber: missing at byte 4");
  EXPECT_EQ(error_of_certificate(concat(test::octets("-----BEGIN CERTIFICATE-----"), Octets(100))),
            "certificate: unexpected type at byte 0");
}

TEST(CertificateTest, TheViewLeavesBerToTheRewriting) {
  EXPECT_EQ(error_of_certificate(hex("30 80 00 00")),
            "certificate: BER, not DER: indefinite length at byte 0");
  const Octets segmented = tlv(0x23, tlv(der::kBitString, hex("00 aa")));
  EXPECT_TRUE(error_of_certificate(CertificateBuilder{.signature_value = segmented}.build())
                  .starts_with("signatureValue: BER, not DER: string in segments"));
}

std::size_t touch(NameView name) {
  std::size_t sum = 0;
  for (const RdnView rdn : name) {
    for (const Attribute attribute : rdn) {
      der::StringView text = attribute.text();
      if (text.encoding == der::Encoding::none) text.octets = {};
      while (!text.octets.empty()) sum += der::next_code_point(text);
    }
  }
  return sum;
}

// Reads everything that a view gives, so that the sanitizers see every octet that is touched.
std::size_t touch(const CertificateView& view) {
  std::size_t sum = view.tbs_certificate().size() + view.serial_number().size();
  sum += touch(view.issuer()) + touch(view.subject());
  for (const TimeView time : {view.not_before(), view.not_after()}) {
    if (const auto date = time.parse()) sum += date->fraction.size();
  }
  sum += view.subject_public_key_info().name().size();
  sum += static_cast<std::size_t>(view.subject_public_key_info().bits());
  for (const Extension extension : view.extensions()) {
    sum += extension.value.empty() ? 0 : extension.value.back();
  }
  for (std::size_t type = 0; type < kNumExtensionTypes; ++type) {
    sum += view.extension(static_cast<ExtensionType>(type)).value_or(Bytes()).size();
  }
  return sum + static_cast<std::size_t>(view.version()) + view.signature_value().size();
}

// Parses a copy that ends where its heap block ends.
void parse_copy(Bytes input) {
  const Octets copy(input.begin(), input.end());
  const auto parsed = CertificateView::parse(copy);
  if (parsed) {
    EXPECT_GT(touch(*parsed), 0U);
  } else {
    EXPECT_LE(parsed.error().offset, copy.size());
    EXPECT_NE(parsed.error().field, Field::none);
  }
}

TEST(CertificateTest, EveryTruncationIsRefused) {
  const Octets der = test::read_certificate("every_key.pem");
  for (std::size_t size = 0; size < der.size(); ++size) {
    parse_copy(Bytes(der).first(size));
    EXPECT_NE(
        error_of_certificate(Octets(der.begin(), der.begin() + static_cast<std::ptrdiff_t>(size))),
        kNoError);
  }
  EXPECT_EQ(error_of_certificate(der), kNoError);
}

TEST(CertificateTest, NoFlippedBitIsFatal) {
  Octets der = test::read_certificate("every_key.pem");
  for (std::uint8_t& octet : der) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      octet = static_cast<std::uint8_t>(octet ^ (1U << bit));
      parse_copy(der);
      octet = static_cast<std::uint8_t>(octet ^ (1U << bit));
    }
  }
}

TEST(CertificateTest, OwnsItsOctets) {
  Octets input = concat(CertificateBuilder{}.build(), hex("ff"));
  const auto certificate = Certificate::from_der(input);
  ASSERT_TRUE(certificate);
  Certificate copy;
  copy = *certificate;
  const Octets before(copy.der().begin(), copy.der().end());
  EXPECT_EQ(before.size(), input.size() - 1);
  std::ranges::fill(input, std::uint8_t{0});
  EXPECT_TRUE(std::ranges::equal(copy.der(), before));
  EXPECT_EQ(copy.der().data(), certificate->der().data());  // copies share
  EXPECT_EQ(copy.view().version(), 3);
  const Certificate none;
  EXPECT_TRUE(none.der().empty());

  EXPECT_EQ(to_string(Certificate::from_der(hex("31 00")).error()),
            "certificate: unexpected type at byte 0");
}

}  // namespace
}  // namespace peercert
