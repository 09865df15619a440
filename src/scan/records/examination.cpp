// SPDX-License-Identifier: Apache-2.0
#include "scan/records/examination.hpp"

#include <algorithm>

namespace peercert::scan {

void Examination::examine(const Record& record) {
  record_ = &record;
  chain_.clear();
  for (const Der& der : record.chain) chain_.push_back(crypto::sha256(der));
  verified_chain_.clear();
  for (const Der& der : record.verified_chain) {
    const auto sent = std::ranges::find(record.chain, der);  // all but the trust anchor, mostly
    verified_chain_.push_back(sent == record.chain.end()
                                  ? crypto::sha256(der)
                                  : chain_[static_cast<std::size_t>(sent - record.chain.begin())]);
  }
  if (record.chain.empty()) {
    dict_ = Error{Errc::empty_input};
  } else {
    dict_ = decoder_.decode(record.chain.front());
  }
}

std::size_t Examination::num_sent() const noexcept {
  return std::max(record_->num_sent, record_->chain.size());
}

const CertificateView* Examination::certificate() const noexcept {
  const bool is_there = !record_->chain.empty() && decoder_.has_certificate();
  return is_there ? &decoder_.certificate() : nullptr;
}

Bytes Examination::unreadable() const noexcept {
  return certificate() != nullptr || record_->chain.empty() ? Bytes() : record_->chain.front();
}

std::string_view Examination::error_class() const noexcept {
  if (record_->failure) return to_string(record_->failure->error_class);
  return is_undecodable() ? "undecodable" : "";
}

std::string Examination::error_message() const {
  if (record_->failure) return record_->failure->message;
  return is_undecodable() ? to_string(dict_.error()) : std::string();
}

std::string_view Examination::handshake() const noexcept {
  if (record_->handshake_done) return "complete";
  return record_->chain.empty() ? "" : "certificate";
}

bool Examination::has_verdict() const noexcept {
  return record_->validation.verdict != ssl::Verdict::absent || record_->handshake_done ||
         !record_->protocol.empty() || !record_->chain.empty();
}

}  // namespace peercert::scan
