// SPDX-License-Identifier: Apache-2.0
#include "reports/findings_report.hpp"

#include <string>

#include <fmt/format.h>

namespace peercert::tool {
namespace {

std::string painted(Severity severity, const Style& style) {
  std::string word = fmt::format("{:<7}", to_string(severity));
  switch (severity) {
    case Severity::error: return style.bad(word);
    case Severity::warning: return style.warning(word);
    case Severity::note: break;
  }
  return word;
}

}  // namespace

void add_findings(render::JsonObject& record, const Findings& findings) {
  Output& out = record.member("findings");
  render::append_array(out, findings, [&out](const Finding& finding) {
    render::JsonObject(out)
        .add("severity", to_string(finding.severity))
        .add("code", name_of(finding.code))
        .add("field", to_string(finding.field))
        .add("offset", finding.offset)
        .add("message", to_string(finding.code))
        .close();
  });
  if (findings.num_left_out() > 0) {
    record.add("findings_left_out", static_cast<std::int64_t>(findings.num_left_out()));
  }
}

void append_findings_text(Output& out, const Findings& findings, const Style& style) {
  out.append(fmt::format("  Findings    {}\n", findings.empty() ? "none" : ""));
  for (const Finding& finding : findings) {
    out.append(fmt::format("    {}  {} ({})\n", painted(finding.severity, style),
                           to_string(finding), name_of(finding.code)));
  }
  if (findings.num_left_out() > 0) {
    out.append(fmt::format("    and {} more\n", findings.num_left_out()));
  }
}

}  // namespace peercert::tool
