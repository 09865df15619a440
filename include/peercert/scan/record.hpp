// SPDX-License-Identifier: Apache-2.0
// What a scan has learned of one endpoint.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <peercert/scan/target.hpp>
#include <peercert/ssl/ocsp_staple.hpp>
#include <peercert/ssl/peer_identity.hpp>
#include <peercert/x509/certificate.hpp>

namespace peercert::scan {

/// The steps of a connection, in their order.
enum class Phase : std::uint8_t { dns, connect, start_tls, handshake };
/// "dns", "connect", "starttls", "handshake". Static storage.
std::string_view to_string(Phase phase) noexcept;

/// Why there is no certificate, or why the handshake did not end well behind it.
enum class ErrorClass : std::uint8_t {
  resolve,      // the name has no address, or no name server answered
  denied,       // the address is on the list of networks not to be scanned
  refused,      // nothing listens there (ECONNREFUSED)
  unreachable,  // no way to the address, or another failure to connect
  timeout,      // a phase's deadline passed
  reset,        // the peer reset the connection
  closed,       // the peer closed the connection in the middle of a phase
  start_tls,    // the peer does not offer TLS, or does not speak the protocol
  not_tls,      // what the peer sent is not TLS
  alert,        // the peer ended the handshake with an alert
  tls,          // the handshake failed for another reason
  too_costly,   // the handshake would have kept the scan busy for too long (docs/scan.md, Bounds)
  internal,     // this machine could not do it: no descriptor, no memory
};
/// "refused", "starttls", "not-tls", "too-costly". Static storage.
std::string_view to_string(ErrorClass error_class) noexcept;

/// What went wrong, and where.
struct Failure {
  ErrorClass error_class = ErrorClass::internal;
  Phase phase = Phase::dns;
  std::string message{};  // a sentence for people; what the peer said is quoted and escaped in it
};

/// What verification found, though it decides nothing in a scan.
struct Validation {
  ssl::Verdict verdict = ssl::Verdict::absent;
  int code = 0;          // OpenSSL's X509_V_* number of the first objection; 0: none
  int depth = 0;         // of the certificate that it concerns
  std::string reason{};  // a sentence for it; empty if there is no objection
};

/// How long each phase took, those that were reached; and all of them with the pauses between.
struct PhaseTimes {
  using Duration = std::chrono::microseconds;
  std::optional<Duration> dns{}, connect{}, start_tls{}, handshake{};
  Duration total{};
};

/// What is known of one endpoint. Owns all of it. What a peer chose (alpn, the certificates) is as
/// it came, and not to be shown on a terminal as it is.
struct Record {
  Target target{};
  std::chrono::sys_time<std::chrono::milliseconds> time{};  // when the first phase began
  PhaseTimes times{};
  unsigned attempts = 1;  // with the one that the record is of

  std::string host{};         // whose address it is: target.host, or a mail server of that domain
  std::string address{};      // the last that was tried; empty if there was none
  std::string server_name{};  // sent as SNI; empty: none was

  bool handshake_done = false;  // the peer has proven to have the certificate's key
  std::string protocol{};       // "TLSv1.3"; empty before ServerHello
  std::string cipher{};         // OpenSSL's name
  std::string group{};          // of the key exchange: "x25519"
  std::string alpn{};           // what the server chose
  Validation validation{};
  std::vector<Der> chain{};           // as sent, the peer's own certificate first; at most 100
  std::size_t num_sent = 0;           // certificates that were sent; chain has the first of them
  std::size_t num_unreadable = 0;     // of chain: what cannot be read as a certificate
  std::vector<Der> verified_chain{};  // up to the trust anchor; empty unless verified
  std::shared_ptr<const ssl::OcspStaple> staple{};  // null unless one was asked for

  std::optional<Failure> failure{};  // a record may have both a chain and a failure
};

}  // namespace peercert::scan
