// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <peercert/base/result.hpp>

namespace peercert {

/// The field being read, by its RFC 5280 name; extensions have extension_field(), which is their
/// `kField`. `to_string()` gives the standard's spelling.
enum class Field : std::uint8_t {
  none,
  certificate,
  tbs_certificate,
  version,
  serial_number,
  signature,
  issuer,
  validity,
  not_before,
  not_after,
  subject,
  subject_public_key_info,
  issuer_unique_id,
  subject_unique_id,
  extensions,
  signature_algorithm,
  signature_value,
  pem,
};

/// The field of an extension. Each type in <peercert/x509/extensions/> has a number of its own, so
/// that a new one is of no concern to what does not know it.
constexpr Field extension_field(std::uint8_t number) noexcept {
  constexpr std::uint8_t kFirst = 64;
  return static_cast<Field>(kFirst + number);
}

/// Whether it is the field of one of these extensions.
template <class... Extensions>
constexpr bool is_field_of(Field field) noexcept {
  return ((field == Extensions::kField) || ...);
}

}  // namespace peercert
