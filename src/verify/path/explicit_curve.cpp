// SPDX-License-Identifier: Apache-2.0
#include "verify/path/explicit_curve.hpp"

#include <array>
#include <cstdint>
#include <cstring>

#include <openssl/x509_vfy.h>

namespace peercert::verify {

namespace {

/// FieldID of RFC 3279, 2.3.5 has to say which kind of field it is: 1.2.840.10045.1.1 or .2. That
/// identifier is looked for wherever it may stand, which takes no parsing and cannot be evaded.
/// OpenSSL would compute square roots in that field, for compressed points, whoever has signed.
constexpr std::array<std::uint8_t, 6> kFieldType = {0x2a, 0x86, 0x48, 0xce, 0x3d, 0x01};

const std::uint8_t* find_field_type(Bytes octets) noexcept {
  if (octets.empty()) return nullptr;  // memmem() wants a pointer all the same
  return static_cast<const std::uint8_t*>(
      memmem(octets.data(), octets.size(), kFieldType.data(), kFieldType.size()));
}

}  // namespace

std::size_t num_explicit_curves(Bytes octets) noexcept {
  std::size_t num = 0;
  while (const std::uint8_t* const found = find_field_type(octets)) {
    ++num;
    octets = octets.subspan(static_cast<std::size_t>(found - octets.data()) + kFieldType.size());
  }
  return num;
}

bool has_explicit_curve(Bytes octets) noexcept { return find_field_type(octets) != nullptr; }

Problem explicit_curve(int depth) {
  return {"ec-key-explicit-params", depth,
          X509_verify_cert_error_string(X509_V_ERR_EC_KEY_EXPLICIT_PARAMS)};
}

}  // namespace peercert::verify
