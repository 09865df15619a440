// SPDX-License-Identifier: Apache-2.0
#include "verify/path/candidate_pool.hpp"

#include <utility>

#include <peercert/x509/field.hpp>

#include "verify/path/pem_or_der.hpp"

namespace peercert::verify {
namespace {

std::string_view key_of(Bytes octets) {
  return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}

}  // namespace

Result<CandidatePtr> decode_candidate(Bytes input) {
  auto certificate = Certificate::from_der(input);
  if (!certificate) return certificate.error();
  const std::uint8_t* end = input.data();
  X509Ptr x509(d2i_X509(nullptr, &end, static_cast<long>(input.size())));
  if (!x509) return Error{Errc::unsupported_value, Field::certificate, 0};
  return std::make_shared<const Candidate>(
      Candidate{*std::move(certificate), Der(input.data(), end), std::move(x509)});
}

Result<CandidatePtr> decode_anchor_candidate(Bytes input) {
  auto candidate = decode_candidate(input);
  if (!candidate) return candidate;
  X509Ptr x509 = decode_anchor(input);
  if (!x509) return Error{Errc::trailing_data, Field::certificate, 0};
  const Candidate& plain = **candidate;
  return std::make_shared<const Candidate>(
      Candidate{plain.certificate, plain.octets, std::move(x509)});
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
