// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <peercert/der/distinguished.hpp>
#include <peercert/x509/field.hpp>
#include <peercert/x509/public_key.hpp>

#include "x509/lint/inspection.hpp"

namespace peercert {
namespace {

constexpr int kMinRsaBits = 2048;  // CA/Browser Forum, Baseline Requirements, 6.1.5
constexpr std::size_t kX25519Len = 32;
constexpr std::size_t kX448Len = 56;
constexpr std::size_t kEd448Len = 57;

// The key is DER inside its BIT STRING, and nothing stands behind it.
void check_encoding(Bytes key, Inspection& in) noexcept {
  const std::uint8_t* at = key.data();
  const std::uint8_t* const end = at + key.size();
  der::Element element;
  if (read_element(at, end, element) != Errc::ok) return;  // then it is no key either
  Findings found;
  der::find_der_defects(element.encoded(), 0, found);
  for (const Finding& finding : found) in.add(finding.code, key.data() + finding.offset);
  if (at != end) in.add(FindingCode::trailing_octets, at);
}

bool is_odd(Bytes integer) noexcept { return (integer.back() & 1) != 0; }

// RFC 8017, 3.1: n and e are odd, and e is at least 3.
void check_rsa(const RsaPublicKey& key, const std::uint8_t* at, Inspection& in) noexcept {
  const int bits = bits_of(key.modulus);
  if (bits == 0 || !is_odd(key.modulus)) return in.add(FindingCode::malformed_key, at);
  in.expect(bits >= kMinRsaBits, FindingCode::weak_key, at);
  const bool is_usual = bits_of(key.public_exponent) > 1 && is_odd(key.public_exponent);
  in.expect(is_usual, FindingCode::rsa_exponent, at);
}

// SEC 1, 2.3.3: the octets of a point on a curve over a field of that size; 0 bits: not known.
bool has_point_len(const EcPublicKey& key, int bits) noexcept {
  const auto coordinate_len = static_cast<std::size_t>(bits + 7) / 8;
  switch (key.point_form()) {
    case PointForm::compressed: return bits == 0 || key.point.size() == 1 + coordinate_len;
    case PointForm::uncompressed:
    case PointForm::hybrid: return bits == 0 || key.point.size() == 1 + 2 * coordinate_len;
    case PointForm::unknown:
    case PointForm::infinity: break;
  }
  return false;
}

// RFC 5480, 2.1.1: the curve is named, neither spelt out nor inherited.
void check_ec(const EcPublicKey& key, int bits, const std::uint8_t* at, Inspection& in) noexcept {
  in.expect(!key.named_curve.empty(), FindingCode::algorithm_parameters,
            Field::subject_public_key_info);
  in.expect(has_point_len(key, bits), FindingCode::malformed_key, at);
}

// RFC 8410, 3 and 4: no parameters, and octets of one length.
void check_octets(const PublicKeyView& key, std::size_t len, Inspection& in) noexcept {
  in.expect(key.algorithm.parameters.empty(), FindingCode::algorithm_parameters,
            Field::subject_public_key_info);
  in.expect(key.key.size() == len, FindingCode::malformed_key, Field::subject_public_key_info);
}

// Gives the key to `check` if it can be read.
template <class Key, class Check>
void check_parsed(const PublicKeyView& view, Inspection& in, Check check) noexcept {
  const Result<Key> key = Key::parse(view);
  if (key) return check(*key);
  // What is missing at the end is a finding about the last octet.
  const std::size_t offset = std::min<std::size_t>(key.error().offset, view.der.size() - 1);
  in.add(FindingCode::malformed_key, view.der.data() + offset);
}

// RFC 3279, 2.3.1: the parameters are NULL.
bool has_null(const AlgorithmIdentifier& algorithm) noexcept {
  return !algorithm.parameters.empty() && algorithm.parameters[0] == der::kNull;
}

}  // namespace

void check_public_key(Inspection& in) noexcept {
  const PublicKeyView view = in.certificate().subject_public_key_info();
  const std::uint8_t* const at = view.key.data();
  switch (view.type()) {
    case KeyType::rsa:
      in.expect(has_null(view.algorithm), FindingCode::algorithm_parameters,
                Field::subject_public_key_info);
      [[fallthrough]];
    case KeyType::rsassa_pss:
      check_encoding(view.key, in);
      return check_parsed<RsaPublicKey>(
          view, in, [&](const RsaPublicKey& key) noexcept { check_rsa(key, at, in); });
    case KeyType::dsa:
      check_encoding(view.key, in);
      return check_parsed<DsaPublicKey>(view, in, [](const DsaPublicKey&) noexcept {});
    case KeyType::dh:
      check_encoding(view.key, in);
      return check_parsed<DhPublicKey>(view, in, [](const DhPublicKey&) noexcept {});
    case KeyType::ec:
    case KeyType::sm2:
      return check_parsed<EcPublicKey>(
          view, in, [&](const EcPublicKey& key) noexcept { check_ec(key, view.bits(), at, in); });
    case KeyType::x25519:
    case KeyType::ed25519: return check_octets(view, kX25519Len, in);
    case KeyType::x448: return check_octets(view, kX448Len, in);
    case KeyType::ed448: return check_octets(view, kEd448Len, in);
    default: return;
  }
}

}  // namespace peercert
