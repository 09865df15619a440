// SPDX-License-Identifier: Apache-2.0
#include "scan/outputs/digest_set.hpp"

#include <bit>
#include <cstring>
#include <random>
#include <utility>

namespace peercert::scan {
namespace {

constexpr std::size_t kFirstCapacity = 1024;

// Odd and not to be guessed: who makes certificates cannot make them meet in one place.
std::uint64_t random_factor() {
  std::random_device random;
  return std::uint64_t{random()} << 32 | random() | 1;
}

int hex_value(char c) {
  const std::size_t value = std::string_view("0123456789abcdef").find(c);
  return value == std::string_view::npos ? -1 : static_cast<int>(value);
}

}  // namespace

std::optional<crypto::Sha256Digest> parse_digest(std::string_view hex) {
  crypto::Sha256Digest digest{};
  if (hex.size() < digest.size() * 2) return std::nullopt;
  for (std::size_t i = 0; i < digest.size(); ++i) {
    const int high = hex_value(hex[2 * i]), low = hex_value(hex[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    digest[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return digest;
}

DigestSet::DigestSet() : places_(kFirstCapacity), factor_(random_factor()) {}

bool DigestSet::contains(const crypto::Sha256Digest& digest) const noexcept {
  return places_[place_of(key_of(digest))] != Key{};
}

bool DigestSet::insert(const crypto::Sha256Digest& digest) {
  const Key key = key_of(digest);
  Key& place = places_[place_of(key)];
  if (place == key) return false;
  place = key;
  if (++size_ * 5 > places_.size() * 4) grow();
  return true;
}

void DigestSet::clear() {
  places_.assign(kFirstCapacity, {});
  size_ = 0;
}

DigestSet::Key DigestSet::key_of(const crypto::Sha256Digest& digest) noexcept {
  Key key;
  std::memcpy(&key, digest.data(), sizeof(key));
  if (key == Key{}) key.low = 1;
  return key;
}

// Where the key is or, if it is not there, would go.
std::size_t DigestSet::place_of(Key key) const noexcept {
  const int shift = 64 - std::countr_zero(places_.size());
  std::size_t at = static_cast<std::size_t>((key.high ^ std::rotl(key.low, 32)) * factor_ >> shift);
  while (places_[at] != Key{} && places_[at] != key) at = (at + 1) % places_.size();
  return at;
}

void DigestSet::grow() {
  std::vector<Key> before = std::exchange(places_, std::vector<Key>(places_.size() * 2));
  for (const Key& key : before) {
    if (key != Key{}) places_[place_of(key)] = key;
  }
}

}  // namespace peercert::scan
