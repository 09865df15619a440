// SPDX-License-Identifier: Apache-2.0
// Certificates made in memory, for tests and demonstrations. Not installed.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <peercert/x509/certificate.hpp>

namespace peercert::ssl {

enum class KeyType : std::uint8_t { rsa2048, p256, p384, ed25519 };
enum class ExtendedKeyUsage : std::uint8_t { none, server_auth, client_auth, both };

/// What a certificate says. The defaults make a TLS server's certificate that is valid for a year.
struct CertificateOptions {
  KeyType key_type = KeyType::p256;
  /// (type, value in UTF-8), one RDN each; the type is a short or long name: {"CN", "example.org"}.
  std::vector<std::pair<std::string, std::string>> subject{};
  /// "DNS:example.org", "IP:127.0.0.1", "IP:::1", "email:a@example.org",
  /// "URI:https://example.org/".
  std::vector<std::string> subject_alt_name{};
  ExtendedKeyUsage extended_key_usage = ExtendedKeyUsage::server_auth;
  bool ca = false;  // basicConstraints and keyUsage follow; a CA has no extendedKeyUsage
  std::optional<int> path_len_constraint{};  // of a CA's basicConstraints
  std::chrono::sys_seconds not_before = today() - std::chrono::days(1);
  std::chrono::sys_seconds not_after = today() + std::chrono::days(365);
  std::string serial_number{};  // hexadecimal, "-" in front if negative; empty: random
  std::vector<std::string> ocsp{}, ca_issuers{}, crl_distribution_points{};
  std::string sct_list{};  // RFC 6962, 3.3, or what stands in its place: hexadecimal

  static std::chrono::sys_seconds today() {
    return std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  }
};

/// A certificate and its private key. The certificates satisfy RFC 5280 as far as X509_STRICT
/// checks it. Copies share what they hold. Every call throws SSLError where OpenSSL refuses,
/// ValueError for options that make no sense.
class Credential {
 public:
  /// Signed with its own key.
  static Credential self_signed(const CertificateOptions& options);
  /// A self-signed CA with this commonName.
  static Credential root_ca(const std::string& common_name, KeyType key_type = KeyType::p256);

  /// A certificate with a new key, signed by this one.
  Credential issue(const CertificateOptions& options) const;
  /// Another certificate of this one's key and issuer; `key_type` does not matter.
  Credential renew(const CertificateOptions& options) const;

  Der certificate_der() const;
  std::string certificate_pem() const;
  /// What a peer sends: this certificate and its issuers, without a self-signed one at the end.
  std::string chain_pem() const;
  /// PKCS #8, encrypted with AES-256 if there is a password.
  std::string private_key_pem(std::string_view password = {}) const;

 private:
  struct State;
  explicit Credential(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  static Credential make(const CertificateOptions& options, std::shared_ptr<const State> issuer,
                         const State* holder = nullptr);

  std::shared_ptr<const State> state_;
};

}  // namespace peercert::ssl
