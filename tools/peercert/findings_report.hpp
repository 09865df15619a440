// SPDX-License-Identifier: Apache-2.0
// What `decode --findings` prints below a certificate.
#pragma once

#include <peercert/finding.hpp>
#include <peercert/render/output.hpp>

#include "terminal.hpp"

namespace peercert::tool {

/// The members "findings" and, if there is something to say, "findings_left_out", each behind a
/// comma.
void append_findings_json(Output& out, const Findings& findings);

/// A line for each finding below a headline.
void append_findings_text(Output& out, const Findings& findings, const Style& style);

}  // namespace peercert::tool
