// SPDX-License-Identifier: Apache-2.0
// Issuers that were verified before: most servers' certificates have one of a few hundred.
#pragma once

#include <cstdint>
#include <ctime>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <peercert/crypto/fingerprint.hpp>
#include <peercert/x509/certificate.hpp>

#include "crypto/openssl_ptr.hpp"

namespace peercert::ssl {

/// A certificate that a chain was verified through, and the chain above it.
struct VerifiedIssuer {
  X509Ptr certificate;
  std::vector<Der> chain{};                   // from the certificate itself to the trust anchor
  std::time_t not_before = 0, not_after = 0;  // what the validities of all of them share
};

/// What verification has found out about issuers of peers' certificates, for one set of trust
/// anchors, parameters and purpose. Only such issuers are kept as constrain nothing that depends on
/// who stands below them: then what such an issuer has issued itself is valid if that part of the
/// chain is. Any thread may call it.
class IssuerCache {
 public:
  /// Certificates that are kept. A few hundred issue nearly all that there are.
  static constexpr std::size_t kMaxIssuers = 4096;
  /// Certificates below them that are kept, by digest; before another comes, all are forgotten.
  static constexpr std::size_t kMaxIssued = 65'536;

  /// The issuer that is this certificate, octet by octet, if the chain above it is valid at `now`;
  /// else null. RFC 5280, 4.1.2.5, but the last second is not valid any more, as OpenSSL has it.
  std::shared_ptr<const VerifiedIssuer> find(const X509* certificate, std::time_t now) const;

  /// Learns from a chain that was verified, the peer's certificate first.
  void learn(const STACK_OF(X509) * verified_chain);

  /// Whether the certificate of this digest was verified to be signed by the issuer: many servers
  /// have the same one.
  bool has_issued(const VerifiedIssuer& issuer, const crypto::Sha256Digest& certificate) const;
  void learn_issued(const std::shared_ptr<const VerifiedIssuer>& issuer,
                    const crypto::Sha256Digest& certificate);

 private:
  struct FirstOctets {
    std::size_t operator()(const crypto::Sha256Digest& digest) const noexcept;
  };
  using IssuerPtr = std::shared_ptr<const VerifiedIssuer>;

  mutable std::shared_mutex mutex_;
  std::unordered_map<std::string, IssuerPtr> issuers_;  // by DER
  std::unordered_map<crypto::Sha256Digest, IssuerPtr, FirstOctets> issued_;
};

}  // namespace peercert::ssl
