// SPDX-License-Identifier: Apache-2.0
#include "support/webpki_cases.hpp"

namespace peercert::verify::test {
namespace {

constexpr std::size_t kRsa2048Len = 256;

// INTEGERs whose first octet is 0, so that the number has all the bits of the others.
Octets rsa_key_of(std::size_t modulus_len, std::string_view exponent = "01 00 01") {
  return rsa_key(concat(hex("00"), Octets(modulus_len, 0xff)), hex(exponent));
}

Octets with_null(std::string_view id) { return sequence(oid(id), tlv(der::kNull, Octets{})); }

void sign_with(PathCertificateBuilder& certificate, const Octets& algorithm) {
  certificate.signature = certificate.signature_algorithm = algorithm;
}

constexpr Case kAlgorithmCases[] = {
    {"signature-algorithm-mismatch", "both RSA", kAccepted,
     [](Scenario& s) { sign_with(s.leaf(), with_null("1.2.840.113549.1.1.11")); }},
    {"signature-algorithm-mismatch", "another algorithm", 0,
     [](Scenario& s) { s.leaf().signature = algorithm("1.2.840.10045.4.3.3"); }},
    {"signature-algorithm-mismatch", "other parameters, in a root", 2,
     [](Scenario& s) { s.root().signature = with_null("1.2.840.10045.4.3.2"); }},
    {"signature-algorithm-weak", "Ed25519", kAccepted,
     [](Scenario& s) { sign_with(s.leaf(), algorithm("1.3.101.112")); }},
    {"signature-algorithm-weak", "SHA-512 with RSA", kAccepted,
     [](Scenario& s) { sign_with(s.leaf(), with_null("1.2.840.113549.1.1.13")); }},
    {"signature-algorithm-weak", "SHA-384 with ECDSA", kAccepted,
     [](Scenario& s) { sign_with(s.leaf(), algorithm("1.2.840.10045.4.3.3")); }},
    {"signature-algorithm-weak", "SHA-224 with ECDSA", 0,
     [](Scenario& s) { sign_with(s.leaf(), algorithm("1.2.840.10045.4.3.1")); }},
    {"signature-algorithm-weak", "ML-DSA-65", kAccepted,
     [](Scenario& s) { sign_with(s.leaf(), algorithm("2.16.840.1.101.3.4.3.18")); }},
    {"signature-algorithm-weak", "MD5 in a root", kAccepted,
     [](Scenario& s) { sign_with(s.root(), with_null("1.2.840.113549.1.1.4")); }},
    {"signature-algorithm-weak", "SHA-1 with RSA", 0,
     [](Scenario& s) { sign_with(s.leaf(), with_null("1.2.840.113549.1.1.5")); }},
    {"signature-algorithm-weak", "MD5 with RSA", 1,
     [](Scenario& s) { sign_with(s.intermediate(), with_null("1.2.840.113549.1.1.4")); }},
    {"signature-algorithm-weak", "SHA-1 with ECDSA", 0,
     [](Scenario& s) { sign_with(s.leaf(), algorithm("1.2.840.10045.4.1")); }},
    {"signature-algorithm-weak", "SHA-256 with DSA", 0,
     [](Scenario& s) { sign_with(s.leaf(), algorithm("2.16.840.1.101.3.4.3.2")); }},
    {"signature-algorithm-weak", "RSASSA-PSS with the default, SHA-1", 0,
     [](Scenario& s) { sign_with(s.leaf(), sequence(oid("1.2.840.113549.1.1.10"), sequence())); }},
    {"signature-algorithm-weak", "an unknown one", 0,
     [](Scenario& s) { sign_with(s.leaf(), algorithm("1.2.3.4")); }},
    {"key-type", "Ed25519", kAccepted,
     [](Scenario& s) {
       s.leaf().public_key = sequence(algorithm("1.3.101.112"), tlv(der::kBitString, Octets(33)));
     }},
    {"key-type", "DSA", 0,
     [](Scenario& s) {
       s.leaf().public_key = sequence(algorithm("1.2.840.10040.4.1"), bits("02 01 01"));
     }},
    {"key-type", "X25519 in a root", 2,
     [](Scenario& s) {
       s.root().public_key = sequence(algorithm("1.3.101.110"), tlv(der::kBitString, Octets(33)));
     }},
    {"key-malformed", "a compressed point", kAccepted,
     [](Scenario& s) {
       Octets point(1 + 32, 0x11);
       point[0] = 0x02;
       s.leaf().public_key =
           sequence(sequence(oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7")),
                    tlv(der::kBitString, concat(hex("00"), point)));
     }},
    {"key-malformed", "a compressed point of another curve", 0,
     [](Scenario& s) {
       s.leaf().public_key =
           sequence(sequence(oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7")),
                    tlv(der::kBitString, concat(hex("00 02"), Octets(48, 0x11))));
     }},
    {"key-malformed", "an uncompressed point with the length of a compressed one", 0,
     [](Scenario& s) {
       s.leaf().public_key =
           sequence(sequence(oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7")),
                    tlv(der::kBitString, concat(hex("00 04"), Octets(32, 0x11))));
     }},
    {"key-malformed", "a point of another curve", 0,
     [](Scenario& s) { s.leaf().public_key = ec_key("1.2.840.10045.3.1.7", 48); }},
    {"key-malformed", "no RSA key", 1,
     [](Scenario& s) {
       s.intermediate().public_key =
           sequence(with_null("1.2.840.113549.1.1.1"), tlv(der::kBitString, hex("00")));
     }},
    {"rsa-key-size", "2048 bits", kAccepted,
     [](Scenario& s) { s.leaf().public_key = rsa_key_of(kRsa2048Len); }},
    {"rsa-key-size", "3072 bits", kAccepted,
     [](Scenario& s) { s.root().public_key = rsa_key_of(384); }},
    {"rsa-key-size", "2040 bits", 0,
     [](Scenario& s) { s.leaf().public_key = rsa_key_of(kRsa2048Len - 1); }},
    {"rsa-modulus-bits", "3072", kAccepted,
     [](Scenario& s) { s.root().public_key = rsa_key_of(384); }},
    {"rsa-modulus-bits", "2052, in a root", 2,
     [](Scenario& s) {
       s.root().public_key = rsa_key(concat(hex("0f"), Octets(kRsa2048Len, 0xff)), hex("01 00 01"));
     }},
    {"rsa-key-size", "a negative number", 0,
     [](Scenario& s) {
       s.leaf().public_key = rsa_key(concat(hex("80"), Octets(kRsa2048Len, 0xff)), hex("03"));
     }},
    {"rsa-exponent", "3", kAccepted,
     [](Scenario& s) { s.leaf().public_key = rsa_key_of(kRsa2048Len, "03"); }},
    {"rsa-exponent", "1", 0,
     [](Scenario& s) { s.leaf().public_key = rsa_key_of(kRsa2048Len, "01"); }},
    {"rsa-exponent", "2", 0,
     [](Scenario& s) { s.leaf().public_key = rsa_key_of(kRsa2048Len, "02"); }},
    {"rsa-exponent", "65536", 0,
     [](Scenario& s) { s.leaf().public_key = rsa_key_of(kRsa2048Len, "01 00 00"); }},
    {"algorithm-not-in-br", "RSA and ECDSA", kAccepted,
     [](Scenario& s) {
       s.root().public_key = rsa_key_of(kRsa2048Len);
       sign_with(s.intermediate(), with_null("1.2.840.113549.1.1.11"));
     }},
    {"algorithm-not-in-br", "a signature of Ed25519 in a root", kAccepted,
     [](Scenario& s) { sign_with(s.root(), algorithm("1.3.101.112")); }},
    {"algorithm-not-in-br", "a signature of Ed25519", 0,
     [](Scenario& s) { sign_with(s.leaf(), algorithm("1.3.101.112")); }},
    {"algorithm-not-in-br", "a signature of ML-DSA-65", 1,
     [](Scenario& s) { sign_with(s.intermediate(), algorithm("2.16.840.1.101.3.4.3.18")); }},
    {"algorithm-not-in-br", "a key for Ed448, in a root", 2,
     [](Scenario& s) {
       s.root().public_key = sequence(algorithm("1.3.101.113"), tlv(der::kBitString, Octets(58)));
     }},
    {"ec-curve", "P-521", kAccepted,
     [](Scenario& s) { s.leaf().public_key = ec_key("1.3.132.0.35", 66); }},
    {"ec-curve", "P-384", kAccepted,
     [](Scenario& s) { s.leaf().public_key = ec_key("1.3.132.0.34", 48); }},
    {"ec-curve", "P-192", 0,
     [](Scenario& s) { s.leaf().public_key = ec_key("1.2.840.10045.3.1.1", 24); }},
    {"ec-curve", "secp256k1, in a root", 2,
     [](Scenario& s) { s.root().public_key = ec_key("1.3.132.0.10", 32); }},
    {"ec-curve", "the issuer's", 0,
     [](Scenario& s) {
       s.leaf().public_key = sequence(sequence(oid("1.2.840.10045.2.1"), tlv(der::kNull, Octets{})),
                                      bits("02 01 01"));
     }},
};

TEST(WebpkiAlgorithms, Cases) { check_cases(algorithm_cases()); }

}  // namespace

std::span<const Case> algorithm_cases() { return kAlgorithmCases; }

}  // namespace peercert::verify::test
