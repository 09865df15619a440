// SPDX-License-Identifier: Apache-2.0
#include <peercert/der/any_value.hpp>
#include <peercert/x509/key_fields.hpp>

namespace peercert {
namespace {

// A large number is octets to people, without the one that only keeps it positive.
void visit_magnitude(Bytes integer, FieldVisitor& to) {
  const bool has_sign_octet = integer.size() > 1 && integer[0] == 0;
  to.octets(integer.subspan(has_sign_octet ? 1 : 0));
}

void visit_any(Bytes encoded, FieldVisitor& to) { visit(*der::AnyValues(encoded).begin(), to); }

void visit_fields(const RsassaPssParameters& parameters, FieldVisitor& to) {
  to.member("hashAlgorithm").oid(parameters.hash_algorithm.algorithm);
  to.member("maskGenAlgorithm").oid(parameters.mask_gen_algorithm.algorithm);
  if (!parameters.mask_gen_hash.algorithm.empty()) {
    to.member("maskGenHash").oid(parameters.mask_gen_hash.algorithm);
  }
  to.member("saltLength").integer(parameters.salt_length);
  to.member("trailerField").integer(parameters.trailer_field);
}

void visit_fields(const SpecifiedCurve& curve, FieldVisitor& to) {
  to.member("fieldType").oid(curve.field_type);
  const bool is_prime = curve.field[0] == der::kInteger;
  const Bytes field =
      is_prime ? der::AnyValues(curve.field).begin().element().content() : curve.field;
  visit_magnitude(field, to.member(is_prime ? "prime" : "field"));
  to.member("a").octets(curve.a);
  to.member("b").octets(curve.b);
  if (!curve.seed.empty()) to.member("seed").octets(curve.seed);
  to.member("base").octets(curve.generator);
  visit_magnitude(curve.order, to.member("order"));
  if (!curve.cofactor.empty()) to.member("cofactor").integer(curve.cofactor);
}

template <class Fields>
void visit_object(const Fields& fields, FieldVisitor& to) {
  to.begin_object();
  visit_fields(fields, to);
  to.end_object();
}

void visit_fields(const RsaPublicKey& key, FieldVisitor& to) {
  visit_magnitude(key.modulus, to.member("modulus"));
  to.member("publicExponent").integer(key.public_exponent);
  if (key.rsassa_pss) visit_object(*key.rsassa_pss, to.member("parameters"));
}

void visit_fields(const DsaPublicKey& key, FieldVisitor& to) {
  visit_magnitude(key.y, to.member("y"));
  if (key.p.empty()) return;
  visit_magnitude(key.p, to.member("p"));
  visit_magnitude(key.q, to.member("q"));
  visit_magnitude(key.g, to.member("g"));
}

void visit_fields(const DhPublicKey& key, FieldVisitor& to) {
  visit_magnitude(key.y, to.member("y"));
  visit_magnitude(key.p, to.member("p"));
  visit_magnitude(key.g, to.member("g"));
  if (!key.q.empty()) visit_magnitude(key.q, to.member("q"));
}

void visit_fields(const EcPublicKey& key, FieldVisitor& to) {
  if (!key.named_curve.empty()) to.member("namedCurve").oid(key.named_curve);
  if (key.specified_curve) {
    visit_object(*key.specified_curve, to.member("specifiedCurve"));
  }
  const std::string_view form = to_string(key.point_form());
  if (!form.empty()) to.member("pointForm").word(form);
  to.member("point").octets(key.point);
}

void visit_octets(const PublicKeyView& key, FieldVisitor& to) {
  if (has_parameters(key.algorithm)) {
    visit_any(key.algorithm.parameters, to.member("parameters"));
  }
  to.member("octets").octets(key.key);
}

template <class Key>
void visit_as(const PublicKeyView& key, FieldVisitor& to) {
  const Result<Key> parsed = Key::parse(key);
  if (parsed) return visit_fields(*parsed, to);
  to.member("error").word(to_string(parsed.error()));
  visit_octets(key, to);
}

}  // namespace

bool has_parameters(const AlgorithmIdentifier& algorithm) noexcept {
  return !algorithm.parameters.empty() && algorithm.parameters[0] != der::kNull;
}

void visit_parameters(const AlgorithmIdentifier& algorithm, FieldVisitor& to) {
  const auto parsed = SignatureAlgorithm::parse(algorithm);
  if (parsed && !parsed->rsassa_pss) return visit_any(algorithm.parameters, to);
  if (parsed) return visit_object(*parsed->rsassa_pss, to);
  to.begin_object();
  to.member("error").word(to_string(parsed.error()));
  to.member("octets").octets(algorithm.parameters);
  to.end_object();
}

void visit(const AlgorithmIdentifier& algorithm, FieldVisitor& to) {
  to.begin_object();
  to.member("algorithm").oid(algorithm.algorithm);
  if (has_parameters(algorithm)) visit_parameters(algorithm, to.member("parameters"));
  to.end_object();
}

void visit_key(const PublicKeyView& key, FieldVisitor& to) {
  to.begin_object();
  switch (key.type()) {
    case KeyType::rsa:
    case KeyType::rsassa_pss: visit_as<RsaPublicKey>(key, to); break;
    case KeyType::dsa: visit_as<DsaPublicKey>(key, to); break;
    case KeyType::dh: visit_as<DhPublicKey>(key, to); break;
    case KeyType::ec:
    case KeyType::sm2: visit_as<EcPublicKey>(key, to); break;
    default: visit_octets(key, to);
  }
  to.end_object();
}

void visit(const PublicKeyView& key, FieldVisitor& to) {
  to.begin_object();
  to.member("algorithm").oid(key.algorithm.algorithm);
  if (!key.name().empty()) to.member("name").word(key.name());
  if (key.bits() != 0) to.member("bits").number(static_cast<std::uint64_t>(key.bits()));
  visit_key(key, to.member("key"));
  to.end_object();
}

}  // namespace peercert
