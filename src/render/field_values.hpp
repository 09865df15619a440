// SPDX-License-Identifier: Apache-2.0
// How the renderers of fields write the values that all of them write alike.
#pragma once

#include <string>

#include <peercert/x509/field_visitor.hpp>

namespace peercert::render {

/// "-129" if the number fits 53 bits, beyond which other programs' numbers are not exact; else
/// its magnitude in hexadecimal, "0x0102" or "-0x0102".
std::string integer_text(Bytes content);
bool is_small_integer(Bytes content) noexcept;

/// "1.2.840"; "OID." and all octets in hexadecimal if the identifier is malformed or too long.
std::string dotted_text(Bytes oid);

/// "192.0.2.1" or "2001:DB8:0:0:0:0:0:1", as OpenSSL has them; "192.0.2.0/255.255.255.0".
std::string ip_address_text(Bytes address, Bytes mask);

/// For people: "2026-01-31 23:59:59 UTC", with a fraction if there is one.
std::string time_text(const DateTime& time);
/// The same as RFC 3339 has it: "2026-01-31T23:59:59Z".
std::string rfc3339_text(const DateTime& time);

/// The text in UTF-8. It has to be well-formed.
std::string to_utf8(der::StringView text);

/// Whether all of it is characters.
bool is_well_formed(der::StringView text) noexcept;

}  // namespace peercert::render
