// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gtest/gtest.h>

#include <peercert/x509/signature_algorithm.hpp>

#include "support/der_writer.hpp"

namespace peercert {
namespace {

using test::concat;
using test::hex;
using test::null;
using test::Octets;
using test::oid;
using test::sequence;
using test::tlv;

constexpr std::string_view kRsassaPss = "1.2.840.113549.1.1.10";
constexpr std::string_view kSha256 = "2.16.840.1.101.3.4.2.1";
constexpr std::string_view kMgf1 = "1.2.840.113549.1.1.8";

AlgorithmIdentifier algorithm_of(const Octets& encoded) {
  der::Progress progress{encoded.data()};
  der::Reader in(encoded, progress);
  const AlgorithmIdentifier out = read_algorithm_identifier(in);
  EXPECT_FALSE(progress.failed()) << to_string(progress.error);
  return out;
}

std::string described(const Octets& encoded) {
  const auto algorithm = SignatureAlgorithm::parse(algorithm_of(encoded));
  if (!algorithm) return to_string(algorithm.error());
  return std::string(to_string(algorithm->key_type)) + '/' + std::string(algorithm->digest) +
         (algorithm->has_standard_parameters() ? "" : " parameters");
}

Octets tagged(int number, const Octets& content) {
  return tlv(der::context_constructed(number), content);
}

TEST(SignatureAlgorithmTest, KeyAndDigest) {
  const auto with_null = [](std::string_view id) { return described(sequence(oid(id), null())); };
  EXPECT_EQ(with_null("1.2.840.113549.1.1.4"), "RSA/MD5");
  EXPECT_EQ(with_null("1.2.840.113549.1.1.5"), "RSA/SHA1");
  EXPECT_EQ(with_null("1.2.840.113549.1.1.11"), "RSA/SHA256");
  EXPECT_EQ(with_null("2.16.840.1.101.3.4.3.16"), "RSA/SHA3-512");
  const auto alone = [](std::string_view id) { return described(sequence(oid(id))); };
  EXPECT_EQ(alone("1.2.840.10045.4.1"), "EC/SHA1");
  EXPECT_EQ(alone("1.2.840.10045.4.3.2"), "EC/SHA256");
  EXPECT_EQ(alone("2.16.840.1.101.3.4.3.11"), "EC/SHA3-384");
  EXPECT_EQ(alone("1.2.840.10040.4.3"), "DSA/SHA1");
  EXPECT_EQ(alone("2.16.840.1.101.3.4.3.2"), "DSA/SHA256");
  EXPECT_EQ(alone("1.2.156.10197.1.501"), "SM2/SM3");
  EXPECT_EQ(alone("1.2.643.7.1.1.3.2"), "GOST/md_gost12_256");
}

TEST(SignatureAlgorithmTest, OnesWithoutADigestOfTheirOwn) {
  const auto alone = [](std::string_view id) { return described(sequence(oid(id))); };
  EXPECT_EQ(alone("1.3.101.112"), "Ed25519/");
  EXPECT_EQ(alone("1.3.101.113"), "Ed448/");
  EXPECT_EQ(alone("2.16.840.1.101.3.4.3.18"), "ML-DSA/");
  EXPECT_EQ(alone("2.16.840.1.101.3.4.3.24"), "SLH-DSA/");
  EXPECT_EQ(alone("1.2.3.4"), "/");
}

TEST(SignatureAlgorithmTest, ParametersThatTheStandardDoesNotHave) {
  EXPECT_EQ(described(sequence(oid("1.2.840.113549.1.1.11"))), "RSA/SHA256 parameters");
  EXPECT_EQ(described(sequence(oid("1.2.840.113549.1.1.11"), sequence())), "RSA/SHA256 parameters");
  EXPECT_EQ(described(sequence(oid("1.2.840.10045.4.3.2"), null())), "EC/SHA256 parameters");
  EXPECT_EQ(described(sequence(oid("1.3.101.112"), null())), "Ed25519/ parameters");
  EXPECT_EQ(described(sequence(oid("1.2.3.4"), null())), "/");
}

TEST(SignatureAlgorithmTest, NamesOfAlgorithms) {
  EXPECT_EQ(algorithm_of(sequence(oid("1.2.840.10045.4.3.2"))).name(), "ecdsa-with-SHA256");
  EXPECT_EQ(algorithm_of(sequence(oid("2.16.840.1.101.3.4.3.19"))).name(), "ML-DSA-87");
  EXPECT_EQ(algorithm_of(sequence(oid("1.2.3.4"))).name(), "");
}

// ---- RSASSA-PSS

// What `openssl req -x509 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32 -sha256` writes.
const Octets usual_pss = sequence(
    oid(kRsassaPss), sequence(tagged(0, sequence(oid(kSha256), null())),
                              tagged(1, sequence(oid(kMgf1), sequence(oid(kSha256), null()))),
                              tagged(2, hex("02 01 20"))));

TEST(RsassaPssTest, UsualParameters) {
  const auto algorithm = SignatureAlgorithm::parse(algorithm_of(usual_pss));
  ASSERT_TRUE(algorithm) << to_string(algorithm.error());
  EXPECT_EQ(described(usual_pss), "RSASSA-PSS/SHA256");
  ASSERT_TRUE(algorithm->rsassa_pss);
  EXPECT_EQ(algorithm->rsassa_pss->hash_algorithm.name(), "sha256");
  EXPECT_EQ(algorithm->rsassa_pss->mask_gen_algorithm.name(), "mgf1");
  EXPECT_EQ(algorithm->rsassa_pss->mask_gen_hash.name(), "sha256");
  EXPECT_EQ(algorithm->rsassa_pss->salt_length[0], 32);
  EXPECT_EQ(algorithm->rsassa_pss->trailer_field[0], 1);
}

TEST(RsassaPssTest, DefaultsAreSha1And20) {
  const Octets encoded = sequence(oid(kRsassaPss), sequence());
  EXPECT_EQ(described(encoded), "RSASSA-PSS/SHA1");
  const auto algorithm = SignatureAlgorithm::parse(algorithm_of(encoded));
  EXPECT_EQ(algorithm->rsassa_pss->mask_gen_hash.name(), "sha1");
  EXPECT_EQ(algorithm->rsassa_pss->salt_length[0], 20);
  EXPECT_EQ(algorithm->rsassa_pss->trailer_field[0], 1);
}

TEST(RsassaPssTest, AnotherMaskGenerationFunction) {
  const Octets mask = sequence(oid("1.2.3.4"), hex("04 01 aa"));
  const Octets encoded =
      sequence(oid(kRsassaPss), sequence(tagged(1, mask), tagged(3, hex("02 01 02"))));
  const auto algorithm = SignatureAlgorithm::parse(algorithm_of(encoded));
  ASSERT_TRUE(algorithm);
  EXPECT_EQ(algorithm->rsassa_pss->mask_gen_algorithm.parameters.size(), 3U);
  EXPECT_TRUE(algorithm->rsassa_pss->mask_gen_hash.algorithm.empty());
  EXPECT_EQ(algorithm->rsassa_pss->trailer_field[0], 2);
}

TEST(RsassaPssTest, MalformedParameters) {
  const auto error = [](const Octets& parameters) {
    return described(sequence(oid(kRsassaPss), parameters));
  };
  const std::string field = "signatureAlgorithm: ";
  EXPECT_EQ(error({}), field + "missing at byte 0");
  EXPECT_EQ(error(null()), field + "unexpected type at byte 0");
  EXPECT_EQ(error(sequence(tagged(0, {}))), field + "missing at byte 4");
  EXPECT_EQ(error(sequence(tagged(1, sequence(oid(kMgf1))))), field + "missing at byte 17");
  EXPECT_EQ(error(sequence(tagged(2, hex("02 02 00 14")))), field + "malformed INTEGER at byte 4");
  EXPECT_EQ(error(sequence(tagged(2, hex("02 01 14 02 01 14")))),
            field + "more data than the type allows at byte 7");
  EXPECT_EQ(error(sequence(tagged(4, hex("02 01 14")))),
            field + "more data than the type allows at byte 2");
  EXPECT_EQ(error(hex("30 02 a2 05")),
            field + "truncated: an element is longer than what holds it at byte 2");
}

TEST(RsassaPssTest, AnyOctetsGiveAnAnswer) {
  for (std::size_t i = 0; i < usual_pss.size(); ++i) {
    for (int octet = 0; octet < 256; ++octet) {
      Octets mutated = usual_pss;
      mutated[i] = static_cast<std::uint8_t>(octet);
      der::Progress progress{mutated.data()};
      der::Reader in(mutated, progress);
      const AlgorithmIdentifier identifier = read_algorithm_identifier(in);
      if (progress.failed()) continue;
      const auto algorithm = SignatureAlgorithm::parse(identifier);
      ASSERT_LE(algorithm.error().offset, identifier.parameters.size());
    }
  }
}

}  // namespace
}  // namespace peercert
