// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <peercert/der/oid.hpp>
#include <peercert/x509/extension_parser.hpp>
#include <peercert/x509/field.hpp>

namespace peercert {

/// How many certificates further down anyPolicy no longer counts. RFC 5280, 4.2.1.14.
///
///     InhibitAnyPolicy ::= SkipCerts
///     SkipCerts ::= INTEGER (0..MAX)
struct InhibitAnyPolicy {
  static constexpr auto kOid = der::make_oid<2, 5, 29, 54>();
  static constexpr Field kField = extension_field(16);

  Bytes skip_certs;  // content of the INTEGER

  static Result<InhibitAnyPolicy> parse(Bytes value) noexcept {
    return parse_extension<InhibitAnyPolicy>(
        value, [](der::Reader& in) noexcept { return InhibitAnyPolicy{in.read_integer()}; });
  }
  void visit(FieldVisitor& to) const { to.integer(skip_certs); }
};

}  // namespace peercert
