// SPDX-License-Identifier: Apache-2.0
#include "verify/name_check.hpp"

#include <algorithm>
#include <array>
#include <string>

#include <peercert/peer/match.hpp>

namespace peercert::verify {
namespace {

using Match = MatchResult (*)(const CertificateView&, std::string_view) noexcept;

struct Kind {
  NameKind kind;
  Match match;
  PathProblem mismatch;
};
constexpr std::array kKinds{
    Kind{NameKind::hostname,
         match_hostname,
         {"hostname-mismatch", "the leaf does not name the host"}},
    Kind{NameKind::ip, match_ip, {"ip-mismatch", "the leaf does not name the address"}},
    Kind{NameKind::email, match_email, {"email-mismatch", "the leaf does not name the mailbox"}},
};

}  // namespace

bool is_well_formed(const ReferenceName& name) noexcept {
  const auto* const kind = std::ranges::find(kKinds, name.kind, &Kind::kind);
  // A name that is none is refused before any certificate is looked at.
  const MatchResult result = kind->match(CertificateView(), name.text);
  return result.defect != MatchDefect::bad_reference;
}

std::vector<PathProblem> name_problems() {
  std::vector<PathProblem> problems;
  problems.reserve(kKinds.size());
  for (const Kind& kind : kKinds) problems.push_back(kind.mismatch);
  return problems;
}

std::vector<Problem> check_name(const CertificateView& leaf, const ReferenceName& name) {
  std::vector<Problem> problems;
  for (const Kind& kind : kKinds) {
    if (kind.kind != name.kind) continue;
    const MatchResult result = kind.match(leaf, name.text);
    if (result) continue;
    std::string message(kind.mismatch.sentence);
    message.append(": ").append(to_string(result.defect));
    problems.push_back({kind.mismatch.code, 0, std::move(message)});
  }
  return problems;
}

}  // namespace peercert::verify
