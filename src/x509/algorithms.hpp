// SPDX-License-Identifier: Apache-2.0
// What is known of the algorithms of keys and signatures, by OID.
#pragma once

#include <string_view>

#include <peercert/x509/algorithm_identifier.hpp>

namespace peercert {

struct KeyAlgorithm {
  std::string_view arc;  // content octets of the OID, without the last
  unsigned char last;
  KeyType type;
  std::string_view name;
  int bits = 0;  // of the key; 0 if the key itself has to tell
};
/// nullptr if the algorithm is not known.
const KeyAlgorithm* find_key_algorithm(Bytes oid) noexcept;

struct SigningAlgorithm {
  std::string_view arc;
  unsigned char last;
  KeyType key_type;
  std::string_view digest;
};
/// nullptr if the algorithm is not known, or if its key's algorithm has the same OID.
const SigningAlgorithm* find_signing_algorithm(Bytes oid) noexcept;

}  // namespace peercert
