// SPDX-License-Identifier: Apache-2.0
// The protection of records with AES-128-GCM and SHA-256, in one direction.
#pragma once

#include <cstdint>

#include "hostile/octets.hpp"

namespace peercert::hostile {

/// What a record holds before it is protected.
struct Plain {
  std::uint8_t type = 0;
  Octets octets{};
};

class RecordCipher {
 public:
  /// RFC 8446, 7.3: from a traffic secret.
  static RecordCipher tls13(const Octets& secret);
  /// RFC 5246, 6.3: one side's keys from the key block.
  static RecordCipher tls12(const Octets& master_secret, const Octets& client_random,
                            const Octets& server_random, bool of_client);

  /// The whole record, with its header.
  Octets seal(const Plain& plain);
  /// TLS 1.3 only: the same of a TLSInnerPlaintext (RFC 8446, 5.2), that may be none.
  Octets seal_inner(std::string_view inner);
  /// The opposite of seal(). Throws std::runtime_error if the record is not genuine.
  Plain open(std::string_view record);
  /// RFC 8446, 7.2: what follows a KeyUpdate.
  RecordCipher updated() const;

 private:
  Octets nonce() const;
  Octets additional_data(std::uint8_t type, std::size_t len) const;

  Octets secret_{};  // TLS 1.3 only
  Octets key_{}, iv_{};
  std::uint64_t sequence_number_ = 0;
};

}  // namespace peercert::hostile
