// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <peercert/peer/peer_cert.hpp>
#include <peercert/render/output.hpp>

namespace peercert {

/// The dict as a JSON object (RFC 8259), in UTF-8 on one line: Python's keys in Python's order,
/// tuples as arrays. Characters that are not printable are escaped. A BIT STRING is {"hex":
/// "0A1B"}, an empty one null. docs/formats.md.
std::string to_json(const PeerCert& cert);
std::string to_json(const PeerCertView& cert);
/// The same at the end of `out`, without allocation once `out` is large enough.
void append_json(Output& out, const PeerCertView& cert);

/// A JSON string, quotes included, of text in UTF-8. Malformed UTF-8 becomes U+FFFD.
std::string to_json(std::string_view utf8);
/// The same at the end of `out`.
void append_json(Output& out, std::string_view utf8);

}  // namespace peercert
