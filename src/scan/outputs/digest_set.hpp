// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <peercert/crypto/fingerprint.hpp>

namespace peercert::scan {

/// The digest that a text begins with in lower-case hexadecimal; nullopt if it does not.
std::optional<crypto::Sha256Digest> parse_digest(std::string_view hex);

/// A set of SHA-256 digests that keeps 16 octets of each, in one array that is at most four fifths
/// full: 34 megabytes for a million, 50 while it grows. Two certificates that share 16 octets would
/// take 2^64 attempts to make.
class DigestSet {
 public:
  DigestSet();

  bool contains(const crypto::Sha256Digest& digest) const noexcept;
  /// Whether the digest was not there before.
  bool insert(const crypto::Sha256Digest& digest);
  void clear();
  std::size_t size() const noexcept { return size_; }

 private:
  struct Key {
    std::uint64_t high = 0, low = 0;  // both 0: a free place
    friend bool operator==(const Key&, const Key&) = default;
  };

  static Key key_of(const crypto::Sha256Digest& digest) noexcept;
  std::size_t place_of(Key key) const noexcept;
  void grow();

  std::vector<Key> places_;  // a power of two
  std::size_t size_ = 0;
  std::uint64_t factor_;
};

}  // namespace peercert::scan
