// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include <peercert/der/reader.hpp>

namespace peercert {

/// AlgorithmIdentifier ::= SEQUENCE { algorithm, parameters ANY OPTIONAL }. RFC 5280, 4.1.1.2.
/// Borrows the certificate's DER.
struct AlgorithmIdentifier {
  Bytes algorithm;   // the OID's content octets
  Bytes parameters;  // the whole element, tag included; empty if absent

  /// OpenSSL's long name ("sha256WithRSAEncryption"); empty if it has none.
  std::string_view name() const noexcept;
};

/// SubjectPublicKeyInfo ::= SEQUENCE { algorithm, subjectPublicKey BIT STRING }. RFC 5280, 4.1.2.7.
/// Borrows the certificate's DER. The key itself is not checked.
struct PublicKeyView {
  Bytes der;  // the whole SubjectPublicKeyInfo: what SPKI pins are digests of
  AlgorithmIdentifier algorithm;
  Bytes key;  // content of the BIT STRING, without the octet that counts unused bits

  /// "RSA", "P-256", "Ed25519", or OpenSSL's long name of the algorithm; empty if it has none.
  std::string_view name() const noexcept;
  /// Bits of the RSA modulus or of the curve's field; 0 if not known.
  int bits() const noexcept;
};

AlgorithmIdentifier read_algorithm_identifier(der::Reader& in) noexcept;
/// Reads and checks the structure. Refuses algorithm identifiers over kMaxOidLen, as OpenSSL does.
PublicKeyView read_subject_public_key_info(der::Reader& in) noexcept;

}  // namespace peercert
