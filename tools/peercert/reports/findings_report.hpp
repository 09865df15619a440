// SPDX-License-Identifier: Apache-2.0
// What `decode --findings` prints below a certificate.
#pragma once

#include <peercert/base/finding.hpp>
#include <peercert/render/output.hpp>

#include "cli/terminal.hpp"
#include "render/json_object.hpp"

namespace peercert::tool {

/// The members "findings" and, if there is something to say, "findings_left_out".
void add_findings(render::JsonObject& record, const Findings& findings);

/// A line for each finding below a headline.
void append_findings_text(Output& out, const Findings& findings, const Style& style);

}  // namespace peercert::tool
