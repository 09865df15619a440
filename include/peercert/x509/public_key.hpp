// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include <peercert/x509/algorithm_identifier.hpp>
#include <peercert/x509/signature_algorithm.hpp>

namespace peercert {

/// SubjectPublicKeyInfo ::= SEQUENCE { algorithm, subjectPublicKey BIT STRING }. RFC 5280, 4.1.2.7.
/// Borrows the certificate's DER. The key itself is not checked: the types below read it.
struct PublicKeyView {
  Bytes der;                      // the whole SubjectPublicKeyInfo: what SPKI pins are digests of
  AlgorithmIdentifier algorithm;  // with its parameters
  Bytes key;  // content of the BIT STRING, without the byte that counts unused bits

  /// Which of the types below reads the key, if any: RsaPublicKey for rsa and rsassa_pss,
  /// DsaPublicKey, DhPublicKey, EcPublicKey for ec and sm2. The keys of the others are bytes
  /// without a structure.
  KeyType type() const noexcept;
  /// "RSA", "P-256", "Ed25519", "ML-DSA-65", or OpenSSL's long name of the curve or the algorithm;
  /// empty if there is none.
  std::string_view name() const noexcept;
  /// Bits of the modulus, of the curve's field, or of the key; 0 if not known.
  int bits() const noexcept;
};

/// Reads and checks the structure. Refuses algorithm identifiers over kMaxOidLen, as OpenSSL does.
PublicKeyView read_subject_public_key_info(der::Reader& in) noexcept;

/// Bits of an INTEGER's content; 0 if it is negative.
int bits_of(Bytes integer) noexcept;

// The keys. Each borrows the certificate's DER. INTEGERs are their content: big-endian two's
// complement. Offsets of errors count in PublicKeyView::der. Bytes after the key are not looked
// at, as in OpenSSL, nor is anything checked that needs arithmetic.

/// RSAPublicKey ::= SEQUENCE { modulus, publicExponent INTEGER }. RFC 8017, A.1.1.
struct RsaPublicKey {
  Bytes modulus;          // content of the INTEGER
  Bytes public_exponent;  // content of the INTEGER
  /// What an RSASSA-PSS key may be used with; nullopt for any, and for rsa. RFC 4055, 3.3.
  std::optional<RsassaPssParameters> rsassa_pss{};

  static Result<RsaPublicKey> parse(const PublicKeyView& key) noexcept;
};

/// DSAPublicKey ::= INTEGER, with Dss-Parms ::= SEQUENCE { p, q, g INTEGER }. RFC 3279, 2.3.2.
struct DsaPublicKey {
  Bytes y;  // content of the INTEGER
  /// Contents of INTEGERs.
  Bytes p, q, g;  // empty if the issuer's are meant

  static Result<DsaPublicKey> parse(const PublicKeyView& key) noexcept;
};

/// DHPublicKey ::= INTEGER, with DomainParameters ::= SEQUENCE { p, g, q, ... INTEGER } (RFC 3279,
/// 2.3.3) or PKCS #3's DHParameter ::= SEQUENCE { prime, base INTEGER, ... }.
struct DhPublicKey {
  Bytes y;     // content of the INTEGER
  Bytes p, g;  // contents of INTEGERs
  Bytes q;     // empty in PKCS #3

  static Result<DhPublicKey> parse(const PublicKeyView& key) noexcept;
};

/// How the point of an elliptic curve is written: its first byte. SEC 1, 2.3.3; X9.62, 4.3.6.
enum class PointForm : std::uint8_t { unknown, infinity, compressed, uncompressed, hybrid };
/// "compressed"; empty for PointForm::unknown. Static storage.
std::string_view to_string(PointForm form) noexcept;

/// SpecifiedECDomain, a curve that the key spells out instead of naming it. RFC 5480 forbids it in
/// certificates. SEC 1, C.2; RFC 3279, 2.3.5.
struct SpecifiedCurve {
  Bytes field_type;  // OID: prime-field or characteristic-two-field
  Bytes field;       // its parameters, the whole element: for prime-field the INTEGER
  /// Its coefficients.
  Bytes a, b;       // bytes of field elements
  Bytes seed;       // bytes; empty if absent
  Bytes generator;  // bytes of a point
  /// Content of the INTEGER.
  Bytes order, cofactor;  // cofactor: empty if absent
};

/// ECPoint ::= OCTET STRING, without its tag, with ECParameters ::= CHOICE { namedCurve OBJECT
/// IDENTIFIER, implicitCurve NULL, specifiedCurve SpecifiedECDomain }. RFC 5480, 2.
struct EcPublicKey {
  Bytes point;                                      // an ECPoint
  Bytes named_curve;                                // OID; empty for the two others
  std::optional<SpecifiedCurve> specified_curve{};  // neither: the issuer's is meant

  /// How the point is written, by its first byte.
  PointForm point_form() const noexcept;
  static Result<EcPublicKey> parse(const PublicKeyView& key) noexcept;
};

}  // namespace peercert
