// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include <openssl/crypto.h>

#include <peercert/ssl/error.hpp>
#include <peercert/ssl/pin.hpp>

#include "x509/encoding/base64.hpp"

namespace peercert::ssl {

namespace {

constexpr std::string_view kPrefix = "sha256//";
constexpr std::size_t kBase64Len = 44;  // of 32 octets

crypto::Sha256Digest parse_pin(std::string_view pin) {
  const auto refuse = [&] { return ValueError("not a pin: '" + std::string(pin) + "'"); };
  if (!pin.starts_with(kPrefix)) throw refuse();
  const std::string_view text = pin.substr(kPrefix.size());
  std::vector<std::uint8_t> octets;
  crypto::Sha256Digest digest{};
  base64::decode(text, octets);
  if (octets.size() != digest.size()) throw refuse();
  // A pin has one form: what is no base64 is not it, nor are bits that stand for no octet but 0.
  std::string canonical(kBase64Len, '\0');
  base64::encode(octets, canonical.data());
  if (canonical != text) throw refuse();
  std::ranges::copy(octets, digest.begin());
  return digest;
}

}  // namespace

PinSet::PinSet(std::string_view pins) {
  for (std::size_t begin = 0; begin <= pins.size();) {
    const std::size_t end = std::min(pins.find(';', begin), pins.size());
    digests_.push_back(parse_pin(pins.substr(begin, end - begin)));
    begin = end + 1;
  }
}

bool PinSet::contains(const PublicKeyView& key) const {
  const crypto::Sha256Digest digest = crypto::sha256(key.der);
  bool found = false;
  for (const crypto::Sha256Digest& pin : digests_) {
    const bool same = CRYPTO_memcmp(pin.data(), digest.data(), digest.size()) == 0;
    found = found || same;
  }
  return found;
}

bool matches_pin(const CertificateView& certificate, const PinSet& pins) {
  return pins.contains(certificate.subject_public_key_info());
}

}  // namespace peercert::ssl
