// SPDX-License-Identifier: Apache-2.0
// Validation comes to an end, and what is valid has a path to the one trusted root whose signatures
// hold: the input is a leaf, then certificates and CRLs, of a CA whose key is not kept.
#include <algorithm>
#include <memory>
#include <set>

#include <openssl/err.h>
#include <openssl/x509.h>

#include <peercert/verify/verifier.hpp>

#include "der/header.hpp"
#include "fuzz.hpp"
#include "hex.hpp"

namespace peercert::fuzz {
namespace {

constexpr std::string_view kRoot =
    "3082018e30820133a00302010202021000300a06082a8648ce3d040302301d311b301906035504030c12706565"
    "7263657274207465737420726f6f74301e170d3236313132313233333432325a170d3236313232323233333432"
    "325a301d311b301906035504030c127065657263657274207465737420726f6f743059301306072a8648ce3d02"
    "0106082a8648ce3d030107034200047d091ddf79a680654fa6c42a29f9053533b681b619b8009ba07e4b1d74f0"
    "5dbc9bf92d818053319a6ba6b342a185fe6d5006bbb8dbdd4b642602c1ee97e52703a3633061300f0603551d13"
    "0101ff040530030101ff300e0603551d0f0101ff040403020106301d0603551d0e04160414e5ce80845ee1bd29"
    "00bd7f8cf5f56f865378fb4b301f0603551d23041830168014e5ce80845ee1bd2900bd7f8cf5f56f865378fb4b"
    "300a06082a8648ce3d0403020349003046022100cbcedc5d60c3f970bcffcb09ea76db33d56a45d2c5caa376c5"
    "40b0b0c54b8613022100c118a3b790a6889539b26ee63fd5e90bb544f7cd6351f13289ab8643c4b22f0e";
// When the seeds are valid.
constexpr std::chrono::sys_seconds kAt{std::chrono::seconds(1'795'390'462)};

const Der& root() {
  static const Der root = from_hex(kRoot);
  return root;
}

// One element of DER behind the other; what is none is the last.
std::vector<Der> split(Bytes input) {
  std::vector<Der> pieces;
  while (!input.empty()) {
    const std::uint8_t* at = input.data();
    der::Header header;
    const bool is_header = der::read_header(at, at + input.size(), header) == Errc::ok;
    const auto header_len = static_cast<std::size_t>(at - input.data());
    const bool is_element = is_header && !header.indefinite && header_len <= input.size() &&
                            header.content_len <= input.size() - header_len;
    const Bytes piece = is_element ? input.first(header_len + header.content_len) : input;
    pieces.emplace_back(piece.begin(), piece.end());
    input = input.subspan(piece.size());
  }
  return pieces;
}

std::shared_ptr<X509> decode(const Der& der) {
  const std::uint8_t* at = der.data();
  return {d2i_X509(nullptr, &at, static_cast<long>(der.size())), X509_free};
}

void check_signatures(const std::vector<Der>& path) {
  for (std::size_t depth = 0; depth + 1 < path.size(); ++depth) {
    const auto subject = decode(path[depth]), issuer = decode(path[depth + 1]);
    check(subject && issuer && X509_verify(subject.get(), X509_get0_pubkey(issuer.get())) == 1);
  }
}

void check_problem(const verify::Problem& problem, const verify::VerifyResult& result) {
  static const std::set<std::string_view> known = [] {
    std::set<std::string_view> codes;
    for (const verify::PathProblem& row : verify::path_problems()) codes.insert(row.code);
    for (const verify::Rule& rule : verify::webpki_rules()) codes.insert(rule.code);
    return codes;
  }();
  check(known.contains(problem.code));
  check_shown(problem.message);
  check(problem.depth == 0 || static_cast<std::size_t>(problem.depth) < result.path.size());
}

bool is_valid(const verify::Verifier& verifier, const std::vector<Der>& pieces,
              verify::VerifyProfile profile) {
  const verify::VerifyOptions options{.profile = profile, .at = kAt};
  const verify::VerifyResult result =
      verifier.verify(pieces.front(), std::span(pieces).subspan(1), options);
  check(ERR_peek_error() == 0);
  for (const verify::Problem& problem : result.problems) check_problem(problem, result);
  if (!result.is_valid()) return false;
  check(result.path.back() == root());
  check(std::ranges::equal(result.path.front(),
                           Bytes(pieces.front()).first(result.path.front().size())));
  check_signatures(result.path);
  return true;
}

}  // namespace

void run(Bytes input) {
  const std::vector<Der> pieces = split(input);
  if (pieces.empty()) return;
  verify::Verifier verifier;
  check(verifier.add_trust_anchor(root()).code == Errc::ok);
  for (const Der& piece : pieces) static_cast<void>(verifier.add_crls(piece));
  static_cast<void>(verify::Verifier().add_trust_anchors(input));
  const bool is_strict = is_valid(verifier, pieces, verify::VerifyProfile::cabf);
  const bool is_loose = is_valid(verifier, pieces, verify::VerifyProfile::webpki);
  check(is_loose || !is_strict);
  // Not looser than webpki: it also reads the commonName under name constraints.
  static_cast<void>(is_valid(verifier, pieces, verify::VerifyProfile::openssl));
}

}  // namespace peercert::fuzz
