// SPDX-License-Identifier: Apache-2.0
// Public keys that are known beforehand. RFC 7469, 2.4.
#pragma once

#include <string_view>
#include <vector>

#include <peercert/crypto/fingerprint.hpp>
#include <peercert/x509/certificate.hpp>

namespace peercert::ssl {

/// SHA-256 digests of SubjectPublicKeyInfos, any one of which is good. A pin says whose key it is,
/// and nothing of the certificate around it: verify that too, as by a VerifiedPeer.
class PinSet {
 public:
  /// Pins as curl's --pinnedpubkey takes them, "sha256//BASE64" with ";" between several;
  /// spki_pin() gives the BASE64. Throws ValueError for anything else, and for no pin at all: a
  /// mistake must not turn into a set that is never or always right.
  explicit PinSet(std::string_view pins);

  /// Whether the key is one of the set's. Takes the same time for whichever it is, and for none.
  bool contains(const PublicKeyView& key) const;

 private:
  std::vector<crypto::Sha256Digest> digests_;
};

/// Whether the certificate's key is one of the set's.
bool matches_pin(const CertificateView& certificate, const PinSet& pins);

}  // namespace peercert::ssl
