// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <peercert/der/oid.hpp>
#include <peercert/x509/extension_parser.hpp>
#include <peercert/x509/field.hpp>

namespace peercert {

/// How long the private key may sign. RFC 3280, 4.2.1.4; RFC 5280 no longer has it.
///
///     PrivateKeyUsagePeriod ::= SEQUENCE {
///         notBefore  [0] GeneralizedTime OPTIONAL,
///         notAfter   [1] GeneralizedTime OPTIONAL }
struct PrivateKeyUsagePeriod {
  static constexpr auto kOid = der::make_oid<2, 5, 29, 16>();
  static constexpr Field kField = extension_field(4);

  std::optional<TimeView> not_before;  // may be no date
  std::optional<TimeView> not_after;   // the last time to sign at

  static Result<PrivateKeyUsagePeriod> parse(Bytes value) noexcept {
    return parse_extension<PrivateKeyUsagePeriod>(value, [](der::Reader& in) noexcept {
      der::Reader fields = in.enter(der::kSequence);
      PrivateKeyUsagePeriod period;
      period.not_before = read_time(fields, der::context(0));
      period.not_after = read_time(fields, der::context(1));
      fields.finish();
      return period;
    });
  }
  void visit(FieldVisitor& to) const {
    to.begin_object();
    if (not_before) peercert::visit(*not_before, to.member("notBefore"));
    if (not_after) peercert::visit(*not_after, to.member("notAfter"));
    to.end_object();
  }

 private:
  static std::optional<TimeView> read_time(der::Reader& in, der::Tag tag) noexcept {
    const std::optional<Bytes> content = read_optional_octets(in, tag);
    return content ? std::optional(TimeView{der::kGeneralizedTime, *content}) : std::nullopt;
  }
};

}  // namespace peercert
