// SPDX-License-Identifier: Apache-2.0
#include "verify_report.hpp"

#include <string_view>

#include <fmt/format.h>

#include <peercert/peer/time_text.hpp>
#include <peercert/render/text.hpp>
#include <peercert/ssl/fingerprint.hpp>

#include "json.hpp"

namespace peercert::tool {
namespace {

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
  return profile == VerifyProfile::webpki ? "webpki" : "openssl";
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

JsonObject begin_json(const VerifyOptions& options) {
  JsonObject record;
  record.add("schema", "peercert.verify/1")
      .add("source", source_of(options.leaf))
      .add("profile", to_string(options.rules.profile))
      .add("purpose", to_string(options.rules.purpose))
      .add("at", options.rules.at->time_since_epoch().count());
  if (const auto& name = options.rules.name) record.add(to_string(name->kind), name->text);
  return record;
}

std::string problem_json(const Problem& problem, const VerifyResult& result) {
  JsonObject record;
  record.add("code", problem.code)
      .add("depth", std::int64_t{problem.depth})
      .add("message", problem.message);
  if (static_cast<std::size_t>(problem.depth) < result.path.size()) {
    record.add("subject", subject_of(problem, result));
  }
  return record.str();
}

std::string certificate_json(const Der& der) {
  JsonObject record;
  record.add("sha256", to_hex(ssl::sha256(der)));
  const auto certificate = Certificate::from_der(der);
  if (!certificate) return record.str();
  return record.add("subject", peercert::to_text(certificate->view().subject()))
      .add("not_after", to_time_text(certificate->view().not_after()))
      .str();
}

// "[a,b]" of what `make` makes of each.
template <class Items, class Make>
std::string array_json(const Items& items, Make make) {
  std::string members;
  for (const auto& item : items) members.append(members.empty() ? "" : ",").append(make(item));
  return "[" + members + "]";
}

std::string headline(const VerifyResult& result, const VerifyOptions& options, const Style& style) {
  const std::string source = style.bold(printable(source_of(options.leaf)));
  if (!result.is_valid()) {
    return fmt::format("{} {}  {}\n", style.bad(style.cross()), source, style.bad("NOT VALID"));
  }
  const std::string whom = options.rules.name ? "for " + printable(options.rules.name->text)
                                              : "but not looked at whom it names";
  return fmt::format("{} {}  {}\n", style.good(style.tick()), source,
                     style.good(fmt::format("valid {}", whom)));
}

std::string row(const Style& style, std::string_view label, std::string_view value) {
  constexpr std::size_t kLabelWidth = 12;  // as to_text() sets its rows
  return style.dim(fmt::format("  {:<{}}", label, kLabelWidth)).append(value).append("\n");
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
  const auto problem = [&](const Problem& each) { return problem_json(each, result); };
  return begin_json(options)
             .add("status", result.is_valid() ? "valid" : "invalid")
             .add_json("problems", array_json(result.problems, problem))
             .add_json("path", array_json(result.path, certificate_json))
             .str() +
         "\n";
}

std::string verify_json(const FileError& error, const VerifyOptions& options) {
  JsonObject what;
  what.add("source", error.source()).add("message", error.what());
  if (error.offset()) what.add("offset", static_cast<std::int64_t>(*error.offset()));
  return begin_json(options).add_json("error", what.str()).str() + "\n";
}

}  // namespace peercert::tool
