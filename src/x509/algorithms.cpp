// SPDX-License-Identifier: Apache-2.0
#include "x509/algorithms.hpp"

#include <algorithm>
#include <iterator>

namespace peercert {
namespace {

using namespace std::string_view_literals;
using enum KeyType;

// 2.16.840.1.101.3.4.3 and .4: sigAlgs and kems of NIST's Computer Security Objects Register. In
// certificates: RFC 9881 (ML-DSA), RFC 9909 (SLH-DSA), RFC 9935 (ML-KEM).
constexpr std::string_view kNistSignatures = "\x60\x86\x48\x01\x65\x03\x04\x03"sv;
constexpr std::string_view kNistKems = "\x60\x86\x48\x01\x65\x03\x04\x04"sv;
constexpr std::string_view kPkcs1 = "\x2a\x86\x48\x86\xf7\x0d\x01\x01"sv;      // 1.2.840.113549.1.1
constexpr std::string_view kEcdsaWithSha2 = "\x2a\x86\x48\xce\x3d\x04\x03"sv;  // 1.2.840.10045.4.3
constexpr std::string_view kCryptoPro = "\x2a\x85\x03\x02\x02"sv;              // 1.2.643.2.2
constexpr std::string_view kTc26Keys = "\x2a\x85\x03\x07\x01\x01\x01"sv;       // 1.2.643.7.1.1.1
constexpr std::string_view kTc26Signatures = "\x2a\x85\x03\x07\x01\x01\x03"sv;  // 1.2.643.7.1.1.3

constexpr KeyAlgorithm kKeyAlgorithms[] = {
    {kPkcs1, 0x01, rsa, "RSA"},
    {kPkcs1, 0x0a, rsassa_pss, "RSASSA-PSS"},
    {"\x2a\x86\x48\xce\x38\x04"sv, 0x01, dsa, "DSA"},           // 1.2.840.10040.4.1
    {"\x2a\x86\x48\xce\x3e\x02"sv, 0x01, dh, "DH"},             // 1.2.840.10046.2.1
    {"\x2a\x86\x48\x86\xf7\x0d\x01\x03"sv, 0x01, dh, "DH"},     // 1.2.840.113549.1.3.1
    {"\x2a\x86\x48\xce\x3d\x02"sv, 0x01, ec, "EC"},             // 1.2.840.10045.2.1
    {"\x2b\x81\x04\x01"sv, 0x0c, ec, "EC"},                     // 1.3.132.1.12, id-ecDH
    {"\x2b\x81\x04\x01"sv, 0x0d, ec, "EC"},                     // 1.3.132.1.13, id-ecMQV
    {"\x2a\x81\x1c\xcf\x55\x01\x82"sv, 0x2d, sm2, "SM2", 256},  // 1.2.156.10197.1.301
    {"\x2b\x65"sv, 0x6e, x25519, "X25519", 256},
    {"\x2b\x65"sv, 0x6f, x448, "X448", 448},
    {"\x2b\x65"sv, 0x70, ed25519, "Ed25519", 256},
    {"\x2b\x65"sv, 0x71, ed448, "Ed448", 456},
    {kCryptoPro, 0x13, gost, "GOST R 34.10-2001", 256},
    {kCryptoPro, 0x14, gost, "GOST R 34.10-94", 1024},
    {kTc26Keys, 0x01, gost, "GOST R 34.10-2012", 256},
    {kTc26Keys, 0x02, gost, "GOST R 34.10-2012", 512},
    {kNistSignatures, 0x11, ml_dsa, "ML-DSA-44"},
    {kNistSignatures, 0x12, ml_dsa, "ML-DSA-65"},
    {kNistSignatures, 0x13, ml_dsa, "ML-DSA-87"},
    {kNistSignatures, 0x14, slh_dsa, "SLH-DSA-SHA2-128s"},
    {kNistSignatures, 0x15, slh_dsa, "SLH-DSA-SHA2-128f"},
    {kNistSignatures, 0x16, slh_dsa, "SLH-DSA-SHA2-192s"},
    {kNistSignatures, 0x17, slh_dsa, "SLH-DSA-SHA2-192f"},
    {kNistSignatures, 0x18, slh_dsa, "SLH-DSA-SHA2-256s"},
    {kNistSignatures, 0x19, slh_dsa, "SLH-DSA-SHA2-256f"},
    {kNistSignatures, 0x1a, slh_dsa, "SLH-DSA-SHAKE-128s"},
    {kNistSignatures, 0x1b, slh_dsa, "SLH-DSA-SHAKE-128f"},
    {kNistSignatures, 0x1c, slh_dsa, "SLH-DSA-SHAKE-192s"},
    {kNistSignatures, 0x1d, slh_dsa, "SLH-DSA-SHAKE-192f"},
    {kNistSignatures, 0x1e, slh_dsa, "SLH-DSA-SHAKE-256s"},
    {kNistSignatures, 0x1f, slh_dsa, "SLH-DSA-SHAKE-256f"},
    {kNistSignatures, 0x20, ml_dsa, "HashML-DSA-44-with-SHA512"},
    {kNistSignatures, 0x21, ml_dsa, "HashML-DSA-65-with-SHA512"},
    {kNistSignatures, 0x22, ml_dsa, "HashML-DSA-87-with-SHA512"},
    {kNistSignatures, 0x23, slh_dsa, "HashSLH-DSA-SHA2-128s-with-SHA256"},
    {kNistSignatures, 0x24, slh_dsa, "HashSLH-DSA-SHA2-128f-with-SHA256"},
    {kNistSignatures, 0x25, slh_dsa, "HashSLH-DSA-SHA2-192s-with-SHA512"},
    {kNistSignatures, 0x26, slh_dsa, "HashSLH-DSA-SHA2-192f-with-SHA512"},
    {kNistSignatures, 0x27, slh_dsa, "HashSLH-DSA-SHA2-256s-with-SHA512"},
    {kNistSignatures, 0x28, slh_dsa, "HashSLH-DSA-SHA2-256f-with-SHA512"},
    {kNistSignatures, 0x29, slh_dsa, "HashSLH-DSA-SHAKE-128s-with-SHAKE128"},
    {kNistSignatures, 0x2a, slh_dsa, "HashSLH-DSA-SHAKE-128f-with-SHAKE128"},
    {kNistSignatures, 0x2b, slh_dsa, "HashSLH-DSA-SHAKE-192s-with-SHAKE256"},
    {kNistSignatures, 0x2c, slh_dsa, "HashSLH-DSA-SHAKE-192f-with-SHAKE256"},
    {kNistSignatures, 0x2d, slh_dsa, "HashSLH-DSA-SHAKE-256s-with-SHAKE256"},
    {kNistSignatures, 0x2e, slh_dsa, "HashSLH-DSA-SHAKE-256f-with-SHAKE256"},
    {kNistKems, 0x01, ml_kem, "ML-KEM-512"},
    {kNistKems, 0x02, ml_kem, "ML-KEM-768"},
    {kNistKems, 0x03, ml_kem, "ML-KEM-1024"},
};

// RFC 3279, 2.2; RFC 4055; RFC 5758; RFC 8410; RFC 8702; NIST's register.
constexpr SigningAlgorithm kSigningAlgorithms[] = {
    {kPkcs1, 0x02, rsa, "MD2"},
    {kPkcs1, 0x03, rsa, "MD4"},
    {kPkcs1, 0x04, rsa, "MD5"},
    {kPkcs1, 0x05, rsa, "SHA1"},
    {kPkcs1, 0x0b, rsa, "SHA256"},
    {kPkcs1, 0x0c, rsa, "SHA384"},
    {kPkcs1, 0x0d, rsa, "SHA512"},
    {kPkcs1, 0x0e, rsa, "SHA224"},
    {kPkcs1, 0x0f, rsa, "SHA512-224"},
    {kPkcs1, 0x10, rsa, "SHA512-256"},
    {kNistSignatures, 0x0d, rsa, "SHA3-224"},
    {kNistSignatures, 0x0e, rsa, "SHA3-256"},
    {kNistSignatures, 0x0f, rsa, "SHA3-384"},
    {kNistSignatures, 0x10, rsa, "SHA3-512"},
    {"\x2b\x0e\x03\x02"sv, 0x03, rsa, "MD5"},            // 1.3.14.3.2.3
    {"\x2b\x0e\x03\x02"sv, 0x1d, rsa, "SHA1"},           // 1.3.14.3.2.29
    {"\x2b\x24\x03\x03\x01"sv, 0x02, rsa, "RIPEMD160"},  // 1.3.36.3.3.1.2
    {"\x2b\x0e\x03\x02"sv, 0x1b, dsa, "SHA1"},           // 1.3.14.3.2.27
    {"\x2a\x86\x48\xce\x38\x04"sv, 0x03, dsa, "SHA1"},   // 1.2.840.10040.4.3
    {kNistSignatures, 0x01, dsa, "SHA224"},
    {kNistSignatures, 0x02, dsa, "SHA256"},
    {kNistSignatures, 0x03, dsa, "SHA384"},
    {kNistSignatures, 0x04, dsa, "SHA512"},
    {kNistSignatures, 0x05, dsa, "SHA3-224"},
    {kNistSignatures, 0x06, dsa, "SHA3-256"},
    {kNistSignatures, 0x07, dsa, "SHA3-384"},
    {kNistSignatures, 0x08, dsa, "SHA3-512"},
    {"\x2a\x86\x48\xce\x3d\x04"sv, 0x01, ec, "SHA1"},
    {kEcdsaWithSha2, 0x01, ec, "SHA224"},
    {kEcdsaWithSha2, 0x02, ec, "SHA256"},
    {kEcdsaWithSha2, 0x03, ec, "SHA384"},
    {kEcdsaWithSha2, 0x04, ec, "SHA512"},
    {kNistSignatures, 0x09, ec, "SHA3-224"},
    {kNistSignatures, 0x0a, ec, "SHA3-256"},
    {kNistSignatures, 0x0b, ec, "SHA3-384"},
    {kNistSignatures, 0x0c, ec, "SHA3-512"},
    {"\x2a\x81\x1c\xcf\x55\x01\x83"sv, 0x75, sm2, "SM3"},  // 1.2.156.10197.1.501
    {kCryptoPro, 0x03, gost, "md_gost94"},
    {kCryptoPro, 0x04, gost, "md_gost94"},
    {kTc26Signatures, 0x02, gost, "md_gost12_256"},
    {kTc26Signatures, 0x03, gost, "md_gost12_512"},
};

template <class Row, std::size_t kSize>
const Row* find(const Row (&rows)[kSize], Bytes oid) noexcept {
  if (oid.empty()) return nullptr;
  const std::string_view arc(reinterpret_cast<const char*>(oid.data()), oid.size() - 1);
  const auto is_it = [&](const Row& row) { return row.last == oid.back() && row.arc == arc; };
  const Row* const row = std::ranges::find_if(rows, is_it);
  return row == std::end(rows) ? nullptr : row;
}

}  // namespace

const KeyAlgorithm* find_key_algorithm(Bytes oid) noexcept { return find(kKeyAlgorithms, oid); }

const SigningAlgorithm* find_signing_algorithm(Bytes oid) noexcept {
  return find(kSigningAlgorithms, oid);
}

std::string_view to_string(KeyType type) noexcept {
  switch (type) {
    case unknown: return "";
    case rsa: return "RSA";
    case rsassa_pss: return "RSASSA-PSS";
    case dsa: return "DSA";
    case dh: return "DH";
    case ec: return "EC";
    case sm2: return "SM2";
    case x25519: return "X25519";
    case x448: return "X448";
    case ed25519: return "Ed25519";
    case ed448: return "Ed448";
    case gost: return "GOST";
    case ml_dsa: return "ML-DSA";
    case slh_dsa: return "SLH-DSA";
    case ml_kem: return "ML-KEM";
  }
  return "";
}

}  // namespace peercert
