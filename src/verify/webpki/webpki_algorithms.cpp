// SPDX-License-Identifier: Apache-2.0
#include <peercert/x509/public_key.hpp>
#include <peercert/x509/signature_algorithm.hpp>

#include "verify/webpki/rules.hpp"
#include "x509/oids.hpp"

namespace peercert::verify {
namespace {

constexpr int kMinRsaBits = 2048;
constexpr int kRsaBitsUnit = 8;
constexpr std::size_t kP256Len = 32;  // octets of a coordinate
constexpr std::size_t kP384Len = 48;
constexpr std::size_t kP521Len = 66;

// Baseline Requirements, 7.1.3.1 and 7.1.3.2.
bool is_rsa_or_ecdsa(KeyType type) noexcept {
  return type == KeyType::rsa || type == KeyType::rsassa_pss || type == KeyType::ec;
}

// Baseline Requirements, 7.1.3.2: SHA-256, SHA-384 and SHA-512 with RSA and ECDSA; and Ed25519,
// Ed448 (RFC 8410), ML-DSA (RFC 9881) and SLH-DSA (RFC 9909).
bool is_strong(const SignatureAlgorithm& algorithm) noexcept {
  if (is_rsa_or_ecdsa(algorithm.key_type)) {
    return algorithm.digest == "SHA256" || algorithm.digest == "SHA384" ||
           algorithm.digest == "SHA512";
  }
  switch (algorithm.key_type) {
    case KeyType::ed25519:
    case KeyType::ed448:
    case KeyType::ml_dsa:
    case KeyType::slh_dsa: return true;
    default: return false;
  }
}

// RFC 5280, 4.1.1.2 and 4.1.2.3: the same algorithm, with the same parameters.
void check_signature(const PathCertificate& certificate, Report& report) {
  const AlgorithmIdentifier inner = certificate.view.signature();
  const AlgorithmIdentifier outer = certificate.view.signature_algorithm();
  const bool is_same = std::ranges::equal(inner.algorithm, outer.algorithm) &&
                       std::ranges::equal(inner.parameters, outer.parameters);
  report.expect(is_same, RuleId::signature_algorithm_mismatch);
  if (certificate.is_anchor()) return;  // nobody relies on the signature of what is trusted
  const Result<SignatureAlgorithm> algorithm = SignatureAlgorithm::parse(outer);
  if (!algorithm || !is_strong(*algorithm)) return report.add(RuleId::signature_algorithm_weak);
  report.expect(is_rsa_or_ecdsa(algorithm->key_type), RuleId::algorithm_not_in_br);
}

// Baseline Requirements, 6.1.5 and 6.1.6. Of 6.1.6 only that the exponent is odd and at least 3:
// that it lies between 2^16 + 1 and 2^256 - 1 is a SHOULD.
void check_rsa(const RsaPublicKey& key, Report& report) {
  const int bits = bits_of(key.modulus);
  report.expect(bits >= kMinRsaBits, RuleId::rsa_key_size);
  report.expect(bits % kRsaBitsUnit == 0, RuleId::rsa_modulus_bits);
  const bool is_odd = (key.public_exponent.back() & 1) != 0;
  report.expect(is_odd && bits_of(key.public_exponent) > 1, RuleId::rsa_exponent);
}

std::size_t coordinate_len(Bytes curve) noexcept {
  if (oids::equal(curve, oids::kP256)) return kP256Len;
  if (oids::equal(curve, oids::kP384)) return kP384Len;
  return oids::equal(curve, oids::kP521) ? kP521Len : 0;
}

// Baseline Requirements, 6.1.5 and 7.1.3.1.2; RFC 5480, 2.1.1: the curve has a name.
void check_ec(const EcPublicKey& key, Report& report) {
  const std::size_t len = coordinate_len(key.named_curve);
  if (len == 0) return report.add(RuleId::ec_curve);
  const bool is_point =
      (key.point_form() == PointForm::uncompressed && key.point.size() == 1 + 2 * len) ||
      (key.point_form() == PointForm::compressed && key.point.size() == 1 + len);
  report.expect(is_point, RuleId::key_malformed);
}

void check_key(const PublicKeyView& view, Report& report) {
  switch (view.type()) {
    case KeyType::rsa: {
      const Result<RsaPublicKey> key = RsaPublicKey::parse(view);
      return key ? check_rsa(*key, report) : report.add(RuleId::key_malformed);
    }
    case KeyType::ec: {
      const Result<EcPublicKey> key = EcPublicKey::parse(view);
      return key ? check_ec(*key, report) : report.add(RuleId::key_malformed);
    }
    case KeyType::ed25519:
    case KeyType::ed448:
    case KeyType::ml_dsa:
    case KeyType::slh_dsa: return report.add(RuleId::algorithm_not_in_br);
    default: return report.add(RuleId::key_type);
  }
}

}  // namespace

void check_algorithms(const PathCertificate& certificate, Report& report) {
  check_signature(certificate, report);
  check_key(certificate.view.subject_public_key_info(), report);
}

}  // namespace peercert::verify
