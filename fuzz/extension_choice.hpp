// SPDX-License-Identifier: Apache-2.0
// The input of the targets that decode one extension: an octet whose low seven bits choose a row of
// the table, or with kUnknownRow none of them, then the value.
#pragma once

#include <peercert/x509/extensions.hpp>

#include "fuzz.hpp"

namespace peercert::fuzz {

inline constexpr std::size_t kUnknownRow = 0x7f;

template <class... Types>
Bytes oid_of_row(std::size_t row, ExtensionTypes<Types...>) noexcept {
  static constexpr auto kUnknown = der::make_oid<1, 2, 3>();
  const Bytes oids[] = {Types::kOid...};
  return row == kUnknownRow ? Bytes(kUnknown) : oids[row % std::size(oids)];
}

/// The input must not be empty.
inline Extension choose_extension(Bytes input) noexcept {
  return {oid_of_row(input[0] & 0x7f, KnownExtensions{}), (input[0] & 0x80) != 0, input.subspan(1)};
}

/// What visit_extension() has to say of a value's form: Errc::ok, or the error's code.
struct ErrorOf {
  Error& error;
  void operator()(const MalformedExtension& malformed) const noexcept { error = malformed.error; }
  void operator()(const auto&) const noexcept {}
};
inline Error error_of(const Extension& extension) {
  Error error;
  visit_extension(extension, ErrorOf{error});
  return error;
}

}  // namespace peercert::fuzz
