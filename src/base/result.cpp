// SPDX-License-Identifier: Apache-2.0
#include <peercert/base/result.hpp>

namespace peercert {

std::string_view to_string(Errc code) noexcept {
  switch (code) {
    case Errc::ok: return "no error";
    case Errc::empty_input: return "no data";
    case Errc::truncated: return "truncated: an element is longer than what holds it";
    case Errc::bad_length: return "malformed length";
    case Errc::unexpected_tag: return "unexpected type";
    case Errc::missing_field: return "missing";
    case Errc::trailing_data: return "more data than the type allows";
    case Errc::unexpected_end: return "unexpected end-of-contents octets";
    case Errc::indefinite_length: return "BER, not DER: indefinite length";
    case Errc::constructed_string: return "BER, not DER: string in segments";
    case Errc::bad_boolean: return "malformed BOOLEAN";
    case Errc::bad_integer: return "malformed INTEGER";
    case Errc::bad_bit_string: return "malformed BIT STRING";
    case Errc::bad_oid: return "malformed OBJECT IDENTIFIER";
    case Errc::bad_null: return "malformed NULL";
    case Errc::bad_string_length: return "string of a wrong length for its type";
    case Errc::bad_string_type: return "type not allowed for an attribute value";
    case Errc::invalid_characters: return "invalid characters";
    case Errc::name_too_long: return "name over 1 MiB";
    case Errc::oid_too_long: return "OBJECT IDENTIFIER over 586 octets";
    case Errc::unsupported_value: return "attribute value has no text";
    case Errc::pem_no_certificate:
      return "no certificate: neither PEM (no BEGIN CERTIFICATE line) nor DER";
    case Errc::pem_truncated: return "truncated: BEGIN CERTIFICATE without END CERTIFICATE";
    case Errc::pem_bad_base64: return "malformed base64";
  }
  return "unknown error";
}

std::string to_string(Error error) {
  std::string text;
  if (error.field != Field{}) text.append(to_string(error.field)).append(": ");
  text.append(to_string(error.code));
  if (error.code != Errc::ok) text.append(" at byte ").append(std::to_string(error.offset));
  return text;
}

}  // namespace peercert
