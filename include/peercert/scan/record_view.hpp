// SPDX-License-Identifier: Apache-2.0
// A record as sinks see it: what several of them need is made once.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <peercert/columns/certificate_columns.hpp>
#include <peercert/crypto/fingerprint.hpp>
#include <peercert/peer/peer_cert.hpp>
#include <peercert/scan/record.hpp>

namespace peercert::scan {

/// A certificate of a record. It is parsed and hashed when that is first asked for, and only then:
/// one thread at a time.
class CertificateEntry {
 public:
  /// The bytes as they were sent.
  Bytes der() const noexcept { return der_; }
  /// Of der().
  const crypto::Sha256Digest& sha256() const& PEERCERT_LIFETIMEBOUND;
  crypto::Sha256Digest sha256() && = delete;

  /// Null if the bytes cannot be read as a certificate.
  const CertificateView* certificate() const& PEERCERT_LIFETIMEBOUND;
  const CertificateView* certificate() && = delete;
  /// The dict, or why there is none: also a certificate that can be read may have none.
  const Result<PeerCertView>& dict() const& PEERCERT_LIFETIMEBOUND;
  Result<PeerCertView> dict() && = delete;

  /// The row for columns of certificates; certificate() has to be there. `needs` is what the
  /// columns need, `time` what days are counted from.
  columns::CertificateRow row(std::chrono::sys_seconds time,
                              std::uint8_t needs) const& PEERCERT_LIFETIMEBOUND;
  columns::CertificateRow row(std::chrono::sys_seconds time, std::uint8_t needs) && = delete;

 private:
  friend class RecordView;
  void assign(Bytes der) noexcept;

  Bytes der_{};
  mutable bool is_decoded_ = false;
  mutable PeerCertDecoder decoder_;
  mutable Result<PeerCertView> dict_ = Error{Errc::empty_input};
  mutable std::optional<crypto::Sha256Digest> sha256_, spki_sha256_;
  mutable std::optional<crypto::Sha1Digest> sha1_;
};

/// A record with its certificates. Borrows the record.
class RecordView {
 public:
  /// Views nothing: assign() first.
  RecordView() = default;
  explicit RecordView(const Record& record) { assign(record); }
  explicit RecordView(Record&&) = delete;
  RecordView(const RecordView&) = delete;
  RecordView& operator=(const RecordView&) = delete;

  /// Views another record, with the memory that is there.
  void assign(const Record& record);
  void assign(Record&&) = delete;

  const Record& record() const noexcept { return *record_; }

  /// Those of record().chain, in its order.
  std::span<const CertificateEntry> chain() const& noexcept PEERCERT_LIFETIMEBOUND {
    return {entries_.data(), record_->chain.size()};
  }
  std::span<const CertificateEntry> chain() && = delete;
  /// Those of record().verified_chain. What was sent is the entry of chain().
  std::span<const CertificateEntry* const> verified_chain() const& noexcept PEERCERT_LIFETIMEBOUND {
    return verified_chain_;
  }
  std::span<const CertificateEntry* const> verified_chain() && = delete;
  /// Each entry of chain() and verified_chain() once.
  std::span<const CertificateEntry> certificates() const& noexcept PEERCERT_LIFETIMEBOUND {
    return {entries_.data(), num_entries_};
  }
  std::span<const CertificateEntry> certificates() && = delete;
  /// How many certificates were sent: more than chain() where a peer has sent too many.
  std::size_t num_sent() const noexcept;

  /// The peer's own certificate; null if there is none, or none that can be read.
  const CertificateView* certificate() const& PEERCERT_LIFETIMEBOUND;
  const CertificateView* certificate() && = delete;
  /// Its bytes, if there are some and it cannot be read: nothing else has them. Else empty.
  Bytes unreadable() const;
  /// The dict of it; null if there is none.
  const PeerCertView* dict() const& PEERCERT_LIFETIMEBOUND;
  const PeerCertView* dict() && = delete;

  /// The failure's class, or "undecodable" if that there is no dict is all that is wrong; empty if
  /// nothing is. Static storage.
  std::string_view error_class() const;
  /// The sentence for it.
  std::string error_message() const;

  /// "complete": the peer has proven to have the key. "certificate": it has sent a certificate
  /// without proof. Empty: neither. Static storage.
  std::string_view handshake() const noexcept;
  /// Whether the peer has come as far as TLS, so that there is a verdict.
  bool has_verdict() const noexcept;

 private:
  const CertificateEntry* add(const Der& der);
  bool is_undecodable() const { return !record_->chain.empty() && dict() == nullptr; }

  const Record* record_ = nullptr;
  std::vector<CertificateEntry> entries_;  // of chain, then the others; some may be of no use now
  std::size_t num_entries_ = 0;
  std::vector<const CertificateEntry*> verified_chain_;
};

}  // namespace peercert::scan
