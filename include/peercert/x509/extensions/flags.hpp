// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <peercert/der/oid.hpp>
#include <peercert/x509/extension_parser.hpp>
#include <peercert/x509/field.hpp>

namespace peercert {

/// An extension that says something by being there: NULL.
template <class T>
struct FlagExtension {
  static Result<T> parse(Bytes value) noexcept {
    return parse_extension<T>(value, [](der::Reader& in) noexcept {
      read_null(in);
      return T{};
    });
  }
  void visit(FieldVisitor& to) const { to.word("present"); }
};

/// The certificate of an OCSP responder is not to be checked for revocation. RFC 6960, 4.2.2.2.1.
struct OcspNocheck : FlagExtension<OcspNocheck> {
  static constexpr auto kOid = der::make_oid<1, 3, 6, 1, 5, 5, 7, 48, 1, 5>();
  static constexpr Field kField = extension_field(21);
};

/// What was sent to a log to have timestamps for the certificate, and is no certificate. RFC 6962,
/// 3.1.
struct PrecertificatePoison : FlagExtension<PrecertificatePoison> {
  static constexpr auto kOid = der::make_oid<1, 3, 6, 1, 4, 1, 11129, 2, 4, 3>();
  static constexpr Field kField = extension_field(23);
};

}  // namespace peercert
