// SPDX-License-Identifier: Apache-2.0
// What RFC 5280, RFC 9525 and the CA/Browser Forum's Baseline Requirements ask of a path, beyond
// what OpenSSL checks.
#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <vector>

#include <peercert/verify/problem.hpp>
#include <peercert/x509/certificate.hpp>

namespace peercert::verify {

/// Names and extensions are compared with each other this often in one path, where a comparison is
/// one of up to 64 bytes; a path that asks for more is refused.
inline constexpr std::size_t kMaxComparisons = std::size_t{1} << 20;

/// Whether names directly under the domain ("co.uk", in lower case) are registered by anybody.
using PublicSuffixTest = bool (*)(std::string_view domain) noexcept;

/// What check_webpki() and check_cabf() have to know.
struct WebpkiOptions {
  Purpose purpose = Purpose::server_auth;  // what the leaf is used for
  /// The time at which the path has to be valid. notBefore and notAfter are valid themselves.
  std::chrono::sys_seconds at{};
  /// A wildcard directly over a domain of one label is refused in any case, over more of them if
  /// this says so.
  PublicSuffixTest is_public_suffix = nullptr;
};

/// Every rule for relying parties that the path breaks: of RFC 5280 and RFC 9525, and what browsers
/// refuse. Each once for a certificate; empty if none. `path` is a chain that has been built, leaf
/// first and trust anchor last, and whose signatures hold: this checks neither the chaining of
/// names and signatures nor the name of the leaf. A trust anchor has to satisfy the rules on its
/// own form, and its name constraints bind the certificates below it. docs/verify.md lists the
/// rules.
std::vector<Problem> check_webpki(std::span<const CertificateView> path,
                                  const WebpkiOptions& options);
/// The same, and what the Baseline Requirements, 7.1, ask of those who issue certificates.
std::vector<Problem> check_cabf(std::span<const CertificateView> path,
                                const WebpkiOptions& options);

/// Which certificates of a path a rule is asked of. A leaf that is a trust anchor itself counts as
/// a leaf.
enum class Subjects : std::uint8_t { all, not_anchor, ca, leaf };
/// "every certificate". Static storage.
std::string_view to_string(Subjects subjects) noexcept;

/// A rule: what it asks, of which certificates, the first profile that has it, and its source.
/// Static storage.
struct Rule {
  std::string_view code;                          // "rsa-key-size"
  VerifyProfile profile = VerifyProfile::webpki;  // the first profile that has it
  std::string_view asks;                          // a sentence
  Subjects of = Subjects::all;                    // the certificates it is asked of
  std::string_view where;                         // "BR, 6.1.5"
};
/// Every rule of check_cabf(), and so of check_webpki().
std::span<const Rule> webpki_rules() noexcept;

}  // namespace peercert::verify
