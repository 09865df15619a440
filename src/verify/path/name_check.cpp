// SPDX-License-Identifier: Apache-2.0
#include "verify/path/name_check.hpp"

#include <algorithm>
#include <array>
#include <string>

#include <openssl/x509v3.h>

#include <peercert/peer/match.hpp>

#include "verify/path/openssl_path.hpp"

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

const Kind& kind_of(const ReferenceName& name) noexcept {
  return *std::ranges::find(kKinds, name.kind, &Kind::kind);
}

// SSLContext does the same by X509_VERIFY_PARAM, where the name of a host may be an address. A dot
// at its front would stand for all names below.
bool is_named_by_openssl(Bytes octets, const ReferenceName& name) {
  const std::string& text = name.text;
  const std::uint8_t* at = octets.data();
  const X509Ptr leaf(d2i_X509(nullptr, &at, static_cast<long>(octets.size())));
  if (!leaf || text.empty() || text.front() == '.' || text.find('\0') != std::string::npos)
    return false;
  if (name.kind == NameKind::email) {
    return X509_check_email(leaf.get(), text.data(), text.size(), 0) == 1;
  }
  constexpr int kNoAddress = -2;
  const int is_address = X509_check_ip_asc(leaf.get(), text.c_str(), 0);
  if (is_address != kNoAddress || name.kind == NameKind::ip) return is_address == 1;
  return X509_check_host(leaf.get(), text.data(), text.size(), host_flags(VerifyProfile::openssl),
                         nullptr) == 1;
}

}  // namespace

bool is_well_formed(const ReferenceName& name) noexcept {
  // A name that is none is refused before any certificate is looked at.
  const MatchResult result = kind_of(name).match(CertificateView(), name.text);
  return result.defect != MatchDefect::bad_reference;
}

std::vector<PathProblem> name_problems() {
  std::vector<PathProblem> problems;
  problems.reserve(kKinds.size());
  for (const Kind& kind : kKinds) problems.push_back(kind.mismatch);
  return problems;
}

std::vector<Problem> check_name(const CertificateView& leaf, Bytes octets,
                                const VerifyOptions& options) {
  if (!options.name) return {};
  const ReferenceName& name = *options.name;
  const Kind& kind = kind_of(name);
  MatchResult result;
  if (options.profile != VerifyProfile::openssl) {
    result = kind.match(leaf, name.text);
  } else if (!is_named_by_openssl(octets, name)) {
    result.defect = MatchDefect::not_equal;
  }
  if (result) return {};
  std::string message(kind.mismatch.sentence);
  message.append(": ").append(to_string(result.defect));
  return {{kind.mismatch.code, 0, std::move(message)}};
}

}  // namespace peercert::verify
