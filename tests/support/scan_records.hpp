// SPDX-License-Identifier: Apache-2.0
// For the tests: records of every kind that a scan has.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <peercert/scan/record.hpp>
#include <peercert/scan/sink.hpp>

#include "support/certificate_builder.hpp"
#include "testing/private_ca.hpp"
#include "tls/certificate_message.hpp"

namespace peercert::test {

/// A CA and the certificate of a server, made once: keys take time.
struct ScanPki {
  ssl::Credential root = ssl::Credential::root_ca("Scan Root");
  ssl::Credential server =
      root.issue({.subject = {{"O", "Example, \"Inc\""}, {"CN", "scan.example"}},
                  .subject_alt_name = {"DNS:scan.example", "DNS:*.scan.example", "IP:192.0.2.1"}});

  static const ScanPki& shared() {
    static const ScanPki pki;
    return pki;
  }
};

/// What is known of a target before anything has happened.
inline scan::Record scan_record(std::uint64_t index, const std::string& host = "scan.example") {
  using namespace std::chrono;
  scan::Record record;
  record.target = {.index = index, .line = index + 1, .text = host + ":443", .host = host};
  record.host = host;
  record.time = sys_days(2026y / January / 31) + hours(23) + milliseconds(250);
  record.times.total = microseconds(1500);
  return record;
}

/// One that went well; without `der` the certificate is that of ScanPki.
inline scan::Record verified_record(std::uint64_t index, Der der = {}) {
  const ScanPki& pki = ScanPki::shared();
  scan::Record record = scan_record(index);
  record.times = {std::chrono::microseconds(12345), std::chrono::microseconds(1), std::nullopt,
                  std::chrono::microseconds(20000), std::chrono::microseconds(32346)};
  record.address = "192.0.2.1";
  record.server_name = record.host;
  record.handshake_done = true;
  record.protocol = "TLSv1.3";
  record.cipher = "TLS_AES_256_GCM_SHA384";
  record.group = "X25519";
  record.alpn = "h2";
  record.validation.verdict = ssl::Verdict::verified;
  record.chain = {der.empty() ? pki.server.certificate_der() : std::move(der)};
  record.num_sent = 1;
  record.num_unreadable = tls::is_certificate(record.chain.front()) ? 0 : 1;
  record.verified_chain = {record.chain.front(), pki.root.certificate_der()};
  return record;
}

/// One that never came as far as TLS.
inline scan::Record failed_record(std::uint64_t index, scan::ErrorClass error_class,
                                  const std::string& message) {
  scan::Record record = scan_record(index);
  record.failure = {error_class, scan::Phase::connect, message};
  return record;
}

/// Has a sink take the record.
inline void write(scan::Sink& sink, const scan::Record& record) {
  sink.write(scan::RecordView(record));
}

/// A certificate that can be read, but whose dict Python cannot present: its name is no UTF-8.
inline Der undecodable_certificate() {
  CertificateBuilder parts;
  parts.extensions = subject_alt_name(dns_name("\xff"));
  return parts.build();
}

/// Each kind once, hostile ones among them.
inline std::vector<scan::Record> all_kinds_of_records() {
  using scan::ErrorClass;
  std::vector<scan::Record> records = {verified_record(0)};

  scan::Record stapled = verified_record(1);
  stapled.target.start_tls = scan::StartTls::smtp;
  stapled.times.start_tls = std::chrono::microseconds(7);
  stapled.staple =
      std::make_shared<ssl::OcspStaple>(ssl::OcspStaple{.verdict = ssl::OcspVerdict::unusable,
                                                        .problem = "too old",
                                                        .responder = "CN=OCSP",
                                                        .status = ssl::OcspStatus::good,
                                                        .this_update = std::chrono::sys_seconds{}});
  records.push_back(stapled);

  scan::Record refused = verified_record(2);
  refused.handshake_done = false;
  refused.verified_chain.clear();
  refused.validation = {ssl::Verdict::failed, 10, 1, "certificate has expired"};
  refused.failure = {ErrorClass::alert, scan::Phase::handshake, "certificate required"};
  records.push_back(refused);

  records.push_back(verified_record(3, undecodable_certificate()));
  records.push_back(verified_record(4, {0x30, 0x80, 0xff}));
  records.push_back(failed_record(5, ErrorClass::refused, "Connection refused"));
  scan::Record hostile = failed_record(6, ErrorClass::not_tls, "=cmd|' /C calc'!A0\x1b[2J\"\xff,");
  hostile.target.text = std::string("-1+1\r\n\0\xe2\x80\xae", 10);
  hostile.host = "";
  records.push_back(hostile);
  return records;
}

}  // namespace peercert::test
