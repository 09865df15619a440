// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include <peercert/x509/algorithm_identifier.hpp>

namespace peercert {

/// RSASSA-PSS-params, each field with its default where it is absent. RFC 8017, A.2.3; RFC 4055,
/// 3.1. Borrows the certificate's DER or has static storage. Values are not checked: any hash, any
/// mask generation function, a salt of any length.
struct RsassaPssParameters {
  AlgorithmIdentifier hash_algorithm;      // SHA-1 if absent
  AlgorithmIdentifier mask_gen_algorithm;  // MGF1 if absent
  AlgorithmIdentifier mask_gen_hash;       // of MGF1; no algorithm if it is another function
  Bytes salt_length;                       // content of the INTEGER; 20 if absent
  Bytes trailer_field;                     // content of the INTEGER; 1 if absent, for 0xBC
};

/// Reads the SEQUENCE, and ignores what follows it.
RsassaPssParameters read_rsassa_pss_parameters(der::Reader& in) noexcept;

/// What the parameters of an AlgorithmIdentifier are.
enum class ParametersForm : std::uint8_t { absent, null, other };

/// What is known of a signature's algorithm. Borrows the AlgorithmIdentifier's bytes.
struct SignatureAlgorithm {
  AlgorithmIdentifier identifier;       // as in the certificate
  KeyType key_type = KeyType::unknown;  // the family of the signer's key
  /// The digest that is signed ("SHA256", as OpenSSL's short names); empty if the algorithm has
  /// none of its own (Ed25519, ML-DSA), or is unknown. Static storage.
  std::string_view digest{};
  ParametersForm parameters_form = ParametersForm::absent;  // how its parameters are written
  std::optional<RsassaPssParameters> rsassa_pss{};          // RSASSA-PSS only

  /// The error tells why RSASSA-PSS parameters cannot be read, its offset counts in them; no other
  /// algorithm has one.
  static Result<SignatureAlgorithm> parse(const AlgorithmIdentifier& identifier) noexcept;

  /// Whether the parameters have the form that the algorithm's standard gives them: NULL for RSA's
  /// older signatures (RFC 4055, 5), absent for nearly all others; true for unknown algorithms.
  bool has_standard_parameters() const noexcept;
};

}  // namespace peercert
