// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <peercert/der/oid.hpp>
#include <peercert/x509/extension_parser.hpp>
#include <peercert/x509/field.hpp>

namespace peercert {

/// Netscape's forerunner of the key usages.
///
///     NetscapeCertType ::= BIT STRING { client (0), server (1), email (2), objsign (3),
///         reserved (4), sslCA (5), emailCA (6), objCA (7) }
struct NetscapeCertType {
  static constexpr auto kOid = der::make_oid<2, 16, 840, 1, 113730, 1, 1>();
  static constexpr Field kField = extension_field(30);
  /// The names of the bits.
  static constexpr std::string_view kBits[] = {"client",   "server", "email",   "objsign",
                                               "reserved", "sslCA",  "emailCA", "objCA"};

  NamedBits bits;  // all of them

  static Result<NetscapeCertType> parse(Bytes value) noexcept {
    return parse_extension<NetscapeCertType>(value, [](der::Reader& in) noexcept {
      return NetscapeCertType{NamedBits(in.read_bit_string())};
    });
  }
  void visit(FieldVisitor& to) const { bits.visit(kBits, to); }
};

/// Netscape's extensions that are an IA5String.
template <class T>
struct NetscapeString {
  Bytes characters;  // that they are IA5 is not checked

  static Result<T> parse(Bytes value) noexcept {
    return parse_extension<T>(value, [](der::Reader& in) noexcept {
      T parsed;
      parsed.characters = in.read(der::kIa5String).content();
      return parsed;
    });
  }
  void visit(FieldVisitor& to) const { to.text(utf8_text(characters)); }
};

/// What the relative URLs of the others are relative to.
struct NetscapeBaseUrl : NetscapeString<NetscapeBaseUrl> {
  static constexpr auto kOid = der::make_oid<2, 16, 840, 1, 113730, 1, 2>();
  static constexpr Field kField = extension_field(31);
};

/// Where to ask whether the certificate is revoked.
struct NetscapeRevocationUrl : NetscapeString<NetscapeRevocationUrl> {
  static constexpr auto kOid = der::make_oid<2, 16, 840, 1, 113730, 1, 3>();
  static constexpr Field kField = extension_field(32);
};

/// Where to ask whether a certificate of this CA is revoked.
struct NetscapeCaRevocationUrl : NetscapeString<NetscapeCaRevocationUrl> {
  static constexpr auto kOid = der::make_oid<2, 16, 840, 1, 113730, 1, 4>();
  static constexpr Field kField = extension_field(33);
};

/// Where to renew the certificate.
struct NetscapeRenewalUrl : NetscapeString<NetscapeRenewalUrl> {
  static constexpr auto kOid = der::make_oid<2, 16, 840, 1, 113730, 1, 7>();
  static constexpr Field kField = extension_field(34);
};

/// Where the CA's policy is.
struct NetscapeCaPolicyUrl : NetscapeString<NetscapeCaPolicyUrl> {
  static constexpr auto kOid = der::make_oid<2, 16, 840, 1, 113730, 1, 8>();
  static constexpr Field kField = extension_field(35);
};

/// The host of the server, or a pattern of hosts.
struct NetscapeSslServerName : NetscapeString<NetscapeSslServerName> {
  static constexpr auto kOid = der::make_oid<2, 16, 840, 1, 113730, 1, 12>();
  static constexpr Field kField = extension_field(36);
};

/// A text for people.
struct NetscapeComment : NetscapeString<NetscapeComment> {
  static constexpr auto kOid = der::make_oid<2, 16, 840, 1, 113730, 1, 13>();
  static constexpr Field kField = extension_field(37);
};

}  // namespace peercert
