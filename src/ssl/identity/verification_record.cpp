// SPDX-License-Identifier: Apache-2.0
#include "ssl/identity/verification_record.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <openssl/x509_vfy.h>

#include <peercert/render/text.hpp>
#include <peercert/x509/tls_reader.hpp>

#include "render/safe_text.hpp"

namespace peercert::ssl {

// The record, in the presentation language of RFC 8446, 3:
//
//     struct {
//         opaque magic[12] = "peercert-v2\0";
//         uint8 bits;      // required (1), passed (2), has_chains (4), server (8), dane (16)
//         opaque leaf[32];
//         int64 not_before, not_after;
//         opaque name<0..2^16-1>, ip<0..2^16-1>, email<0..2^16-1>;
//         uint64 flags; uint32 host_flags; int64 check_time;
//         int32 depth, auth_level, security_level;
//         uint32 purpose; uint8 profile; uint16 hooks; uint64 callbacks;
//         uint16 num_hosts;    opaque host<0..2^16-1>[num_hosts];
//         opaque trust[32];
//         uint16 num_issuers;  opaque issuer<0..2^16-1>[num_issuers];
//         uint16 num_errors;   RecordedError error[num_errors];
//         // only with has_chains: each certificate once, then both chains as indices into them
//         uint16 num_certificates; opaque certificate<0..2^16-1>[num_certificates];
//         uint16 num_sent;     uint16 sent[num_sent];
//         uint16 num_built;    uint16 built[num_built];
//     } Record;
//     struct { int32 code, depth; uint8 overridden; opaque subject<0..2^16-1>; } RecordedError;

namespace {

constexpr std::string_view kMagic("peercert-v2\0", 12);
constexpr std::size_t kMagicNameLen = 9;  // without the version
constexpr std::size_t kMaxVectorLen = 0xFFFF;
constexpr std::uint8_t kRequired = 1, kPassed = 2, kHasChains = 4, kServer = 8, kDane = 16;

/// Appends what TlsReader reads.
class TlsWriter {
 public:
  void number(std::uint64_t value, std::size_t len) {
    while (len-- > 0) octets_.push_back(static_cast<std::uint8_t>(value >> (8 * len)));
  }
  template <class Octets>
  void raw(const Octets& octets) {
    octets_.insert(octets_.end(), octets.begin(), octets.end());
  }
  template <class Octets>
  void vector(const Octets& octets) {
    if (octets.size() > kMaxVectorLen) fits_ = false;
    number(octets.size(), 2);
    raw(octets);
  }
  void count(std::size_t count) {
    if (count > kMaxVectorLen) fits_ = false;
    number(count, 2);
  }
  /// What was written; empty if a number was too large for its field, or all is over `max_len`.
  std::vector<std::uint8_t> take(std::size_t max_len) && {
    if (!fits_ || octets_.size() > max_len) return {};
    return std::move(octets_);
  }

 private:
  std::vector<std::uint8_t> octets_;
  bool fits_ = true;
};

void write_policy(TlsWriter& out, const VerifyPolicy& policy) {
  out.vector(policy.ip);
  out.vector(policy.email);
  out.number(policy.flags, 8);
  out.number(policy.host_flags, 4);
  out.number(static_cast<std::uint64_t>(policy.check_time), 8);
  for (const std::int32_t level : {policy.depth, policy.auth_level, policy.security_level}) {
    out.number(static_cast<std::uint32_t>(level), 4);
  }
  out.number(policy.purpose, 4);
  out.number(static_cast<std::uint8_t>(policy.profile), 1);
  out.number(policy.hooks, 2);
  out.number(policy.callbacks, 8);
  out.count(policy.hosts.size());
  for (const std::string& host : policy.hosts) out.vector(host);
}

void write_trust(TlsWriter& out, const VerificationRecord& record) {
  out.raw(record.trust);
  out.count(record.issuers.size());
  for (const Der& issuer : record.issuers) out.vector(issuer);
}

std::uint8_t bits_of(const VerificationRecord& record, bool with_chains) {
  unsigned bits = record.required ? kRequired : 0U;
  if (record.passed) bits |= kPassed;
  if (with_chains) bits |= kHasChains;
  if (record.policy.server) bits |= kServer;
  if (record.policy.dane) bits |= kDane;
  return static_cast<std::uint8_t>(bits);
}

void write_errors(TlsWriter& out, const std::vector<VerifyError>& errors) {
  out.count(errors.size());
  for (const VerifyError& error : errors) {
    out.number(static_cast<std::uint32_t>(error.code), 4);
    out.number(static_cast<std::uint32_t>(error.depth), 4);
    out.number(error.overridden ? 1 : 0, 1);
    out.vector(error.subject);
  }
}

void write_chains(TlsWriter& out, const std::vector<Der>& sent, const std::vector<Der>& built) {
  std::vector<const Der*> certificates;
  const auto index_of = [&](const Der& der) {
    const auto same = [&](const Der* other) { return *other == der; };
    const auto found = std::ranges::find_if(certificates, same);
    const auto index = static_cast<std::size_t>(found - certificates.begin());
    if (found == certificates.end()) certificates.push_back(&der);
    return index;
  };
  TlsWriter indices;
  for (const std::vector<Der>* chain : {&sent, &built}) {
    indices.count(chain->size());
    for (const Der& der : *chain) indices.number(index_of(der), 2);
  }
  out.count(certificates.size());
  for (const Der* der : certificates) out.vector(*der);
  out.raw(std::move(indices).take(SIZE_MAX));
}

bool chains_may_fit(const VerificationRecord& record) {
  return record.sent && record.built && record.sent->size() <= kMaxRecordedChain &&
         record.built->size() <= kMaxRecordedChain;
}

std::vector<std::uint8_t> write(const VerificationRecord& record, bool with_chains,
                                std::size_t max_len) {
  TlsWriter out;
  out.raw(kMagic);
  out.number(bits_of(record, with_chains), 1);
  out.raw(record.leaf);
  out.number(static_cast<std::uint64_t>(record.not_before), 8);
  out.number(static_cast<std::uint64_t>(record.not_after), 8);
  out.vector(record.name);
  write_policy(out, record.policy);
  write_trust(out, record);
  write_errors(out, record.errors);
  if (with_chains) write_chains(out, *record.sent, *record.built);
  return std::move(out).take(max_len);
}

std::string read_text(TlsReader& in) {
  const Bytes octets = in.read_vector();
  return {octets.begin(), octets.end()};
}
std::int32_t read_int32(TlsReader& in) { return static_cast<std::int32_t>(in.read_number(4)); }

/// Calls `read_item` as often as the number in front says, while there is something to read.
template <class ReadItem>
void read_items(TlsReader& in, ReadItem read_item) {
  for (std::uint64_t left = in.read_number(2); left > 0; --left) {
    if (!in.more()) return in.fail(Errc::truncated);
    read_item();
  }
}

verify::VerifyProfile read_profile(TlsReader& in) {
  const std::uint64_t number = in.read_number(1);
  if (number > static_cast<std::uint64_t>(verify::VerifyProfile::cabf)) {
    in.fail(Errc::bad_integer);
  }
  return static_cast<verify::VerifyProfile>(number);
}

VerifyPolicy read_policy(TlsReader& in, std::uint64_t bits) {
  VerifyPolicy policy;
  policy.server = (bits & kServer) != 0;
  policy.dane = (bits & kDane) != 0;
  policy.ip = read_text(in);
  policy.email = read_text(in);
  policy.flags = in.read_number(8);
  policy.host_flags = static_cast<std::uint32_t>(in.read_number(4));
  policy.check_time = static_cast<std::int64_t>(in.read_number(8));
  policy.depth = read_int32(in);
  policy.auth_level = read_int32(in);
  policy.security_level = read_int32(in);
  policy.purpose = static_cast<std::uint32_t>(in.read_number(4));
  policy.profile = read_profile(in);
  policy.hooks = static_cast<std::uint16_t>(in.read_number(2));
  policy.callbacks = in.read_number(8);
  read_items(in, [&] { policy.hosts.push_back(read_text(in)); });
  return policy;
}

void read_trust(TlsReader& in, VerificationRecord& record) {
  std::ranges::copy(in.read(record.trust.size()), record.trust.begin());
  read_items(in, [&] {
    const Bytes issuer = in.read_vector();
    if (record.issuers.size() == kMaxRecordedChain) return in.fail(Errc::bad_length);
    record.issuers.emplace_back(issuer.begin(), issuer.end());
  });
}

std::vector<VerifyError> read_errors(TlsReader& in) {
  std::vector<VerifyError> errors;
  read_items(in, [&] {
    VerifyError error;
    error.code = read_int32(in);
    error.depth = read_int32(in);
    error.message = X509_verify_cert_error_string(error.code);
    error.overridden = in.read_number(1) == 1;
    error.subject = read_text(in);
    if (errors.size() == kMaxRecordedErrors) return in.fail(Errc::bad_length);
    errors.push_back(std::move(error));
  });
  return errors;
}

std::vector<Der> read_chain(TlsReader& in, const std::vector<Bytes>& certificates) {
  std::vector<Der> chain;
  read_items(in, [&] {
    const std::uint64_t index = in.read_number(2);
    if (index >= certificates.size() || chain.size() == kMaxRecordedChain) {
      return in.fail(Errc::bad_length);
    }
    chain.emplace_back(certificates[index].begin(), certificates[index].end());
  });
  return chain;
}

void read_chains(TlsReader& in, VerificationRecord& record) {
  std::vector<Bytes> certificates;
  read_items(in, [&] { certificates.push_back(in.read_vector()); });
  record.sent = read_chain(in, certificates);
  record.built = read_chain(in, certificates);
}

}  // namespace

std::string subject_text(const CertificateView& certificate) {
  return std::string(render::cut(to_text(certificate.subject()), kMaxSubjectLen));
}

std::vector<std::uint8_t> to_octets(const VerificationRecord& record, std::size_t max_len) {
  if (chains_may_fit(record)) {
    std::vector<std::uint8_t> octets = write(record, true, max_len);
    if (!octets.empty()) return octets;
  }
  return write(record, false, max_len);
}

bool is_record(Bytes octets) noexcept {
  return octets.size() >= kMagic.size() &&
         std::equal(kMagic.begin(), kMagic.begin() + kMagicNameLen, octets.begin());
}

std::optional<VerificationRecord> parse_record(Bytes octets) {
  der::Progress progress{octets.data()};
  TlsReader in(octets, progress);
  if (!std::ranges::equal(in.read(kMagic.size()), kMagic)) return std::nullopt;
  VerificationRecord record;
  const std::uint64_t bits = in.read_number(1);
  record.required = (bits & kRequired) != 0;
  record.passed = (bits & kPassed) != 0;
  std::ranges::copy(in.read(record.leaf.size()), record.leaf.begin());
  record.not_before = static_cast<std::int64_t>(in.read_number(8));
  record.not_after = static_cast<std::int64_t>(in.read_number(8));
  record.name = read_text(in);
  record.policy = read_policy(in, bits);
  read_trust(in, record);
  record.errors = read_errors(in);
  if ((bits & kHasChains) != 0) read_chains(in, record);
  if (progress.failed()) return std::nullopt;
  // Only one form of each record: numbers out of their range and what is left over are none of it.
  if (!std::ranges::equal(to_octets(record, octets.size()), octets)) return std::nullopt;
  return record;
}

}  // namespace peercert::ssl
