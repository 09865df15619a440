// SPDX-License-Identifier: Apache-2.0
#include "reports/verify_report.hpp"

#include <string_view>

#include <fmt/format.h>

#include <peercert/render/text.hpp>

#include "render/json_object.hpp"
#include "reports/details.hpp"

namespace peercert::tool {
namespace {

using render::JsonObject;
using verify::NameKind;
using verify::Problem;
using verify::Purpose;
using verify::VerifyProfile;
using verify::VerifyResult;

std::string_view to_string(NameKind kind) {
  switch (kind) {
    case NameKind::hostname: return "hostname";
    case NameKind::ip: return "ip";
    case NameKind::email: return "email";
  }
  return {};
}

std::string_view to_string(VerifyProfile profile) {
  switch (profile) {
    case VerifyProfile::openssl: return "openssl";
    case VerifyProfile::webpki: return "webpki";
    case VerifyProfile::cabf: return "cabf";
  }
  return {};
}

std::string_view to_string(Purpose purpose) {
  return purpose == Purpose::server_auth ? "server" : "client";
}

std::string subject_text(Bytes der) {
  const auto certificate = Certificate::from_der(der);
  return certificate ? peercert::to_text(certificate->view().subject()) : std::string();
}

// The subject of the certificate that the problem is about; empty if there is none.
std::string subject_of(const Problem& problem, const VerifyResult& result) {
  const auto depth = static_cast<std::size_t>(problem.depth);
  return depth < result.path.size() ? subject_text(result.path[depth]) : std::string();
}

void add_question(JsonObject& record, const VerifyOptions& options) {
  record.add("schema", "peercert.verify/1")
      .add("source", decode::source_name(options.leaf))
      .add("profile", to_string(options.rules.profile))
      .add("purpose", to_string(options.rules.purpose))
      .add("at", options.rules.at->time_since_epoch().count());
  if (const auto& name = options.rules.name) record.add(to_string(name->kind), name->text);
}

void append_problem(Output& out, const Problem& problem, const VerifyResult& result) {
  JsonObject record(out);
  record.add("code", problem.code).add("depth", problem.depth).add("message", problem.message);
  if (static_cast<std::size_t>(problem.depth) < result.path.size()) {
    record.add("subject", subject_of(problem, result));
  }
  record.close();
}

std::string headline(const VerifyResult& result, const VerifyOptions& options, const Style& style) {
  const std::string source = style.bold(printable(decode::source_name(options.leaf)));
  if (!result.is_valid()) {
    return fmt::format("{} {}  {}\n", style.bad(style.cross()), source, style.bad("NOT VALID"));
  }
  const std::string whom = options.rules.name ? "for " + printable(options.rules.name->text)
                                              : "but not looked at whom it names";
  return fmt::format("{} {}  {}\n", style.good(style.tick()), source,
                     style.good(fmt::format("valid {}", whom)));
}

std::string row(const Style& style, std::string_view label, std::string_view value) {
  constexpr std::size_t kWidth = 12;  // as to_text() sets its rows
  return style.dim(fmt::format("  {:<{}}", label, kWidth)).append(value).append("\n");
}

std::string problem_text(const Problem& problem, const VerifyResult& result) {
  const std::string subject = subject_of(problem, result);
  return fmt::format("{}  {}  ({}{}{})", problem.depth, printable(problem.message), problem.code,
                     subject.empty() ? "" : ", of ", subject);
}

std::string certificate_text(std::size_t depth, const Der& der, std::chrono::sys_seconds now) {
  const auto certificate = Certificate::from_der(der);
  if (!certificate) return fmt::format("{}  {}", depth, to_string(certificate.error()));
  return fmt::format("{}  {} ({})", depth, peercert::to_text(certificate->view().subject()),
                     validity_text(certificate->view(), now));
}

}  // namespace

std::string verify_text(const VerifyResult& result, const VerifyOptions& options,
                        const Style& style) {
  std::string text = headline(result, options, style);
  std::string_view label = "Problem";
  for (const Problem& problem : result.problems) {
    text += row(style, std::exchange(label, ""), problem_text(problem, result));
  }
  label = result.is_valid() ? "Path" : "Path tried";
  for (std::size_t depth = 0; depth < result.path.size(); ++depth) {
    text += row(style, std::exchange(label, ""),
                certificate_text(depth, result.path[depth], *options.rules.at));
  }
  return text;
}

std::string verify_json(const VerifyResult& result, const VerifyOptions& options) {
  Output out;
  JsonObject record(out);
  add_question(record, options);
  record.add("status", result.is_valid() ? "valid" : "invalid").member("problems");
  render::append_array(out, result.problems,
                       [&](const Problem& problem) { append_problem(out, problem, result); });
  record.member("path");
  render::append_array(out, result.path, [&](const Der& der) { append_chain_member(out, der); });
  record.close();
  out.append('\n');
  return std::string(out.view());
}

std::string verify_json(const decode::FileError& error, const VerifyOptions& options) {
  Output out;
  JsonObject record(out);
  add_question(record, options);
  JsonObject what(record.member("error"));
  what.add("source", error.source()).add("message", error.what());
  if (error.offset()) what.add("offset", static_cast<std::int64_t>(*error.offset()));
  what.close();
  record.close();
  out.append('\n');
  return std::string(out.view());
}

}  // namespace peercert::tool
