// SPDX-License-Identifier: Apache-2.0
// What one verification found, and its form in the session's ticket.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <peercert/crypto/fingerprint.hpp>
#include <peercert/ssl/peer_identity.hpp>
#include <peercert/verify/verifier.hpp>
#include <peercert/x509/certificate.hpp>

namespace peercert::ssl {

inline constexpr std::size_t kMaxRecordedErrors = 32;
inline constexpr std::size_t kMaxSubjectLen = 256;
inline constexpr std::size_t kMaxRecordedChain = 100;  // certificates; OpenSSL's own limit of depth
/// Octets: what a client keeps with a session. A server's is in the ticket, which travels with
/// every resumption.
inline constexpr std::size_t kMaxClientRecordLen = 24576;
inline constexpr std::size_t kMaxServerRecordLen = 8192;

/// What a connection asks of its peer's certificate: every input of the verdict but the
/// certificates and the store's answers.
struct VerifyPolicy {
  std::vector<std::string> hosts{};  // any one of them
  std::string ip{};                  // as text
  std::string email{};
  std::uint64_t flags = 0;       // X509_V_FLAG_*
  std::uint32_t host_flags = 0;  // X509_CHECK_FLAG_*
  std::int64_t check_time = 0;   // seconds since 1970, with X509_V_FLAG_USE_CHECK_TIME alone
  std::int32_t depth = -1;
  std::int32_t auth_level = -1;      // of keys and signatures in chains
  std::int32_t security_level = -1;  // of the connection's own
  std::uint32_t purpose = 0;         // purpose_bits()
  verify::VerifyProfile profile = verify::VerifyProfile::openssl;
  bool server = false;          // which side asks
  bool dane = false;            // SSL_dane_enable()
  std::uint16_t hooks = 0;      // of the X509_STORE: 1 << StoreHook
  std::uint64_t callbacks = 0;  // callback_identity(); 0 if none takes part

  friend bool operator==(const VerifyPolicy&, const VerifyPolicy&) = default;
};

struct VerificationRecord {
  bool required = false;  // SSL_VERIFY_PEER
  bool passed = false;    // X509_verify_cert() was content, and no callback had to help
  VerifyPolicy policy{};
  std::string name{};  // the one of the policy's that the certificate names
  crypto::Sha256Digest leaf{};
  // When all of the chain, and the CRLs if any are asked, are valid: seconds since 1970, both ends
  // included.
  std::int64_t not_before = INT64_MAX;
  std::int64_t not_after = INT64_MIN;
  std::vector<VerifyError> errors{};
  // The issuers that the chain names, in DER, and what the store said of them: ask_store().
  std::vector<Der> issuers{};
  crypto::Sha256Digest trust{};
  // The peer's own first; nullopt if there was no room.
  std::optional<std::vector<Der>> sent{}, built{};

  friend bool operator==(const VerificationRecord&, const VerificationRecord&) = default;
};

/// The certificate's subject, as to_text(NameView), in at most kMaxSubjectLen bytes of UTF-8.
std::string subject_text(const CertificateView& certificate);

/// The record in octets, without its chains if they would make it longer than `max_len`; empty if
/// it is too long even so.
std::vector<std::uint8_t> to_octets(const VerificationRecord& record, std::size_t max_len);

/// Whether the octets start as those of to_octets() do, whatever their version.
bool is_record(Bytes octets) noexcept;

/// nullopt for octets that to_octets() has not made, or of another version of it.
std::optional<VerificationRecord> parse_record(Bytes octets);

}  // namespace peercert::ssl
