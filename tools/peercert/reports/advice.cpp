// SPDX-License-Identifier: Apache-2.0
#include "reports/advice.hpp"

#include <array>
#include <chrono>
#include <string_view>

#include <fmt/format.h>

#include <peercert/peer/peer_cert.hpp>
#include <peercert/peer/time_text.hpp>
#include <peercert/render/text.hpp>
#include <peercert/x509/certificate.hpp>

namespace peercert::tool {
namespace {

// The X509_V_ERR_* codes that there is something to say about; they are OpenSSL's ABI.
enum VerifyCode : long {
  unable_to_get_issuer_cert = 2,
  cert_not_yet_valid = 9,
  cert_has_expired = 10,
  depth_zero_self_signed_cert = 18,
  self_signed_cert_in_chain = 19,
  unable_to_get_issuer_cert_locally = 20,
  unable_to_verify_leaf_signature = 21,
  invalid_purpose = 26,
  hostname_mismatch = 62,
  ip_address_mismatch = 64,
};

constexpr std::size_t kMaxNamesShown = 8;

// Of the certificate that is outside its validity; it need not be the leaf.
std::string advice_on_validity(const std::vector<Der>& chain) {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  for (const Der& der : chain) {
    const auto certificate = Certificate::from_der(der);
    if (!certificate) continue;
    const auto first = certificate->view().not_before().parse();
    const auto last = certificate->view().not_after().parse();
    if (!first || !last) continue;
    const bool early = now < first->to_sys_seconds();
    if (!early && now <= last->to_sys_seconds()) continue;
    return fmt::format(
        "'{}': {}, on {}; or is this machine's clock wrong?",
        to_short_text(certificate->view().subject()), validity_text(certificate->view(), now),
        to_time_text(early ? certificate->view().not_before() : certificate->view().not_after()));
  }
  return {};
}

std::string names_of(const Der& leaf) {
  const auto dict = to_peer_cert(leaf);
  if (!dict || !dict->subject_alt_name) return {};
  std::string names;
  std::size_t num_names = 0;
  for (const AltName& name : *dict->subject_alt_name) {
    if (name.kind != "DNS" && name.kind != "IP Address") continue;
    if (++num_names > kMaxNamesShown) return names + " and more";
    names += (names.empty() ? "" : ", ") + name.value;
  }
  return names;
}

std::string advice_on_names(const Visit& visit) {
  const std::string names = names_of(visit.chain.front());
  if (names.empty())
    return "the certificate names no host at all; --no-check-hostname skips this check";
  return fmt::format("the certificate names {}; to verify it as another: --servername NAME", names);
}

std::string advice_on_issuer(const Visit& visit) {
  const auto last = Certificate::from_der(visit.chain.back());
  const std::string issuer = last ? to_short_text(last->view().issuer()) : "its issuer";
  std::string text =
      fmt::format("to trust '{}': --cafile FILE; to look only: --verify none", issuer);
  if (visit.chain.size() == 1 && visit.objection().code != depth_zero_self_signed_cert) {
    text += "; the server sent no intermediate certificate, perhaps it should";
  }
  return text;
}

std::string advice_on_verdict(const Visit& visit) {
  switch (visit.objection().code) {
    case unable_to_get_issuer_cert:
    case depth_zero_self_signed_cert:
    case self_signed_cert_in_chain:
    case unable_to_get_issuer_cert_locally:
    case unable_to_verify_leaf_signature: return advice_on_issuer(visit);
    case cert_not_yet_valid:
    case cert_has_expired: return advice_on_validity(visit.chain);
    case hostname_mismatch:
    case ip_address_mismatch: return advice_on_names(visit);
    case invalid_purpose:
      return "a certificate in the chain may not be used for TLS servers: see its extended key "
             "usage";
    default: return "to look at it without verification: --verify none";
  }
}

// OpenSSL's reason, and what it most often means to somebody who connects.
struct ReasonAdvice {
  std::string_view reason;
  std::string_view text;
};
constexpr std::array kReasonAdvice{
    ReasonAdvice{"WRONG_VERSION_NUMBER", "the server did not answer in TLS: is it the right port?"},
    ReasonAdvice{"HTTP_REQUEST", "the server did not answer in TLS: is it the right port?"},
    ReasonAdvice{"UNSUPPORTED_PROTOCOL", "the server has no TLS version from --min-version up"},
    ReasonAdvice{"TLSV1_ALERT_PROTOCOL_VERSION",
                 "try other versions: --min-version, --max-version"},
    ReasonAdvice{"SSLV3_ALERT_HANDSHAKE_FAILURE",
                 "if the server wants a certificate: --cert, --key"},
    ReasonAdvice{"SSLV3_ALERT_BAD_CERTIFICATE", "if the server wants a certificate: --cert, --key"},
    ReasonAdvice{"TLSV13_ALERT_CERTIFICATE_REQUIRED",
                 "the server wants a certificate: --cert, --key"},
    ReasonAdvice{"TLSV1_ALERT_UNKNOWN_CA", "the server does not trust the issuer of your --cert"},
    ReasonAdvice{"TLSV1_UNRECOGNIZED_NAME", "the server does not know this name: --servername"},
};

std::string advice_on_reason(std::string_view reason) {
  for (const ReasonAdvice& known : kReasonAdvice) {
    if (known.reason == reason) return std::string(known.text);
  }
  return {};
}

}  // namespace

std::string advice(const Visit& visit) {
  if (!visit.failure) return {};
  switch (visit.failure->kind) {
    case Failure::Kind::not_verified:
      return visit.chain.empty() ? std::string() : advice_on_verdict(visit);
    case Failure::Kind::tls: return advice_on_reason(visit.failure->reason);
    case Failure::Kind::timeout: return "to wait longer: --timeout SECONDS";
    default: return {};
  }
}

}  // namespace peercert::tool
