// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <peercert/scan/record_view.hpp>

namespace peercert::scan {

void CertificateEntry::assign(Bytes der) noexcept {
  der_ = der;
  is_decoded_ = false;
  sha256_.reset();
  spki_sha256_.reset();
  sha1_.reset();
}

const crypto::Sha256Digest& CertificateEntry::sha256() const& {
  if (!sha256_) sha256_ = crypto::sha256(der_);
  return *sha256_;
}

const Result<PeerCertView>& CertificateEntry::dict() const& {
  if (!is_decoded_) dict_ = decoder_.decode(der_);
  is_decoded_ = true;
  return dict_;
}

const CertificateView* CertificateEntry::certificate() const& {
  static_cast<void>(dict());
  return decoder_.has_certificate() ? &decoder_.certificate() : nullptr;
}

columns::CertificateRow CertificateEntry::row(std::chrono::sys_seconds time,
                                              std::uint8_t needs) const& {
  columns::CertificateRow row{*certificate(), der_, time};
  if ((needs & columns::needs_sha1) != 0) {
    if (!sha1_) sha1_ = crypto::sha1(der_);
    row.sha1 = *sha1_;
  }
  if ((needs & columns::needs_spki_sha256) != 0) {
    if (!spki_sha256_) {
      spki_sha256_ = crypto::sha256(row.certificate.subject_public_key_info().der);
    }
    row.spki_sha256 = *spki_sha256_;
  }
  return row;
}

void RecordView::assign(const Record& record) {
  record_ = &record;
  num_entries_ = 0;
  verified_chain_.clear();
  const std::size_t max_entries = record.chain.size() + record.verified_chain.size();
  if (entries_.size() < max_entries)
    entries_.resize(max_entries);  // here alone: others point there
  for (const Der& der : record.chain) add(der);
  for (const Der& der : record.verified_chain) {
    const auto sent = std::ranges::find(record.chain, der);  // all but the trust anchor, mostly
    verified_chain_.push_back(
        sent == record.chain.end()
            ? add(der)
            : &entries_[static_cast<std::size_t>(sent - record.chain.begin())]);
  }
}

const CertificateEntry* RecordView::add(const Der& der) {
  CertificateEntry& entry = entries_[num_entries_++];
  entry.assign(der);
  return &entry;
}

std::size_t RecordView::num_sent() const noexcept {
  return std::max(record_->num_sent, record_->chain.size());
}

const CertificateView* RecordView::certificate() const& {
  return record_->chain.empty() ? nullptr : entries_.front().certificate();
}

Bytes RecordView::unreadable() const {
  return certificate() != nullptr || record_->chain.empty() ? Bytes() : record_->chain.front();
}

const PeerCertView* RecordView::dict() const& {
  if (record_->chain.empty()) return nullptr;
  const Result<PeerCertView>& dict = entries_.front().dict();
  return dict ? &*dict : nullptr;
}

std::string_view RecordView::error_class() const {
  if (record_->failure) return to_string(record_->failure->error_class);
  return is_undecodable() ? "undecodable" : "";
}

std::string RecordView::error_message() const {
  if (record_->failure) return record_->failure->message;
  return is_undecodable() ? to_string(entries_.front().dict().error()) : std::string();
}

std::string_view RecordView::handshake() const noexcept {
  if (record_->handshake_done) return "complete";
  return record_->chain.empty() ? "" : "certificate";
}

bool RecordView::has_verdict() const noexcept {
  return record_->validation.verdict != ssl::Verdict::absent || record_->handshake_done ||
         !record_->protocol.empty() || !record_->chain.empty();
}

}  // namespace peercert::scan
