// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <peercert/render/output.hpp>
#include <peercert/x509/extension.hpp>

namespace peercert {

/// One extension as a JSON object, on one line: {"oid": "2.5.29.19", "name": "basicConstraints",
/// "critical": true, "value": {"cA": false}}. docs/formats.md.
void append_extension_json(Output& out, const Extension& extension);

/// One extension as lines for people, the first `indent` characters from the left. Everything that
/// the certificate says is there; characters that could mislead a terminal are escaped.
void append_extension_text(std::string& out, const Extension& extension, std::size_t indent);

}  // namespace peercert
