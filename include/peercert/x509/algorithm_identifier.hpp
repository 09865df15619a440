// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include <peercert/der/reader.hpp>

namespace peercert {

/// AlgorithmIdentifier ::= SEQUENCE { algorithm, parameters ANY OPTIONAL }. RFC 5280, 4.1.1.2.
/// Borrows the certificate's DER.
struct AlgorithmIdentifier {
  Bytes algorithm;   // the OID's content bytes
  Bytes parameters;  // the whole element, tag included; if absent empty, at its place

  /// OpenSSL's long name ("sha256WithRSAEncryption"); for algorithms younger than OpenSSL 3.0 the
  /// name that NIST gives them ("ML-DSA-44"); empty if there is neither. Static storage.
  std::string_view name() const noexcept;
};

/// Reads and checks the structure; the parameters may be of any type.
AlgorithmIdentifier read_algorithm_identifier(der::Reader& in) noexcept;

/// Families of keys, and of the signatures made with them.
enum class KeyType : std::uint8_t {
  unknown,
  rsa,         // RFC 3279, 2.3.1; RFC 8017
  rsassa_pss,  // RFC 4055, 1.2: an RSA key for nothing but RSASSA-PSS
  dsa,         // RFC 3279, 2.3.2
  dh,          // RFC 3279, 2.3.3, and PKCS #3
  ec,          // RFC 5480
  sm2,         // GB/T 32918: an EC key on the curve of this name, or a signature with one
  x25519,      // RFC 8410
  x448,        // RFC 8410
  ed25519,     // RFC 8410
  ed448,       // RFC 8410
  gost,        // RFC 4491, RFC 9215
  ml_dsa,      // RFC 9881
  slh_dsa,     // RFC 9909
  ml_kem,      // RFC 9935
};

/// "RSA", "EC", "ML-DSA"; empty for KeyType::unknown. Static storage.
std::string_view to_string(KeyType type) noexcept;

}  // namespace peercert
