// SPDX-License-Identifier: Apache-2.0
// What every output needs to know of a record.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <peercert/crypto/fingerprint.hpp>
#include <peercert/peer/peer_cert.hpp>
#include <peercert/scan/record.hpp>

namespace peercert::scan {

/// A record, the digests of its certificates and the dict of the first: computed once for each
/// output, with memory that is used again. Borrows the record that was examined last.
class Examination {
 public:
  void examine(const Record& record);

  const Record& record() const noexcept { return *record_; }
  /// Of record().chain and record().verified_chain.
  const std::vector<crypto::Sha256Digest>& chain() const noexcept { return chain_; }
  const std::vector<crypto::Sha256Digest>& verified_chain() const noexcept {
    return verified_chain_;
  }

  /// How many certificates were sent: more than chain() where a peer has sent too many.
  std::size_t num_sent() const noexcept;

  /// The peer's own certificate; null if there is none, or none that can be read.
  const CertificateView* certificate() const noexcept;
  /// Its bytes, if there are some and it cannot be read: no other output has them. Else empty.
  Bytes unreadable() const noexcept;
  /// The dict of it; null if there is none.
  const PeerCertView* dict() const noexcept { return dict_ ? &*dict_ : nullptr; }

  /// The failure's class, or "undecodable" if that there is no dict is all that is wrong; empty if
  /// nothing is. Static storage.
  std::string_view error_class() const noexcept;
  /// The sentence for it.
  std::string error_message() const;

  /// "complete": the peer has proven to have the key. "certificate": it has sent a certificate
  /// without proof. Empty: neither. Static storage.
  std::string_view handshake() const noexcept;
  /// Whether the peer has come as far as TLS, so that there is a verdict.
  bool has_verdict() const noexcept;

 private:
  bool is_undecodable() const noexcept { return !record_->chain.empty() && !dict_; }

  const Record* record_ = nullptr;
  std::vector<crypto::Sha256Digest> chain_, verified_chain_;
  PeerCertDecoder decoder_;
  Result<PeerCertView> dict_ = Error{Errc::empty_input};
};

}  // namespace peercert::scan
