// SPDX-License-Identifier: Apache-2.0
// All that a certificate says, as text and as JSON.
#include <string>

#include <gtest/gtest.h>

#include <peercert/render/certificate_json.hpp>
#include <peercert/render/text.hpp>

#include "support/certificate_builder.hpp"

namespace peercert {
namespace {

using test::algorithm;
using test::CertificateBuilder;
using test::concat;
using test::hex;
using test::Octets;
using test::oid;
using test::sequence;
using test::tlv;

constexpr std::chrono::sys_seconds kNow = std::chrono::sys_days(std::chrono::year(2026) / 2 / 1);

std::string details_text(const CertificateBuilder& parts, const TextOptions& options = {}) {
  const Octets der = parts.build();
  const auto parsed = CertificateView::parse(der);
  EXPECT_TRUE(parsed) << to_string(parsed.error());
  TextOptions with_details = options;
  with_details.now = kNow;
  with_details.details = true;
  return to_text(*parsed, with_details);
}

std::string details_json(const CertificateBuilder& parts) {
  const Octets der = parts.build();
  const auto parsed = CertificateView::parse(der);
  EXPECT_TRUE(parsed) << to_string(parsed.error());
  Output out;
  append_certificate_json(out, *parsed);
  return std::string(out.view());
}

testing::AssertionResult has(const std::string& whole, std::string_view part) {
  if (whole.find(part) != whole.npos) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "no '" << part << "' in\n" << whole;
}

Octets key(const Octets& identifier, const Octets& octets) {
  return test::key_info(identifier, octets);
}
const Octets rsa_key =
    key(sequence(oid("1.2.840.113549.1.1.1"), hex("05 00")),
        sequence(tlv(der::kInteger, hex("00 c5 01")), tlv(der::kInteger, hex("01 00 01"))));
const Octets key_usage =
    sequence(oid("2.5.29.15"), hex("01 01 ff"), tlv(der::kOctetString, hex("03 02 07 80")));

TEST(DetailsTextTest, IsInTheOrderOfTheCertificate) {
  const Octets digest = hex("00 ff");
  const std::string out =
      details_text({.public_key = rsa_key,
                    .extensions = concat(key_usage, test::extension("1.2.3.4", hex("0c 01 61"))),
                    .signature_value = tlv(der::kBitString, hex("00 aa bb"))},
                   {.sha256 = digest, .sha1 = digest, .spki_pin = "AAAA"});
  EXPECT_EQ(out,
            "  Version     3\n"
            "  Serial      12:34 (4660)\n"
            "  Signature   ED25519\n"
            "  Issuer      CN=Test CA\n"
            "  Valid       2026-01-01 00:00:00 UTC to 2027-01-01 00:00:00 UTC (334 days left)\n"
            "  Subject     CN=example.org\n"
            "  Key         RSA 16 bits (rsaEncryption)\n"
            "    modulus: C5:01\n"
            "    publicExponent: 65537\n"
            "  Extensions\n"
            "    keyUsage, critical: digitalSignature\n"
            "    1.2.3.4: 0C:01:61\n"
            "  Signature   ED25519\n"
            "    value: AA:BB\n"
            "  SHA-256     00:FF\n"
            "  SHA-1       00:FF\n"
            "  SPKI pin    AAAA\n");
}

TEST(DetailsTextTest, SerialNumbers) {
  const auto serial = [](const Octets& content) {
    return details_text({.serial_number = tlv(der::kInteger, content)});
  };
  EXPECT_TRUE(has(serial(hex("00 ff")), "Serial      FF (255)\n"));
  EXPECT_TRUE(has(serial(hex("00")), "Serial      00 (0)\n"));
  EXPECT_TRUE(has(serial(Octets(9, 0x11)), "Serial      11:11:11:11:11:11:11:11:11\n"));
  EXPECT_TRUE(has(serial(hex("ff")), "Serial      -1 (negative)\n"));
  EXPECT_TRUE(has(serial(Octets(40, 0x11)), ":11:11\n"));
}

TEST(DetailsTextTest, EmptyNamesAndUniqueIdentifiers) {
  const std::string out = details_text({.issuer = sequence(),
                                        .subject = sequence(),
                                        .unique_ids = concat(tlv(der::context(1), hex("00 ab")),
                                                             tlv(der::context(2), hex("04 c0")))});
  EXPECT_TRUE(has(out, "  Issuer      (empty)\n"));
  EXPECT_TRUE(has(out, "  Subject     (empty)\n"));
  EXPECT_TRUE(has(out, "  Issuer ID: AB\n  Subject ID: C0\n"));
}

const Octets pss = sequence(oid("1.2.840.113549.1.1.10"),
                            sequence(tlv(der::context_constructed(2), hex("02 01 20"))));

TEST(DetailsTextTest, ParametersAreShownOnceUnlessTheyDiffer) {
  const std::string same = details_text({.signature = pss, .signature_algorithm = pss});
  EXPECT_TRUE(has(same,
                  "  Signature   rsassaPss\n"
                  "    hashAlgorithm: sha1 (1.3.14.3.2.26)\n"
                  "    maskGenAlgorithm: mgf1 (1.2.840.113549.1.1.8)\n"
                  "    maskGenHash: sha1 (1.3.14.3.2.26)\n"
                  "    saltLength: 32\n"
                  "    trailerField: 1\n"));
  EXPECT_EQ(same.find("saltLength"), same.rfind("saltLength"));
  const std::string other = details_text({.signature_algorithm = pss});
  EXPECT_TRUE(has(other, "  Signature   ED25519\n"));
  EXPECT_TRUE(has(other, "    parameters\n      hashAlgorithm: sha1"));
}

TEST(DetailsTextTest, ASpiffeIdOrWhyThereIsNone) {
  const Octets names = test::subject_alt_name(test::uri("spiffe://example.org/a"));
  EXPECT_TRUE(has(details_text({.extensions = concat(names, key_usage)}),
                  "  SPIFFE ID   spiffe://example.org/a\n"));
  EXPECT_TRUE(has(details_text({.extensions = names}), "  SPIFFE ID   none: no keyUsage\n"));
  const Octets others = test::subject_alt_name(test::uri("http://a/"), test::uri("http://b/"));
  EXPECT_FALSE(has(details_text({.extensions = others}), "SPIFFE"));
}

TEST(DetailsTextTest, ACertificateWithoutADict) {
  EXPECT_TRUE(
      has(details_text({.subject = test::name_of(sequence())}), "getpeercert() cannot present it"));
}

// ---- keys

std::string key_lines(const Octets& info) {
  const std::string out = details_text({.public_key = info});
  const std::size_t begin = out.find("  Key ");
  return out.substr(begin, out.find("  Signature", begin) - begin);
}

std::string key_json(const Octets& info) {
  const std::string out = details_json({.public_key = info});
  const std::size_t begin = out.find("\"subjectPublicKeyInfo\":") + 23;
  return out.substr(begin, out.find(",\"extensions\"") - begin);
}

TEST(KeyFieldsTest, OctetsWithoutAStructure) {
  const Octets ml_dsa = key(algorithm("2.16.840.1.101.3.4.3.18"), hex("01 02"));
  EXPECT_EQ(key_lines(ml_dsa), "  Key         ML-DSA-65\n    octets: 01:02\n");
  EXPECT_EQ(key_json(ml_dsa),
            R"({"algorithm":{"oid":"2.16.840.1.101.3.4.3.18","name":"ML-DSA-65"},)"
            R"("name":"ML-DSA-65","key":{"octets":"0102"}})");
  const Octets unknown = key(sequence(oid("1.2.3.4"), oid("1.2.5")), hex("01"));
  EXPECT_EQ(key_lines(unknown), "  Key         1.2.3.4\n    parameters: 1.2.5\n    octets: 01\n");
  EXPECT_EQ(key_json(unknown), R"({"algorithm":{"oid":"1.2.3.4"},)"
                               R"("key":{"parameters":{"oid":"1.2.5"},"octets":"01"}})");
}

TEST(KeyFieldsTest, AnUnreadableKeyIsAnErrorAndOctets) {
  const Octets info = key(algorithm("1.2.840.113549.1.1.1"), hex("30 01"));
  EXPECT_EQ(key_lines(info),
            "  Key         RSA 0 bits (rsaEncryption)\n"
            "    error: subjectPublicKeyInfo: truncated: an element is longer than what holds it "
            "at byte 18\n"
            "    octets: 30:01\n");
}

TEST(KeyFieldsTest, Dsa) {
  const Octets parameters = sequence(hex("02 02 7f 01"), hex("02 01 0b"), hex("02 01 04"));
  EXPECT_EQ(key_json(key(sequence(oid("1.2.840.10040.4.1"), parameters), hex("02 01 09"))),
            R"({"algorithm":{"oid":"1.2.840.10040.4.1","name":"dsaEncryption"},"name":"DSA",)"
            R"("bits":15,"key":{"y":"09","p":"7f01","q":"0b","g":"04"}})");
  EXPECT_TRUE(
      has(key_json(key(algorithm("1.2.840.10040.4.1"), hex("02 01 09"))), R"("key":{"y":"09"})"));
}

TEST(KeyFieldsTest, Dh) {
  const Octets domain = sequence(hex("02 01 17"), hex("02 01 02"), hex("02 01 0b"));
  EXPECT_TRUE(has(key_json(key(sequence(oid("1.2.840.10046.2.1"), domain), hex("02 01 09"))),
                  R"("bits":5,"key":{"y":"09","p":"17","g":"02","q":"0b"})"));
}

TEST(KeyFieldsTest, Ec) {
  const Octets named = sequence(oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7"));
  EXPECT_EQ(key_lines(key(named, hex("04 01 02"))),
            "  Key         P-256 (id-ecPublicKey)\n"
            "    namedCurve: prime256v1 (1.2.840.10045.3.1.7)\n"
            "    pointForm: uncompressed\n"
            "    point: 04:01:02\n");
  const Octets field = sequence(oid("1.2.840.10045.1.1"), hex("02 01 17"));
  const Octets curve = sequence(hex("04 01 01"), hex("04 01 02"), hex("03 02 00 aa"));
  const Octets specified =
      sequence(hex("02 01 01"), field, curve, hex("04 01 04"), hex("02 01 13"), hex("02 01 01"));
  const Octets info = key(sequence(oid("1.2.840.10045.2.1"), specified), hex("05"));
  EXPECT_TRUE(has(key_lines(info), "  Key         EC, curve not named (id-ecPublicKey)\n"));
  EXPECT_TRUE(has(key_json(info),
                  R"("bits":5,"key":{"specifiedCurve":{"fieldType":{"oid":"1.2.840.10045.1.1",)"
                  R"("name":"prime-field"},"prime":"17","a":"01","b":"02","seed":"aa",)"
                  R"("base":"04","order":"13","cofactor":1},"point":"05"})"));
}

TEST(KeyFieldsTest, RsassaPss) {
  const Octets body = sequence(hex("02 01 0f"), hex("02 01 03"));
  EXPECT_TRUE(
      has(key_json(key(pss, body)), R"("publicExponent":3,"parameters":{"hashAlgorithm":)"));
  EXPECT_TRUE(has(key_lines(key(pss, body)), "    parameters\n      hashAlgorithm: sha1"));
}

// ---- the whole

TEST(CertificateJsonTest, HasTheMembersOfTheAsn1) {
  EXPECT_EQ(details_json({.public_key = rsa_key,
                          .extensions = key_usage,
                          .signature_value = tlv(der::kBitString, hex("00 aa bb"))}),
            R"({"version":3,"serialNumber":"1234",)"
            R"("signature":{"algorithm":{"oid":"1.3.101.112","name":"ED25519"}},)"
            R"("issuer":[[["commonName","Test CA"]]],)"
            R"("validity":{"notBefore":"2026-01-01T00:00:00Z","notAfter":"2027-01-01T00:00:00Z"},)"
            R"("subject":[[["commonName","example.org"]]],)"
            R"("subjectPublicKeyInfo":{"algorithm":{"oid":"1.2.840.113549.1.1.1",)"
            R"("name":"rsaEncryption"},)"
            R"("name":"RSA","bits":16,"key":{"modulus":"c501","publicExponent":65537}},)"
            R"("extensions":[{"oid":"2.5.29.15","name":"keyUsage","critical":true,)"
            R"("value":["digitalSignature"]}],)"
            R"("signatureAlgorithm":{"algorithm":{"oid":"1.3.101.112","name":"ED25519"}},)"
            R"("signatureValue":"aabb"})");
}

TEST(CertificateJsonTest, WhatIsAbsentHasNoMember) {
  const std::string out = details_json({});
  EXPECT_TRUE(has(out, R"("extensions":[],)"));
  EXPECT_FALSE(has(out, "UniqueID"));
  EXPECT_FALSE(has(out, "spiffe"));
}

TEST(CertificateJsonTest, OddValues) {
  const std::string out =
      details_json({.version = tlv(der::context_constructed(0), tlv(der::kInteger, hex("fe"))),
                    .serial_number = tlv(der::kInteger, hex("ff")),
                    .not_before = tlv(der::kUtcTime, "junk"),
                    .unique_ids = tlv(der::context(1), hex("00 ab"))});
  EXPECT_TRUE(has(out, R"({"version":-1,"serialNumber":-1,)"));
  EXPECT_TRUE(has(out, R"("notBefore":"junk")"));
  EXPECT_TRUE(has(out, R"("issuerUniqueID":"ab")"));
}

TEST(CertificateJsonTest, Parameters) {
  EXPECT_TRUE(has(details_json({.signature = pss}),
                  R"("signature":{"algorithm":{"oid":)"
                  R"("1.2.840.113549.1.1.10","name":"rsassaPss"},)"
                  R"("parameters":{"hashAlgorithm":)"));
  const Octets bad_pss = sequence(oid("1.2.840.113549.1.1.10"), sequence(hex("a2 00")));
  EXPECT_TRUE(has(details_json({.signature = bad_pss}),
                  R"("parameters":{"error":"signatureAlgorithm: missing at byte 4",)"
                  R"("octets":"3002a200"})"));
}

TEST(CertificateJsonTest, Spiffe) {
  const Octets names = test::subject_alt_name(test::uri("spiffe://example.org/a"));
  EXPECT_TRUE(has(details_json({.extensions = concat(names, key_usage)}),
                  R"("spiffe":{"id":"spiffe://example.org/a","trustDomain":"example.org",)"
                  R"("path":"/a"}})"));
  EXPECT_TRUE(has(details_json({.extensions = names}), R"("spiffe":{"error":"no keyUsage"}})"));
}

}  // namespace
}  // namespace peercert
