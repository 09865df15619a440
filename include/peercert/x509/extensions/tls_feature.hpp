// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include <peercert/der/oid.hpp>
#include <peercert/x509/extension_parser.hpp>
#include <peercert/x509/field.hpp>

namespace peercert {

/// TLS extensions that a server with this certificate has to use. RFC 7633.
///
///     Features ::= SEQUENCE OF INTEGER
struct TlsFeature {
  static constexpr auto kOid = der::make_oid<1, 3, 6, 1, 5, 5, 7, 1, 24>();
  static constexpr Field kField = extension_field(20);
  static constexpr std::uint8_t kStatusRequest = 5;     // RFC 6066
  static constexpr std::uint8_t kStatusRequestV2 = 17;  // RFC 6961

  der::AnyValues features;  // INTEGERs

  /// Whether the server has to staple an OCSP response.
  bool must_staple() const noexcept {
    return std::ranges::any_of(features, [](const der::AnyValue& feature) noexcept {
      return is(feature, kStatusRequest);
    });
  }

  static Result<TlsFeature> parse(Bytes value) noexcept {
    return parse_extension<TlsFeature>(
        value, [](der::Reader& in) noexcept { return TlsFeature{read_integers(in)}; });
  }
  void visit(FieldVisitor& to) const {
    to.begin_list();
    for (const der::AnyValue feature : features) {
      if (is(feature, kStatusRequest)) {
        to.word("status_request");
      } else if (is(feature, kStatusRequestV2)) {
        to.word("status_request_v2");
      } else {
        to.integer(feature.content());
      }
    }
    to.end_list();
  }

 private:
  static bool is(const der::AnyValue& feature, std::uint8_t number) noexcept {
    return feature.content().size() == 1 && feature.content()[0] == number;
  }
};

}  // namespace peercert
