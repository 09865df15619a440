// SPDX-License-Identifier: Apache-2.0
#include "verify/path/revocation.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <utility>

#include <openssl/x509v3.h>

namespace peercert::verify {
namespace {

using Asn1EnumeratedPtr = OpenSSLPtr<ASN1_ENUMERATED, ASN1_ENUMERATED_free>;

bool is_issuer(const X509_CRL& crl, const X509& certificate) {
  return X509_NAME_cmp(X509_CRL_get_issuer(&crl), X509_get_issuer_name(&certificate)) == 0;
}

//   CRLReason ::= ENUMERATED { unspecified(0), keyCompromise(1), cACompromise(2),
//        affiliationChanged(3), superseded(4), cessationOfOperation(5), certificateHold(6),
//        -- value 7 is not used --
//        removeFromCRL(8), privilegeWithdrawn(9), aACompromise(10) }
std::string_view reason_of(const X509_REVOKED& entry) {
  static constexpr std::array<std::string_view, 11> kReasons{
      "unspecified",   "keyCompromise",        "cACompromise",    "affiliationChanged",
      "superseded",    "cessationOfOperation", "certificateHold", "",
      "removeFromCRL", "privilegeWithdrawn",   "aACompromise"};
  const Asn1EnumeratedPtr reason(static_cast<ASN1_ENUMERATED*>(
      X509_REVOKED_get_ext_d2i(&entry, NID_crl_reason, nullptr, nullptr)));
  const long number = reason ? ASN1_ENUMERATED_get(reason.get()) : 0;
  const auto index = static_cast<std::size_t>(number);
  return number >= 0 && index < kReasons.size() ? kReasons[index] : "";
}

// CRL extensions by whether they are there, and how.
enum class Presence : std::uint8_t { absent, non_critical, critical };

Presence presence(const X509_CRL& crl, int nid) {
  const int at = X509_CRL_get_ext_by_NID(&crl, nid, -1);
  if (at < 0) return Presence::absent;
  const bool is_critical = X509_EXTENSION_get_critical(X509_CRL_get_ext(&crl, at)) == 1;
  return is_critical ? Presence::critical : Presence::non_critical;
}

constexpr long kVersion2 = 1;  // as encoded

bool repeats_serial_number(const X509_CRL& crl) {
  // It is not changed.
  const STACK_OF(X509_REVOKED)* const entries = X509_CRL_get_REVOKED(const_cast<X509_CRL*>(&crl));
  std::vector<const ASN1_INTEGER*> numbers;
  numbers.reserve(static_cast<std::size_t>(std::max(sk_X509_REVOKED_num(entries), 0)));
  for (int i = 0; i < sk_X509_REVOKED_num(entries); ++i) {
    numbers.push_back(X509_REVOKED_get0_serialNumber(sk_X509_REVOKED_value(entries, i)));
  }
  const auto is_less = [](const auto* a, const auto* b) { return ASN1_INTEGER_cmp(a, b) < 0; };
  const auto is_same = [](const auto* a, const auto* b) { return ASN1_INTEGER_cmp(a, b) == 0; };
  // OpenSSL has sorted them, if it has looked for one.
  if (!std::ranges::is_sorted(numbers, is_less)) std::ranges::sort(numbers, is_less);
  return std::ranges::adjacent_find(numbers, is_same) != numbers.end();
}

using DistributionPointPtr = OpenSSLPtr<ISSUING_DIST_POINT, ISSUING_DIST_POINT_free>;

// Baseline Requirements, 7.2.2.1: of a CRL for some of the certificates.
bool is_at_uris(const X509_CRL& crl) {
  const DistributionPointPtr point(static_cast<ISSUING_DIST_POINT*>(
      X509_CRL_get_ext_d2i(&crl, NID_issuing_distribution_point, nullptr, nullptr)));
  if (!point || point->distpoint == nullptr) return true;
  constexpr int kFullName = 0;
  if (point->distpoint->type != kFullName) return false;
  const GENERAL_NAMES* const names = point->distpoint->name.fullname;
  for (int i = 0; i < sk_GENERAL_NAME_num(names); ++i) {
    if (sk_GENERAL_NAME_value(names, i)->type != GEN_URI) return false;
  }
  return true;
}

struct CrlRule {
  std::string_view code;
  VerifyProfile profile;  // the one from which on it counts
  std::string_view asks;
  bool (*holds)(const X509_CRL& crl);
};
constexpr std::array kCrlRules{
    CrlRule{"crl-version", VerifyProfile::webpki,
            "the CRL has to be of version 2 (RFC 5280, 5.1.2.1)",
            [](const X509_CRL& crl) { return X509_CRL_get_version(&crl) == kVersion2; }},
    CrlRule{"crl-next-update", VerifyProfile::webpki,
            "the CRL has to say when the next one comes (RFC 5280, 5.1.2.5)",
            [](const X509_CRL& crl) { return X509_CRL_get0_nextUpdate(&crl) != nullptr; }},
    CrlRule{"crl-authority-key-identifier", VerifyProfile::webpki,
            "the CRL has to have an authorityKeyIdentifier, not critical (RFC 5280, 5.2.1)",
            [](const X509_CRL& crl) {
              return presence(crl, NID_authority_key_identifier) == Presence::non_critical;
            }},
    CrlRule{"crl-number", VerifyProfile::webpki,
            "the CRL has to have a CRL number, not critical (RFC 5280, 5.2.3)",
            [](const X509_CRL& crl) {
              return presence(crl, NID_crl_number) == Presence::non_critical;
            }},
    CrlRule{"crl-point-not-uri", VerifyProfile::cabf,
            "the distribution point of a CRL has to be a fullName of URIs (BR, 7.2.2.1)",
            is_at_uris},
    CrlRule{"crl-serial-repeated", VerifyProfile::webpki,
            "the CRL may list a serial number once (RFC 5280, 5.1.2.6)",
            [](const X509_CRL& crl) { return !repeats_serial_number(crl); }},
};

void check_crl(const X509_CRL& crl, int depth, VerifyProfile profile,
               std::vector<Problem>& problems) {
  for (const CrlRule& rule : kCrlRules) {
    if (rule.profile <= profile && !rule.holds(crl))
      problems.push_back({rule.code, depth, std::string(rule.asks)});
  }
}

}  // namespace

bool has_crl_for(const X509& certificate, const std::vector<X509CrlPtr>& crls) {
  return std::ranges::any_of(crls,
                             [&](const X509CrlPtr& crl) { return is_issuer(*crl, certificate); });
}

std::string revocation(const X509& certificate, const X509_CRL& crl) {
  X509_REVOKED* entry = nullptr;
  // Neither call changes what it is given.
  const int found =
      X509_CRL_get0_by_cert(const_cast<X509_CRL*>(&crl), &entry, const_cast<X509*>(&certificate));
  if (found == 0 || entry == nullptr) return {};
  const std::string_view reason = reason_of(*entry);
  std::string text = "since " + date_text(X509_REVOKED_get0_revocationDate(entry));
  if (!reason.empty()) text.append(", ").append(reason);
  return text;
}

std::vector<PathProblem> crl_problems() {
  std::vector<PathProblem> problems;
  problems.reserve(kCrlRules.size());
  for (const CrlRule& rule : kCrlRules) problems.push_back({rule.code, rule.asks});
  return problems;
}

std::vector<Problem> check_crls(const X509s& path, const std::vector<X509CrlPtr>& crls,
                                VerifyProfile profile) {
  std::vector<Problem> problems;
  int depth = 0;
  for (const X509* const certificate : path) {
    for (const X509CrlPtr& crl : crls) {
      if (is_issuer(*crl, *certificate)) check_crl(*crl, depth, profile, problems);
    }
    ++depth;
  }
  return problems;
}

}  // namespace peercert::verify
