// SPDX-License-Identifier: Apache-2.0
// The report for people.
#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include <peercert/render/text.hpp>

#include "reports/details.hpp"
#include "reports/report.hpp"

namespace peercert::tool {
namespace {

std::chrono::sys_seconds now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

constexpr std::size_t kLabelWidth = 12;  // as to_text() sets its rows

std::string row(std::string_view label, std::string_view value) {
  return fmt::format("  {:<{}}{}\n", label, kLabelWidth, value);
}

// Puts the column of labels into the background. Details below a row have none.
std::string dim_labels(std::string_view rows, const Style& style) {
  constexpr std::size_t kLabelEnd = 2 + kLabelWidth;
  std::string out;
  while (!rows.empty()) {
    const std::string_view line = rows.substr(0, std::min(rows.find('\n'), rows.size() - 1) + 1);
    const bool is_row = !line.starts_with("    ") || line.find_first_not_of(' ') >= kLabelEnd;
    const std::size_t label_len = is_row ? std::min(kLabelEnd, line.size()) : 0;
    out += style.dim(line.substr(0, label_len));
    out += line.substr(label_len);
    rows.remove_prefix(line.size());
  }
  return out;
}

std::string verified_text(const Visit& visit, const GetOptions& options) {
  if (!options.check_hostname) return "verified, but not whether it names the host";
  return "verified as " + printable(visit.server_hostname);
}

std::string unverified_text(const Visit& visit) {
  const ssl::VerifyError objection = visit.objection();
  if (objection.code == 0) return "not verified (not asked to; its chain would pass)";
  return fmt::format("not verified (not asked to; it would fail: {})", objection.message);
}

std::string headline(const Visit& visit, const GetOptions& options, const Style& style) {
  const std::string target = style.bold(printable(visit.target.text));
  if (visit.failure && visit.verdict() != ssl::Verdict::failed) {
    return fmt::format("{} {}  {}\n", style.bad(style.cross()), target,
                       style.bad("HANDSHAKE FAILED, not verified"));
  }
  switch (visit.verdict()) {
    case ssl::Verdict::verified:
      return fmt::format("{} {}  {}\n", style.good(style.tick()), target,
                         style.good(verified_text(visit, options)));
    case ssl::Verdict::failed:
      return fmt::format("{} {}  {}\n", style.bad(style.cross()), target,
                         style.bad("NOT VERIFIED: " + printable(visit.objection().message)));
    case ssl::Verdict::unverified:
      return fmt::format("{} {}  {}\n", style.warning(style.question()), target,
                         style.warning(unverified_text(visit)));
    case ssl::Verdict::absent:
      return fmt::format("{} {}  {}\n", style.warning(style.question()), target,
                         style.warning("the server sent no certificate"));
  }
  return {};
}

std::string connection_row(const Visit& visit) {
  std::string value = visit.address ? visit.address->str() : std::string();
  if (const auto protocol = visit.socket->version()) value += ", " + *protocol;
  if (const auto cipher = visit.socket->cipher()) value += ", " + cipher->name;
  if (const auto alpn = visit.socket->selected_alpn_protocol()) value += ", " + *alpn;
  return row("Connection", printable(value));
}

std::string chain_rows(const Visit& visit, ChainKind kind) {
  const std::vector<Der> chain = visit.chain_of(kind);
  const std::string_view label = kind == ChainKind::sent ? "Chain sent" : "Chain";
  if (chain.empty()) return row(label, "none that was verified");
  std::string rows;
  for (std::size_t index = 0; index < chain.size(); ++index) {
    const auto certificate = Certificate::from_der(chain[index]);
    const std::string value =
        certificate
            ? fmt::format("{}  {} ({})", index, to_short_text(certificate->view().subject()),
                          validity_text(certificate->view(), now()))
            : fmt::format("{}  {}", index, to_string(certificate.error()));
    rows += row(index == 0 ? label : "", value);
  }
  return rows;
}

std::string certificate_rows(const Der& leaf, bool details) {
  const auto certificate = Certificate::from_der(leaf);
  if (!certificate) return row("Undecodable", to_string(certificate.error()));
  return certificate_text(certificate->view(), leaf, now(), details);
}

}  // namespace

std::string text_report(const Visit& visit, const GetOptions& options, const Style& style) {
  const bool nothing_to_show = !visit.socket || (visit.failure && visit.chain.empty());
  if (nothing_to_show) return {};
  std::string rows;
  if (!visit.chain.empty()) rows += certificate_rows(visit.chain.front(), options.details);
  rows += connection_row(visit);
  if (!visit.chain.empty()) rows += chain_rows(visit, options.chain.value_or(ChainKind::sent));
  return headline(visit, options, style) + dim_labels(rows, style);
}

}  // namespace peercert::tool
