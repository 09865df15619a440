// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include <peercert/x509/field.hpp>
#include <peercert/x509/object_names.hpp>
#include <peercert/x509/public_key.hpp>

#include "support/der_writer.hpp"

namespace peercert {
namespace {

using test::bit_string;
using test::concat;
using test::hex;
using test::key_info;
using test::null;
using test::Octets;
using test::oid;
using test::sequence;
using test::tlv;

constexpr std::string_view kRsaEncryption = "1.2.840.113549.1.1.1";
constexpr std::string_view kEcPublicKey = "1.2.840.10045.2.1";

std::string describe(const Octets& info) {
  der::Progress progress{info.data(), Field::subject_public_key_info};
  der::Reader in(info, progress);
  const PublicKeyView key = read_subject_public_key_info(in);
  if (in.failed()) return to_string(progress.error);
  EXPECT_TRUE(std::ranges::equal(key.der, info));
  return std::string(key.name()) + ' ' + std::to_string(key.bits());
}

Octets rsa(const Octets& modulus) {
  return key_info(sequence(oid(kRsaEncryption), null()),
                  sequence(tlv(der::kInteger, modulus), tlv(der::kInteger, hex("01 00 01"))));
}

Octets modulus(std::size_t num_octets, std::uint8_t first) {
  Octets out(num_octets, 0xff);
  out[0] = first;
  if (first & 0x80) out.insert(out.begin(), 0);
  return out;
}

TEST(PublicKeyTest, RsaKeysHaveTheBitsOfTheirModulus) {
  EXPECT_EQ(describe(rsa(modulus(256, 0x80))), "RSA 2048");
  EXPECT_EQ(describe(rsa(modulus(256, 0x7f))), "RSA 2047");
  EXPECT_EQ(describe(rsa(modulus(512, 0xc5))), "RSA 4096");
  EXPECT_EQ(describe(rsa(modulus(128, 0x01))), "RSA 1017");
  EXPECT_EQ(describe(rsa(hex("03"))), "RSA 2");
}

TEST(PublicKeyTest, AnUnreadableRsaKeyHasNoBits) {
  EXPECT_EQ(describe(rsa(hex("00"))), "RSA 0");
  EXPECT_EQ(describe(rsa(hex("00 00"))), "RSA 0");
  const Octets algorithm = sequence(oid(kRsaEncryption), null());
  EXPECT_EQ(describe(key_info(algorithm, {})), "RSA 0");
  EXPECT_EQ(describe(key_info(algorithm, hex("30 05 02"))), "RSA 0");
  EXPECT_EQ(describe(key_info(algorithm, hex("02 01 05"))), "RSA 0");
}

TEST(PublicKeyTest, CurvesHaveTheNamesOfTheirStandards) {
  const auto curve = [](std::string_view id) {
    return describe(key_info(sequence(oid(kEcPublicKey), oid(id)), Octets(65)));
  };
  EXPECT_EQ(curve("1.2.840.10045.3.1.7"), "P-256 256");
  EXPECT_EQ(curve("1.3.132.0.34"), "P-384 384");
  EXPECT_EQ(curve("1.3.132.0.35"), "P-521 521");
  EXPECT_EQ(curve("1.3.132.0.10"), "secp256k1 256");  // OpenSSL's name
  EXPECT_EQ(curve("1.3.36.3.3.2.8.1.1.11"), "brainpoolP384r1 384");
  EXPECT_EQ(curve("1.3.132.0.38"), "sect571k1 571");
  EXPECT_EQ(curve("2.23.43.1.4.1"), "wap-wsg-idm-ecid-wtls1 0");
  EXPECT_EQ(curve("1.2.3.4"), "id-ecPublicKey 0");
  // RFC 3279 let parameters be spelled out.
  EXPECT_EQ(describe(key_info(sequence(oid(kEcPublicKey), sequence()), {})), "id-ecPublicKey 0");
  EXPECT_EQ(describe(key_info(sequence(oid(kEcPublicKey)), {})), "id-ecPublicKey 0");
}

TEST(PublicKeyTest, OtherAlgorithms) {
  EXPECT_EQ(describe(key_info(sequence(oid("1.3.101.112")), Octets(32))), "Ed25519 256");
  EXPECT_EQ(describe(key_info(sequence(oid("1.3.101.113")), Octets(57))), "Ed448 456");
  EXPECT_EQ(describe(key_info(sequence(oid("1.2.840.10040.4.1"), null()), {})), "DSA 0");
  EXPECT_EQ(describe(key_info(sequence(oid("1.3.101.110")), Octets(32))), "X25519 256");
  EXPECT_EQ(describe(key_info(sequence(oid("1.3.101.111")), Octets(56))), "X448 448");
  EXPECT_EQ(describe(key_info(sequence(oid("1.2.643.7.1.1.1.2")), {})), "GOST R 34.10-2012 512");
  EXPECT_EQ(describe(key_info(sequence(oid("1.2.840.113549.1.1.7")), {})), "rsaesOaep 0");
  EXPECT_EQ(describe(key_info(sequence(oid("1.2.3.4")), {})), " 0");
}

// OpenSSL 3.0 has no names for these.
TEST(PublicKeyTest, AlgorithmsYoungerThanOpenSsl30) {
  const auto nist = [](const std::string& arc) {
    return describe(key_info(sequence(oid("2.16.840.1.101.3.4." + arc)), Octets(32)));
  };
  EXPECT_EQ(nist("3.17"), "ML-DSA-44 0");
  EXPECT_EQ(nist("3.18"), "ML-DSA-65 0");
  EXPECT_EQ(nist("3.19"), "ML-DSA-87 0");
  EXPECT_EQ(nist("3.20"), "SLH-DSA-SHA2-128s 0");
  EXPECT_EQ(nist("3.31"), "SLH-DSA-SHAKE-256f 0");
  EXPECT_EQ(nist("3.46"), "HashSLH-DSA-SHAKE-256f-with-SHAKE256 0");
  EXPECT_EQ(nist("3.47"), " 0");
  EXPECT_EQ(nist("4.1"), "ML-KEM-512 0");
  EXPECT_EQ(nist("4.3"), "ML-KEM-1024 0");
}

TEST(PublicKeyTest, GivesAlgorithmAndKey) {
  const Octets info = key_info(sequence(oid(kRsaEncryption), null()), hex("aa bb"));
  der::Progress progress{info.data()};
  der::Reader in(info, progress);
  const PublicKeyView key = read_subject_public_key_info(in);
  EXPECT_TRUE(std::ranges::equal(key.algorithm.algorithm, test::oid_content(kRsaEncryption)));
  EXPECT_TRUE(std::ranges::equal(key.algorithm.parameters, null()));
  EXPECT_TRUE(std::ranges::equal(key.key, hex("aa bb")));
  EXPECT_EQ(key.algorithm.name(), "rsaEncryption");
}

TEST(PublicKeyTest, AbsentParametersKeepTheirPlace) {
  const Octets info = key_info(sequence(oid("1.3.101.112")), Octets(32));
  der::Progress progress{info.data()};
  der::Reader in(info, progress);
  const PublicKeyView key = read_subject_public_key_info(in);
  EXPECT_TRUE(key.algorithm.parameters.empty());
  EXPECT_EQ(key.algorithm.parameters.data(), info.data() + 9);
}

TEST(PublicKeyTest, RefusesAnotherStructure) {
  const std::string field = "subjectPublicKeyInfo: ";
  const Octets algorithm = sequence(oid("1.2.3"));
  EXPECT_EQ(describe(sequence()), field + "missing at byte 2");
  EXPECT_EQ(describe(sequence(algorithm)), field + "missing at byte 8");
  EXPECT_EQ(describe(sequence(algorithm, tlv(der::kOctetString, ""))),
            field + "unexpected type at byte 8");
  EXPECT_EQ(describe(sequence(algorithm, tlv(der::kBitString, ""))),
            field + "malformed BIT STRING at byte 8");
  EXPECT_EQ(describe(sequence(algorithm, bit_string({}), null())),
            field + "more data than the type allows at byte 11");
  EXPECT_EQ(describe(key_info(sequence(), {})), field + "missing at byte 4");
  EXPECT_EQ(describe(key_info(sequence(oid("1.2"), null(), null()), {})),
            field + "more data than the type allows at byte 9");
  EXPECT_EQ(describe(key_info(sequence(oid("1.2"), hex("05 01 00")), {})),
            field + "malformed NULL at byte 7");
}

TEST(PublicKeyTest, ParametersAreAnyElementButTwoZeroOctets) {
  const auto with_parameters = [](const char* parameters) {
    return describe(key_info(sequence(oid("1.2.3"), hex(parameters)), {}));
  };
  EXPECT_EQ(with_parameters("82 01 00"), " 0");
  EXPECT_EQ(with_parameters("00 01 00"), " 0");
  EXPECT_EQ(with_parameters("00 81 00"), " 0");  // OpenSSL knows only this as their end:
  EXPECT_EQ(with_parameters("00 00"),
            "subjectPublicKeyInfo: unexpected end-of-contents octets at byte 8");
}

TEST(PublicKeyTest, RefusesAlgorithmsThatOpenSslCannotName) {
  const auto with_oid = [](std::size_t len) {
    return describe(key_info(sequence(tlv(der::kOid, Octets(len, 1))), {}));
  };
  EXPECT_EQ(with_oid(kMaxOidLen), " 0");
  EXPECT_EQ(with_oid(kMaxOidLen + 1),
            "subjectPublicKeyInfo: OBJECT IDENTIFIER over 586 octets at byte 12");
}

}  // namespace
}  // namespace peercert
