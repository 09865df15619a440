// SPDX-License-Identifier: Apache-2.0
#include <peercert/x509/field.hpp>
#include <peercert/x509/object_names.hpp>
#include <peercert/x509/signature_algorithm.hpp>

#include "x509/algorithms.hpp"
#include "x509/oids.hpp"

namespace peercert {
namespace {

using der::context_constructed;

constexpr auto kSha1 = der::make_oid<1, 3, 14, 3, 2, 26>();
constexpr auto kMgf1 = der::make_oid<1, 2, 840, 113549, 1, 1, 8>();
constexpr std::uint8_t kDefaultSaltLength[] = {20};
constexpr std::uint8_t kTrailerFieldBc[] = {1};

// `[n] EXPLICIT` over an AlgorithmIdentifier.
AlgorithmIdentifier read_tagged_algorithm(der::Reader& in, int number) noexcept {
  der::Reader tagged = in.enter(context_constructed(number));
  const AlgorithmIdentifier out = read_algorithm_identifier(tagged);
  tagged.finish();
  return out;
}

// MaskGenAlgorithm ::= SEQUENCE {
//     algorithm   OBJECT IDENTIFIER,  -- id-mgf1
//     parameters  HashAlgorithm }
void read_mask_gen_algorithm(der::Reader in, RsassaPssParameters& out) noexcept {
  der::Reader mask_gen = in.enter(der::kSequence);
  in.finish();
  out.mask_gen_algorithm.algorithm = mask_gen.read_oid();
  out.mask_gen_algorithm.parameters = mask_gen.rest();
  out.mask_gen_hash = {};
  if (oids::equal(out.mask_gen_algorithm.algorithm, kMgf1)) {
    out.mask_gen_hash = read_algorithm_identifier(mask_gen);
  } else if (mask_gen.more()) {
    mask_gen.read_any();
  }
  mask_gen.finish();
}

// `[n] EXPLICIT INTEGER`: its content.
Bytes read_tagged_integer(der::Reader& in, int number) noexcept {
  der::Reader tagged = in.enter(context_constructed(number));
  const Bytes out = tagged.read_integer();
  tagged.finish();
  return out;
}

std::string_view digest_name(const AlgorithmIdentifier& hash) noexcept {
  const std::optional<ObjectName> name = find_object_name(hash.algorithm);
  return name ? name->short_name : std::string_view();
}

ParametersForm form_of(Bytes parameters) noexcept {
  if (parameters.empty()) return ParametersForm::absent;
  return parameters[0] == der::kNull ? ParametersForm::null : ParametersForm::other;
}

}  // namespace

// RSASSA-PSS-params ::= SEQUENCE {
//     hashAlgorithm     [0] HashAlgorithm DEFAULT sha1,
//     maskGenAlgorithm  [1] MaskGenAlgorithm DEFAULT mgf1SHA1,
//     saltLength        [2] INTEGER DEFAULT 20,
//     trailerField      [3] TrailerField DEFAULT trailerFieldBC }
RsassaPssParameters read_rsassa_pss_parameters(der::Reader& in) noexcept {
  der::Reader fields = in.enter(der::kSequence);
  RsassaPssParameters out{
      {kSha1, {}}, {kMgf1, {}}, {kSha1, {}}, kDefaultSaltLength, kTrailerFieldBc};
  if (fields.next_is(context_constructed(0))) out.hash_algorithm = read_tagged_algorithm(fields, 0);
  if (fields.next_is(context_constructed(1))) {
    read_mask_gen_algorithm(fields.enter(context_constructed(1)), out);
  }
  if (fields.next_is(context_constructed(2))) out.salt_length = read_tagged_integer(fields, 2);
  if (fields.next_is(context_constructed(3))) out.trailer_field = read_tagged_integer(fields, 3);
  fields.finish();
  return out;
}

Result<SignatureAlgorithm> SignatureAlgorithm::parse(
    const AlgorithmIdentifier& identifier) noexcept {
  SignatureAlgorithm out;
  out.identifier = identifier;
  out.parameters_form = form_of(identifier.parameters);
  if (const SigningAlgorithm* const known = find_signing_algorithm(identifier.algorithm)) {
    out.key_type = known->key_type;
    out.digest = known->digest;
  } else if (const KeyAlgorithm* const same = find_key_algorithm(identifier.algorithm)) {
    out.key_type = same->type;  // Ed25519, ML-DSA: one OID for key and signature
  }
  if (out.key_type != KeyType::rsassa_pss) return out;
  der::Progress progress{identifier.parameters.data(), Field::signature_algorithm};
  der::Reader parameters(identifier.parameters, progress);
  out.rsassa_pss = read_rsassa_pss_parameters(parameters);
  if (progress.failed()) return progress.error;
  out.digest = digest_name(out.rsassa_pss->hash_algorithm);
  return out;
}

bool SignatureAlgorithm::has_standard_parameters() const noexcept {
  switch (key_type) {
    case KeyType::unknown: return true;
    case KeyType::rsa: return parameters_form == ParametersForm::null;
    case KeyType::rsassa_pss: return rsassa_pss.has_value();
    default: return parameters_form == ParametersForm::absent;
  }
}

}  // namespace peercert
