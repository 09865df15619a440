// SPDX-License-Identifier: Apache-2.0
#include <bit>

#include <peercert/der/values.hpp>
#include <peercert/x509/object_names.hpp>
#include <peercert/x509/public_key.hpp>

#include "x509/oids.hpp"

namespace peercert {
namespace {

struct Curve {
  Bytes oid;
  std::string_view name;
  int bits;
};
constexpr Curve kCurves[] = {
    {oids::kP256, "P-256", 256},      {oids::kP384, "P-384", 384},  {oids::kP521, "P-521", 521},
    {oids::kEd25519, "Ed25519", 256}, {oids::kEd448, "Ed448", 456},
};

Bytes oid_of_element(Bytes encoded) noexcept {
  der::Progress progress{encoded.data()};
  return der::Reader(encoded, progress).read_oid();
}

// RFC 5480 names the curve in the parameters, RFC 8410 in the algorithm itself.
Bytes curve_oid(const AlgorithmIdentifier& algorithm) noexcept {
  const bool is_ec = oids::equal(algorithm.algorithm, oids::kEcPublicKey);
  return is_ec ? oid_of_element(algorithm.parameters) : algorithm.algorithm;
}

const Curve* find_curve(const AlgorithmIdentifier& algorithm) noexcept {
  const Bytes oid = curve_oid(algorithm);
  for (const Curve& curve : kCurves) {
    if (oids::equal(oid, curve.oid)) return &curve;
  }
  return nullptr;
}

std::string_view long_name(Bytes oid) noexcept {
  const std::optional<ObjectName> name = find_object_name(oid);
  return name ? name->long_name : std::string_view();
}

// RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }, RFC 8017, A.1.1.
int rsa_bits(Bytes key) noexcept {
  der::Progress progress{key.data()};
  der::Reader in(key, progress);
  der::Reader rsa_public_key = in.enter(der::kSequence);
  Bytes modulus = rsa_public_key.read_integer();
  while (!modulus.empty() && modulus[0] == 0) modulus = modulus.subspan(1);
  if (modulus.empty()) return 0;
  return static_cast<int>((modulus.size() - 1) * 8) + std::bit_width(modulus[0]);
}

}  // namespace

std::string_view AlgorithmIdentifier::name() const noexcept { return long_name(algorithm); }

std::string_view PublicKeyView::name() const noexcept {
  if (oids::equal(algorithm.algorithm, oids::kRsaEncryption)) return "RSA";
  if (const Curve* curve = find_curve(algorithm)) return curve->name;
  const std::string_view curve_name = long_name(curve_oid(algorithm));
  return curve_name.empty() ? algorithm.name() : curve_name;
}

int PublicKeyView::bits() const noexcept {
  if (oids::equal(algorithm.algorithm, oids::kRsaEncryption)) return rsa_bits(key);
  const Curve* curve = find_curve(algorithm);
  return curve != nullptr ? curve->bits : 0;
}

AlgorithmIdentifier read_algorithm_identifier(der::Reader& in) noexcept {
  der::Reader algorithm_identifier = in.enter(der::kSequence);
  AlgorithmIdentifier out;
  out.algorithm = algorithm_identifier.read_oid();
  if (algorithm_identifier.more()) {
    const der::Element parameters = algorithm_identifier.read_any();
    // ANY: nothing but their place tells these two octets from the end of an indefinite length.
    const bool is_end_of_contents =
        parameters.identifier() == 0 && parameters.encoded().size() == 2;
    if (is_end_of_contents)
      algorithm_identifier.fail(Errc::unexpected_end, parameters.encoded().data());
    out.parameters = parameters.encoded();
  }
  algorithm_identifier.finish();
  return out;
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

}  // namespace peercert
