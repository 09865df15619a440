// SPDX-License-Identifier: Apache-2.0
// The part of RFC 8941 that RFC 9440 uses: byte sequences, and lists of them.
#pragma once

#include <peercert/peer/client_cert_header.hpp>

namespace peercert::structured {

/// sf-item = sf-binary, without parameters. RFC 8941, 3.3.5 and 4.2.7.
HeaderDefect parse_item(std::string_view value, Der& out);
/// sf-list of sf-binary; none at all is an empty list. RFC 8941, 4.2.1.
HeaderDefect parse_list(std::string_view value, std::vector<Der>& out);
/// The octets between colons, in base64. RFC 8941, 4.1.8.
std::string byte_sequence(Bytes octets);

}  // namespace peercert::structured
