// SPDX-License-Identifier: Apache-2.0
#include "verify/candidate_pool.hpp"

#include <utility>

namespace peercert::verify {
namespace {

std::string_view key_of(Bytes octets) {
  return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}

}  // namespace

Result<CandidatePtr> decode_candidate(Bytes input) {
  auto certificate = Certificate::from_der(input);
  if (!certificate) return certificate.error();
  const Bytes octets = certificate->view().is_rewritten() ? input : certificate->der();
  const std::uint8_t* at = octets.data();
  X509Ptr x509(d2i_X509(nullptr, &at, static_cast<long>(octets.size())));
  if (!x509) return Error{Errc::unsupported_value, Field::certificate, 0};
  return std::make_shared<const Candidate>(
      Candidate{*std::move(certificate), Der(octets.begin(), octets.end()), std::move(x509)});
}

void CandidatePool::add(CandidatePtr candidate) {
  X509* const x509 = candidate->x509.get();
  if (!by_octets_.emplace(key_of(candidate->octets), candidate).second) return;
  by_x509_.emplace(x509, std::move(candidate));
  x509s_.push_back(x509);
}

CandidatePtr CandidatePool::find(Bytes octets) const {
  const auto found = by_octets_.find(key_of(octets));
  return found != by_octets_.end() ? found->second : nullptr;
}

const Candidate* CandidatePool::find(const X509* x509) const {
  const auto found = by_x509_.find(x509);
  return found != by_x509_.end() ? found->second.get() : nullptr;
}

}  // namespace peercert::verify
