// SPDX-License-Identifier: Apache-2.0
// The structures inside SubjectPublicKeyInfo. Keys that say so were made by OpenSSL 3.0:
// `openssl genpkey ... | openssl pkey -pubout -outform der`.
#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include <peercert/x509/object_names.hpp>
#include <peercert/x509/public_key.hpp>

#include "support/der_writer.hpp"

namespace peercert {
namespace {

using test::bit_string;
using test::concat;
using test::hex;
using test::key_info;
using test::Octets;
using test::oid;
using test::sequence;
using test::tlv;

Octets integer(std::string_view digits) { return tlv(der::kInteger, hex(digits)); }

PublicKeyView view_of(const Octets& info) {
  der::Progress progress{info.data()};
  der::Reader in(info, progress);
  const PublicKeyView key = read_subject_public_key_info(in);
  EXPECT_FALSE(progress.failed()) << to_string(progress.error);
  return key;
}

std::string digits(Bytes octets) {
  std::string out;
  for (const std::uint8_t octet : octets) {
    out += "0123456789abcdef"[octet >> 4];
    out += "0123456789abcdef"[octet & 15];
  }
  return out;
}

template <class Key>
std::string error_of(const Octets& info) {
  const Result<Key> key = Key::parse(view_of(info));
  return key ? "none" : to_string(key.error());
}

// What holds for any octets that a key may consist of: an answer, and all of it inside.
template <class Key>
void check_mutations(const Octets& info) {
  for (std::size_t i = 0; i < info.size(); ++i) {
    for (const std::uint8_t octet : hex("00 01 05 30 7f 80 84 ff")) {
      Octets mutated = info;
      mutated[i] = octet;
      der::Progress progress{mutated.data()};
      der::Reader in(mutated, progress);
      const PublicKeyView key = read_subject_public_key_info(in);
      if (progress.failed()) continue;
      const Result<Key> parsed = Key::parse(key);
      ASSERT_LE(parsed.error().offset, mutated.size());
      ASSERT_GE(key.bits(), 0);
    }
  }
}

// ---- RSA

// openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:512
//   -pkeyopt rsa_pss_keygen_md:sha256 -pkeyopt rsa_pss_keygen_mgf1_md:sha512
//   -pkeyopt rsa_pss_keygen_saltlen:32
const Octets rsassa_pss_key =
    hex("308190304106092a864886f70d01010a3034a00f300d06096086480165030402010500a11c301a06"
        "092a864886f70d010108300d06096086480165030402030500a203020120034b003048024100a386"
        "78bfe90b4167bf6390cb4f0a3271b955ac3be9b504857989c1ac1900b792c7ead9019226b27da145"
        "7825bfd436610b361fd028878e6a0b8eac13ac870e390203010001");

// openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:512
const Octets rsassa_pss_key_for_all =
    hex("305a300b06092a864886f70d01010a034b003048024100cfb3c3f63dc1da8aa68410f24c4fbbf1d0"
        "809601a997ff23d068a11dc4434c71a12e068c1ab9f3c26b7f01cf86b29ef62050279bcd198710d8"
        "c20e1d1e1640a50203010001");

const Octets rsa_algorithm = sequence(oid("1.2.840.113549.1.1.1"), hex("05 00"));

TEST(RsaPublicKeyTest, IsModulusAndExponent) {
  const Octets info = key_info(rsa_algorithm, sequence(integer("00 c5 01"), integer("01 00 01")));
  const PublicKeyView key = view_of(info);
  EXPECT_EQ(key.type(), KeyType::rsa);
  const auto rsa = RsaPublicKey::parse(key);
  ASSERT_TRUE(rsa);
  EXPECT_EQ(digits(rsa->modulus), "00c501");
  EXPECT_EQ(digits(rsa->public_exponent), "010001");
  EXPECT_EQ(bits_of(rsa->modulus), 16);
  EXPECT_FALSE(rsa->rsassa_pss);
}

TEST(RsaPublicKeyTest, AnRsassaPssKeySaysWhatItIsFor) {
  const PublicKeyView key = view_of(rsassa_pss_key);
  EXPECT_EQ(key.type(), KeyType::rsassa_pss);
  EXPECT_EQ(key.name(), "RSASSA-PSS");
  EXPECT_EQ(key.bits(), 512);
  const auto rsa = RsaPublicKey::parse(key);
  ASSERT_TRUE(rsa) << to_string(rsa.error());
  ASSERT_TRUE(rsa->rsassa_pss);
  EXPECT_EQ(rsa->rsassa_pss->hash_algorithm.name(), "sha256");
  EXPECT_EQ(rsa->rsassa_pss->mask_gen_algorithm.name(), "mgf1");
  EXPECT_EQ(rsa->rsassa_pss->mask_gen_hash.name(), "sha512");
  EXPECT_EQ(digits(rsa->rsassa_pss->salt_length), "20");
  EXPECT_EQ(digits(rsa->rsassa_pss->trailer_field), "01");
}

TEST(RsaPublicKeyTest, AnRsassaPssKeyMayBeForAll) {
  const auto rsa = RsaPublicKey::parse(view_of(rsassa_pss_key_for_all));
  ASSERT_TRUE(rsa);
  EXPECT_FALSE(rsa->rsassa_pss);
}

TEST(RsaPublicKeyTest, RefusesAnotherStructure) {
  const auto error = [](const Octets& key) {
    return error_of<RsaPublicKey>(key_info(rsa_algorithm, key));
  };
  const std::string field = "subjectPublicKeyInfo: ";
  EXPECT_EQ(error({}), field + "missing at byte 20");
  EXPECT_EQ(error(integer("05")), field + "unexpected type at byte 20");
  EXPECT_EQ(error(sequence(integer("05"))), field + "missing at byte 25");
  EXPECT_EQ(error(sequence(integer(""), integer("03"))), field + "malformed INTEGER at byte 22");
  EXPECT_EQ(error(sequence(integer("05"), integer("03"), integer("07"))),
            field + "more data than the type allows at byte 28");
  EXPECT_EQ(error(hex("30 84 ff ff ff ff 02 01 05")),
            field + "truncated: an element is longer than what holds it at byte 20");
  EXPECT_EQ(error(concat(sequence(integer("05"), integer("03")), hex("ff ff"))), "none");
}

TEST(RsaPublicKeyTest, RefusesMalformedRsassaPssParameters) {
  const Octets key = sequence(integer("05"), integer("03"));
  const Octets info =
      key_info(sequence(oid("1.2.840.113549.1.1.10"), sequence(hex("a2 02 02 00"))), key);
  EXPECT_EQ(error_of<RsaPublicKey>(info), "subjectPublicKeyInfo: malformed INTEGER at byte 19");
}

TEST(RsaPublicKeyTest, BitsOfAnInteger) {
  EXPECT_EQ(bits_of({}), 0);
  EXPECT_EQ(bits_of(hex("00")), 0);
  EXPECT_EQ(bits_of(hex("01")), 1);
  EXPECT_EQ(bits_of(hex("00 80")), 8);
  EXPECT_EQ(bits_of(hex("80")), 0);
  EXPECT_EQ(bits_of(hex("7f ff")), 15);
}

// ---- DSA and DH

TEST(DsaPublicKeyTest, IsYAndItsParameters) {
  const Octets parameters = sequence(integer("7f 01"), integer("0b"), integer("04"));
  const Octets info = key_info(sequence(oid("1.2.840.10040.4.1"), parameters), integer("09"));
  const PublicKeyView key = view_of(info);
  EXPECT_EQ(key.type(), KeyType::dsa);
  EXPECT_EQ(key.name(), "DSA");
  EXPECT_EQ(key.bits(), 15);
  const auto dsa = DsaPublicKey::parse(key);
  ASSERT_TRUE(dsa);
  EXPECT_EQ(digits(dsa->p), "7f01");
  EXPECT_EQ(digits(dsa->q), "0b");
  EXPECT_EQ(digits(dsa->g), "04");
  EXPECT_EQ(digits(dsa->y), "09");
}

TEST(DsaPublicKeyTest, ParametersMayBeTheIssuers) {
  const Octets info = key_info(sequence(oid("1.2.840.10040.4.1")), integer("09"));
  const auto dsa = DsaPublicKey::parse(view_of(info));
  ASSERT_TRUE(dsa);
  EXPECT_TRUE(dsa->p.empty());
  EXPECT_EQ(digits(dsa->y), "09");
  EXPECT_EQ(view_of(info).bits(), 0);
}

TEST(DsaPublicKeyTest, RefusesAnotherStructure) {
  const Octets algorithm = sequence(oid("1.2.840.10040.4.1"), sequence(integer("05")));
  EXPECT_EQ(error_of<DsaPublicKey>(key_info(algorithm, integer("09"))),
            "subjectPublicKeyInfo: missing at byte 18");
  const Octets inherited = sequence(oid("1.2.840.10040.4.1"));
  EXPECT_EQ(error_of<DsaPublicKey>(key_info(inherited, sequence())),
            "subjectPublicKeyInfo: unexpected type at byte 16");
}

// openssl dhparam 512; openssl genpkey -paramfile ...
const Octets pkcs3_key =
    hex("30819a305306092a864886f70d0103013046024100993454f9fff2768fe527575efbee0c2e7034f7"
        "4533aa8ef66e69dcc74bdb57eac3ba394acfc0298c7b7587203566b16b74d9bc281e4867f35760ea"
        "f50da37a570201020343000240261c05895ade007d3823c53ce29aeda1f9e1eaaeedf47ba67a60c1"
        "21134dbf68060109883810af160f486dde2c129427600ae459905912f7ce7286566c16a438");

TEST(DhPublicKeyTest, ReadsPkcs3) {
  const PublicKeyView key = view_of(pkcs3_key);
  EXPECT_EQ(key.type(), KeyType::dh);
  EXPECT_EQ(key.bits(), 512);
  const auto dh = DhPublicKey::parse(key);
  ASSERT_TRUE(dh);
  EXPECT_EQ(digits(dh->g), "02");
  EXPECT_TRUE(dh->q.empty());
  EXPECT_EQ(dh->y.size(), 64U);
}

TEST(DhPublicKeyTest, ReadsX942) {
  const Octets domain = sequence(integer("17"), integer("02"), integer("0b"), integer("02"));
  const Octets info = key_info(sequence(oid("1.2.840.10046.2.1"), domain), integer("09"));
  const auto dh = DhPublicKey::parse(view_of(info));
  ASSERT_TRUE(dh);
  EXPECT_EQ(digits(dh->p) + digits(dh->g) + digits(dh->q) + digits(dh->y), "17020b09");
  EXPECT_EQ(error_of<DhPublicKey>(key_info(sequence(oid("1.2.840.10046.2.1")), integer("09"))),
            "subjectPublicKeyInfo: missing at byte 13");
}

// ---- elliptic curves

// openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256
const Octets p256_key =
    hex("3059301306072a8648ce3d020106082a8648ce3d03010703420004ba9c1a125f825df2e85f1b7971"
        "6558269f2b56e98b12d7cbc6982023e9fa9a28f52355a127785dfaff409d4681b9911ae39eb31434"
        "c0d131772b9c82887b33ae");
// The same with -ec_conv_form compressed, and hybrid.
const Octets p256_compressed =
    hex("3039301306072a8648ce3d020106082a8648ce3d03010703220002ba9c1a125f825df2e85f1b7971"
        "6558269f2b56e98b12d7cbc6982023e9fa9a28");
const Octets p256_hybrid =
    hex("3059301306072a8648ce3d020106082a8648ce3d03010703420006ba9c1a125f825df2e85f1b7971"
        "6558269f2b56e98b12d7cbc6982023e9fa9a28f52355a127785dfaff409d4681b9911ae39eb31434"
        "c0d131772b9c82887b33ae");
// openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit
const Octets p256_explicit =
    hex("3082014b3082010306072a8648ce3d02013081f7020101302c06072a8648ce3d0101022100ffffff"
        "ff00000001000000000000000000000000ffffffffffffffffffffffff305b0420ffffffff000000"
        "01000000000000000000000000fffffffffffffffffffffffc04205ac635d8aa3a93e7b3ebbd5576"
        "9886bc651d06b0cc53b0f63bce3c3e27d2604b031500c49d360886e704936a6678e1139d26b7819f"
        "7e900441046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342"
        "e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5022100ffffffff00000000"
        "ffffffffffffffffbce6faada7179e84f3b9cac2fc632551020101034200044b7bc7e4c7fb775ca0"
        "10dbbf0b5580fe7fbb3c3b7936f61e2b5d4456624ee2407268a8a3d5f17c4bc93811bd2b19418468"
        "be3cf24dc6b67c07815341162c414d");
// openssl genpkey -algorithm SM2
const Octets sm2_key =
    hex("3059301306072a8648ce3d020106082a811ccf5501822d03420004e793b943b87bb5aa0b7296f5a3"
        "f7eb66e4b6786d4d92241462044d1bb5728b73261a8217cc675cd245753ae49e486a2c9b16db5801"
        "0f9de0fa7b4a05aa40500b");

TEST(EcPublicKeyTest, NamedCurve) {
  const PublicKeyView key = view_of(p256_key);
  EXPECT_EQ(key.type(), KeyType::ec);
  EXPECT_EQ(key.name(), "P-256");
  const auto ec = EcPublicKey::parse(key);
  ASSERT_TRUE(ec);
  const ObjectText curve_name(ec->named_curve);
  EXPECT_EQ(curve_name.view(), "prime256v1");
  EXPECT_EQ(ec->point.size(), 65U);
  EXPECT_FALSE(ec->specified_curve);
}

TEST(EcPublicKeyTest, FormsOfThePoint) {
  const auto form = [](const Octets& info) {
    return to_string(EcPublicKey::parse(view_of(info))->point_form());
  };
  EXPECT_EQ(form(p256_key), "uncompressed");
  EXPECT_EQ(form(p256_compressed), "compressed");
  EXPECT_EQ(form(p256_hybrid), "hybrid");
  const Octets algorithm = sequence(oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7"));
  EXPECT_EQ(form(key_info(algorithm, hex("00"))), "infinity");
  EXPECT_EQ(form(key_info(algorithm, hex("05 11"))), "");
  EXPECT_EQ(form(key_info(algorithm, {})), "");
}

TEST(EcPublicKeyTest, ACurveThatIsSpelledOut) {
  const PublicKeyView key = view_of(p256_explicit);
  EXPECT_EQ(key.name(), "id-ecPublicKey");
  EXPECT_EQ(key.bits(), 256);
  const auto ec = EcPublicKey::parse(key);
  ASSERT_TRUE(ec) << to_string(ec.error());
  EXPECT_TRUE(ec->named_curve.empty());
  ASSERT_TRUE(ec->specified_curve);
  const SpecifiedCurve& curve = *ec->specified_curve;
  const ObjectText field_type(curve.field_type);
  EXPECT_EQ(field_type.view(), "prime-field");
  EXPECT_EQ(curve.field.size(), 35U);
  EXPECT_EQ(digits(curve.b).substr(0, 8), "5ac635d8");
  EXPECT_EQ(digits(curve.seed).substr(0, 8), "c49d3608");
  EXPECT_EQ(digits(curve.generator).substr(0, 8), "046b17d1");
  EXPECT_EQ(digits(curve.order).substr(0, 10), "00ffffffff");
  EXPECT_EQ(digits(curve.cofactor), "01");
}

TEST(EcPublicKeyTest, ACurveThatIsTheIssuers) {
  for (const char* parameters : {"", "05 00"}) {
    const Octets algorithm = sequence(oid("1.2.840.10045.2.1"), hex(parameters));
    const Octets info = key_info(algorithm, hex("04 01 02"));
    const auto ec = EcPublicKey::parse(view_of(info));
    ASSERT_TRUE(ec);
    EXPECT_TRUE(ec->named_curve.empty());
    EXPECT_FALSE(ec->specified_curve);
    EXPECT_EQ(view_of(info).bits(), 0);
  }
}

TEST(EcPublicKeyTest, Sm2IsACurveAndAnAlgorithm) {
  EXPECT_EQ(view_of(sm2_key).type(), KeyType::sm2);
  EXPECT_EQ(view_of(sm2_key).name(), "SM2");
  EXPECT_EQ(view_of(sm2_key).bits(), 256);
  EXPECT_TRUE(EcPublicKey::parse(view_of(sm2_key)));
  const Octets by_algorithm = key_info(sequence(oid("1.2.156.10197.1.301")), Octets(65));
  EXPECT_EQ(view_of(by_algorithm).name(), "SM2");
}

// An OID that is known as something else is no curve.
TEST(EcPublicKeyTest, OtherAlgorithmsAreNoCurves) {
  const Octets info =
      key_info(sequence(oid("1.2.840.10045.2.1"), oid("1.2.840.113549.1.1.1")), Octets(65));
  EXPECT_EQ(view_of(info).type(), KeyType::ec);
  EXPECT_EQ(view_of(info).bits(), 0);
}

TEST(EcPublicKeyTest, RefusesAnotherStructure) {
  const auto error = [](const Octets& parameters) {
    return error_of<EcPublicKey>(key_info(sequence(oid("1.2.840.10045.2.1"), parameters), {}));
  };
  EXPECT_EQ(error(integer("05")), "subjectPublicKeyInfo: unexpected type at byte 13");
  EXPECT_EQ(error(sequence()), "subjectPublicKeyInfo: missing at byte 15");
  EXPECT_EQ(error(sequence(integer("01"), sequence(oid("1.2.3")))),
            "subjectPublicKeyInfo: missing at byte 24");
}

TEST(PublicKeyMutationTest, AnswersStayInside) {
  check_mutations<RsaPublicKey>(rsassa_pss_key);
  check_mutations<DhPublicKey>(pkcs3_key);
  check_mutations<EcPublicKey>(p256_explicit);
  check_mutations<EcPublicKey>(p256_compressed);
  const Octets parameters = sequence(integer("7f 01"), integer("0b"), integer("04"));
  check_mutations<DsaPublicKey>(
      key_info(sequence(oid("1.2.840.10040.4.1"), parameters), integer("09")));
}

}  // namespace
}  // namespace peercert
