// SPDX-License-Identifier: Apache-2.0
// Path validation without a connection. RFC 5280, 6.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <peercert/verify/problem.hpp>
#include <peercert/verify/webpki.hpp>
#include <peercert/x509/certificate.hpp>

namespace peercert::verify {

/// The kinds of names that match_hostname(), match_ip() and match_email() compare.
enum class NameKind : std::uint8_t { hostname, ip, email };

/// Whom the leaf has to name. RFC 9525.
struct ReferenceName {
  NameKind kind = NameKind::hostname;  // what the text is
  std::string text;                    // the host, address or mailbox
};

/// Whether the text is well-formed for its kind: a host in A-labels or an address, an address, a
/// mailbox. Other texts match no certificate, except that OpenSSL takes any text as a host name.
bool is_well_formed(const ReferenceName& name) noexcept;

/// OpenSSL's own default.
inline constexpr int kDefaultMaxDepth = 100;
/// A larger VerifyOptions::max_depth counts as this.
inline constexpr int kLargestMaxDepth = 255;

/// What a validation asks for.
struct VerifyOptions {
  VerifyProfile profile = VerifyProfile::webpki;  // whose rules apply
  Purpose purpose = Purpose::server_auth;         // what the leaf is used for
  std::optional<std::chrono::sys_seconds> at{};   // the time to be valid at; absent: now
  /// Absent: no name is checked. Compared with subjectAltName alone (RFC 9525),
  /// but by VerifyProfile::openssl as OpenSSL and Python's default context do: they compare a host
  /// with the commonName as well if there is no dNSName.
  std::optional<ReferenceName> name{};
  int max_depth = kDefaultMaxDepth;             // certificates between the leaf and the anchor
  PublicSuffixTest is_public_suffix = nullptr;  // as in WebpkiOptions
};

/// How a validation ended.
struct VerifyResult {
  /// Leaf first, trust anchor last, the bytes as they were given. If the leaf is not valid, the
  /// path that got furthest: nothing about it can be relied on then, and it may lack an anchor.
  std::vector<Der> path;
  /// Why it is not valid: all that is wrong with that path.
  std::vector<Problem> problems;

  /// Whether there is a path and nothing is wrong with it.
  bool is_valid() const noexcept { return problems.empty() && !path.empty(); }
};

/// What a validation does at most, besides asking OpenSSL once, to find another path: signatures
/// that it checks, issuers that it tries for a certificate, paths that it gives to OpenSSL, and
/// certificates in those. What needs more is refused as "too-many-paths". Go and webpki have the
/// same number of signatures.
inline constexpr std::size_t kMaxSignatureChecks = 100;
/// Of one certificate.
inline constexpr std::size_t kMaxIssuersTried = 4096;
/// Given to OpenSSL.
inline constexpr std::size_t kMaxCandidatePaths = 32;
/// In all paths that are given to OpenSSL.
inline constexpr std::size_t kMaxCandidatesInPaths = 256;

/// Why something is no certificate or CRL, and at which byte of the input it begins.
struct InputError {
  std::string_view message;  // static storage
  std::size_t offset = 0;    // of the input, in bytes
};

/// Trust anchors and revocation lists, against which leaves are validated. Once they are added any
/// number of threads may call verify(). Copies share them.
///
/// OpenSSL builds the path and checks the signatures. It takes one issuer for each certificate. If
/// that one does not lead to a valid path, this tries the others.
class Verifier {
 public:
  Verifier();

  /// Trusts a certificate, self-signed or not. After it there may be the trust settings that a
  /// BEGIN TRUSTED CERTIFICATE of OpenSSL's has (X509_CERT_AUX): it is trusted for those uses
  /// alone, and not for the rejected ones. Of the same certificate twice the first counts. An error
  /// if it is no certificate, or if anything else follows.
  Error add_trust_anchor(Bytes der);
  /// Trusts the certificates of a text in PEM, with anything between the blocks, or of DER, one
  /// after the other. BEGIN TRUSTED CERTIFICATE has trust settings. CRLs must be well-formed, and
  /// are not added. Adds nothing if there is an error.
  std::optional<InputError> add_trust_anchors(Bytes pem_or_der);
  /// Adds the CertificateLists of a text in PEM ("X509 CRL", with anything between the blocks), or
  /// of DER, one after the other. Once there is one, the leaf needs one from its issuer, and so
  /// does each other certificate whose issuer has one here. RFC 5280, 5.
  std::optional<InputError> add_crls(Bytes pem_or_der);

  /// Looks for a valid path from the leaf over any of the untrusted certificates, whose order does
  /// not matter, to a trust anchor. Untrusted ones that cannot be decoded are passed over. The work
  /// is bounded whatever they hold: an EC key with explicit curve parameters is not decoded, and
  /// its certificate is in no valid path, unless it is a trust anchor. RFC 5480, 2.1.1.
  VerifyResult verify(Bytes leaf, std::span<const Der> untrusted,
                      const VerifyOptions& options) const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

/// What is wrong with a path that somebody else built and whose signatures are valid, such as the
/// verified chain of a TLS connection: the name and the rules of the profile. Leaf first, trust
/// anchor last.
std::vector<Problem> check_path(std::span<const Der> path, const VerifyOptions& options);

/// Every code of a Problem that OpenSSL's checks and the search for a path give, with a sentence.
/// Those of check_webpki() and check_cabf() are in webpki_rules().
struct PathProblem {
  std::string_view code;      // "expired"
  std::string_view sentence;  // "certificate has expired"
};
/// Every such code. Throws std::bad_alloc.
std::vector<PathProblem> path_problems();

}  // namespace peercert::verify
