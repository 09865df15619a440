// SPDX-License-Identifier: Apache-2.0
#include <bit>
#include <charconv>

#include <peercert/x509/field.hpp>
#include <peercert/x509/object_names.hpp>
#include <peercert/x509/public_key.hpp>

#include "x509/algorithms.hpp"
#include "x509/oids.hpp"

namespace peercert {
namespace {

// What FIPS 186 calls the curves, which nobody calls by OpenSSL's names.
struct Curve {
  Bytes oid;
  std::string_view name;
};
constexpr Curve kNistCurves[] = {
    {oids::kP256, "P-256"},
    {oids::kP384, "P-384"},
    {oids::kP521, "P-521"},
};

constexpr auto kDhKeyAgreement = der::make_oid<1, 2, 840, 113549, 1, 3, 1>();

Bytes oid_of_element(Bytes encoded) noexcept {
  der::Progress progress{encoded.data()};
  return der::Reader(encoded, progress).read_oid();
}

std::string_view long_name(Bytes oid) noexcept {
  const std::optional<ObjectName> name = find_object_name(oid);
  return name ? name->long_name : std::string_view();
}

std::string_view curve_name(Bytes oid) noexcept {
  for (const Curve& curve : kNistCurves) {
    if (oids::equal(oid, curve.oid)) return curve.name;
  }
  return long_name(oid);
}

// SM2 goes as id-ecPublicKey, with a curve whose OID is that of the algorithm.
const KeyAlgorithm* algorithm_of(const PublicKeyView& key) noexcept {
  const KeyAlgorithm* const known = find_key_algorithm(key.algorithm.algorithm);
  if (known == nullptr || known->type != KeyType::ec) return known;
  const KeyAlgorithm* const curve = find_key_algorithm(oid_of_element(key.algorithm.parameters));
  return curve != nullptr && curve->type == KeyType::sm2 ? curve : known;
}

// Every standard names its curves by the size of their field: P-256, secp256k1, brainpoolP384r1.
int bits_in_name(std::string_view curve) noexcept {
  const std::size_t at = curve.find_first_of("123456789");
  int bits = 0;
  if (at != curve.npos) std::from_chars(curve.data() + at, curve.data() + curve.size(), bits);
  constexpr int kLeastBits = 100;  // a smaller number is something else
  return bits < kLeastBits ? 0 : bits;
}

int bits_of_curve(const PublicKeyView& key) noexcept {
  const Result<EcPublicKey> ec = EcPublicKey::parse(key);
  if (!ec) return 0;
  if (ec->specified_curve) return bits_of(ec->specified_curve->order);
  return bits_in_name(curve_name(ec->named_curve));
}

// The INTEGER whose size is that of the key; empty if it cannot be read.
Bytes modulus_of(const PublicKeyView& key, KeyType type) noexcept {
  switch (type) {
    case KeyType::rsa:
    case KeyType::rsassa_pss: {
      const Result<RsaPublicKey> rsa = RsaPublicKey::parse(key);
      return rsa ? rsa->modulus : Bytes();
    }
    case KeyType::dsa: {
      const Result<DsaPublicKey> dsa = DsaPublicKey::parse(key);
      return dsa ? dsa->p : Bytes();
    }
    case KeyType::dh: {
      const Result<DhPublicKey> dh = DhPublicKey::parse(key);
      return dh ? dh->p : Bytes();
    }
    default: return {};
  }
}

der::Progress progress_of(const PublicKeyView& key) noexcept {
  return {key.der.data(), Field::subject_public_key_info};
}

// The INTEGER that is all of a DSA or DH key.
Bytes read_lone_integer(Bytes octets, der::Progress& progress) noexcept {
  return der::Reader(octets, progress).read_integer();
}

// FieldID ::= SEQUENCE { fieldType OBJECT IDENTIFIER, parameters ANY DEFINED BY fieldType }
// Curve ::= SEQUENCE {
//     a     FieldElement,  -- OCTET STRING
//     b     FieldElement,
//     seed  BIT STRING OPTIONAL }
// SpecifiedECDomain ::= SEQUENCE {
//     version   INTEGER,
//     fieldID   FieldID,
//     curve     Curve,
//     base      ECPoint,  -- OCTET STRING
//     order     INTEGER,
//     cofactor  INTEGER OPTIONAL,
//     hash      HashAlgorithm OPTIONAL, ... }
SpecifiedCurve read_specified_curve(der::Reader in) noexcept {
  SpecifiedCurve out;
  in.read_integer();
  der::Reader field_id = in.enter(der::kSequence);
  out.field_type = field_id.read_oid();
  out.field = field_id.read_any().encoded();
  der::Reader curve = in.enter(der::kSequence);
  out.a = curve.read(der::kOctetString).content();
  out.b = curve.read(der::kOctetString).content();
  if (curve.next_is(der::kBitString)) {
    const Bytes seed = curve.read_bit_string();
    if (!seed.empty()) out.seed = seed.subspan(1);
  }
  out.generator = in.read(der::kOctetString).content();
  out.order = in.read_integer();
  if (in.next_is(der::kInteger)) out.cofactor = in.read_integer();
  return out;
}

}  // namespace

KeyType PublicKeyView::type() const noexcept {
  const KeyAlgorithm* const known = algorithm_of(*this);
  return known != nullptr ? known->type : KeyType::unknown;
}

std::string_view PublicKeyView::name() const noexcept {
  const KeyAlgorithm* const known = algorithm_of(*this);
  if (known == nullptr) return algorithm.name();
  if (known->type != KeyType::ec) return known->name;
  const std::string_view curve = curve_name(oid_of_element(algorithm.parameters));
  return curve.empty() ? algorithm.name() : curve;
}

int PublicKeyView::bits() const noexcept {
  const KeyAlgorithm* const known = algorithm_of(*this);
  if (known == nullptr) return 0;
  if (known->bits != 0) return known->bits;
  if (known->type == KeyType::ec) return bits_of_curve(*this);
  return bits_of(modulus_of(*this, known->type));
}

PublicKeyView read_subject_public_key_info(der::Reader& in) noexcept {
  const der::Element info = in.read(der::kSequence);
  der::Reader inside = in.inside(info);
  PublicKeyView out;
  out.der = info.encoded();
  out.algorithm = read_algorithm_identifier(inside);
  if (out.algorithm.algorithm.size() > kMaxOidLen) {
    inside.fail(Errc::oid_too_long, out.algorithm.algorithm.data());
  }
  const Bytes key = inside.read_bit_string();
  if (!key.empty()) out.key = key.subspan(1);
  inside.finish();
  return out;
}

int bits_of(Bytes integer) noexcept {
  if (integer.empty() || (integer[0] & 0x80)) return 0;
  while (!integer.empty() && integer[0] == 0) integer = integer.subspan(1);
  if (integer.empty()) return 0;
  return static_cast<int>((integer.size() - 1) * 8) + std::bit_width(integer[0]);
}

// RSAPublicKey ::= SEQUENCE {
//     modulus         INTEGER,
//     publicExponent  INTEGER }
Result<RsaPublicKey> RsaPublicKey::parse(const PublicKeyView& key) noexcept {
  der::Progress progress = progress_of(key);
  der::Reader in(key.key, progress);
  der::Reader rsa_public_key = in.enter(der::kSequence);
  RsaPublicKey out;
  out.modulus = rsa_public_key.read_integer();
  out.public_exponent = rsa_public_key.read_integer();
  rsa_public_key.finish();
  der::Reader parameters(key.algorithm.parameters, progress);
  if (key.type() == KeyType::rsassa_pss && parameters.more()) {
    out.rsassa_pss = read_rsassa_pss_parameters(parameters);
  }
  if (progress.failed()) return progress.error;
  return out;
}

// Dss-Parms ::= SEQUENCE {
//     p  INTEGER,
//     q  INTEGER,
//     g  INTEGER }
Result<DsaPublicKey> DsaPublicKey::parse(const PublicKeyView& key) noexcept {
  der::Progress progress = progress_of(key);
  DsaPublicKey out;
  der::Reader parameters(key.algorithm.parameters, progress);
  if (parameters.next_is(der::kSequence)) {
    der::Reader dss_parms = parameters.enter(der::kSequence);
    out.p = dss_parms.read_integer();
    out.q = dss_parms.read_integer();
    out.g = dss_parms.read_integer();
    dss_parms.finish();
  }
  out.y = read_lone_integer(key.key, progress);
  if (progress.failed()) return progress.error;
  return out;
}

// DomainParameters ::= SEQUENCE {
//     p                INTEGER,
//     g                INTEGER,
//     q                INTEGER,
//     j                INTEGER OPTIONAL,
//     validationParms  ValidationParms OPTIONAL }
// DHParameter ::= SEQUENCE {
//     prime               INTEGER,
//     base                INTEGER,
//     privateValueLength  INTEGER OPTIONAL }
Result<DhPublicKey> DhPublicKey::parse(const PublicKeyView& key) noexcept {
  der::Progress progress = progress_of(key);
  DhPublicKey out;
  der::Reader parameters(key.algorithm.parameters, progress);
  der::Reader domain = parameters.enter(der::kSequence);
  out.p = domain.read_integer();
  out.g = domain.read_integer();
  const bool is_pkcs3 = oids::equal(key.algorithm.algorithm, kDhKeyAgreement);
  if (!is_pkcs3) out.q = domain.read_integer();
  out.y = read_lone_integer(key.key, progress);
  if (progress.failed()) return progress.error;
  return out;
}

std::string_view to_string(PointForm form) noexcept {
  switch (form) {
    case PointForm::unknown: return "";
    case PointForm::infinity: return "infinity";
    case PointForm::compressed: return "compressed";
    case PointForm::uncompressed: return "uncompressed";
    case PointForm::hybrid: return "hybrid";
  }
  return "";
}

PointForm EcPublicKey::point_form() const noexcept {
  if (point.empty()) return PointForm::unknown;
  switch (point[0]) {
    case 0x00: return PointForm::infinity;
    case 0x02:
    case 0x03: return PointForm::compressed;
    case 0x04: return PointForm::uncompressed;
    case 0x06:
    case 0x07: return PointForm::hybrid;
    default: return PointForm::unknown;
  }
}

// ECParameters ::= CHOICE {
//     namedCurve      OBJECT IDENTIFIER,
//     implicitCurve   NULL,
//     specifiedCurve  SpecifiedECDomain }
Result<EcPublicKey> EcPublicKey::parse(const PublicKeyView& key) noexcept {
  der::Progress progress = progress_of(key);
  EcPublicKey out;
  out.point = key.key;
  der::Reader parameters(key.algorithm.parameters, progress);
  if (parameters.next_is(der::kOid)) {
    out.named_curve = parameters.read_oid();
  } else if (parameters.next_is(der::kSequence)) {
    out.specified_curve = read_specified_curve(parameters.enter(der::kSequence));
  } else if (parameters.more()) {
    parameters.read(der::kNull);
  }
  if (progress.failed()) return progress.error;
  return out;
}

}  // namespace peercert
