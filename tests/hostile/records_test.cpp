// SPDX-License-Identifier: Apache-2.0
// Peers whose very first octets are no TLS records, or not those of a handshake. RFC 8446, 5.1.
#include <array>
#include <map>

#include <gtest/gtest.h>

#include "hostile/trial.hpp"

namespace peercert::hostile {
namespace {

constexpr std::array kBothSides = {Side::client, Side::server};

struct Row {
  const char* name;
  Octets sent;
  const char* of_client;  // how it ends for our client, which has sent its ClientHello
  const char* of_server;
};

std::vector<Case> cases_of(const std::vector<Row>& rows,
                           std::function<void(Wire&)> peer(Side, Octets)) {
  std::vector<Case> cases;
  for (const Side side : kBothSides) {
    for (const Row& row : rows) {
      const char* call = side == Side::client ? row.of_client : row.of_server;
      cases.push_back({row.name, side, peer(side, row.sent), std::string("handshake ") + call});
    }
  }
  return cases;
}

// One octet after the other, from before the header to behind a message's.
TEST(Records, CutAnywhere) {
  const Octets whole = handshake_record(kServerHello, "xxxx");
  std::vector<Case> cases;
  for (std::size_t len = 0; len < whole.size(); ++len) {
    const std::string name = "cut after " + std::to_string(len);
    for (const Side side : kBothSides) {
      cases.push_back(
          {name, side, says_and_closes(side, whole.substr(0, len)), "handshake SSLEOFError"});
    }
  }
  expect_endings(cases);
}

TEST(Records, NotTls) {
  expect_endings(cases_of(
      {
          {"HTTP request", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "SSLError HTTP_REQUEST",
           "SSLError HTTP_REQUEST"},
          {"HTTP answer", "HTTP/1.1 400 Bad Request\r\n\r\n", "SSLError WRONG_VERSION_NUMBER",
           "SSLError WRONG_VERSION_NUMBER"},
          {"proxy request", "CONNECT localhost:443 HTTP/1.1\r\n\r\n",
           "SSLError HTTPS_PROXY_REQUEST", "SSLError HTTPS_PROXY_REQUEST"},
          {"SMTP", "220 mail.example.org ESMTP ready\r\n", "SSLError WRONG_VERSION_NUMBER",
           "SSLError WRONG_VERSION_NUMBER"},
          {"SSH", "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", "SSLError WRONG_VERSION_NUMBER",
           "SSLError WRONG_VERSION_NUMBER"},
          {"zeros", Octets(4096, '\0'), "SSLError WRONG_VERSION_NUMBER",
           "SSLError WRONG_VERSION_NUMBER"},
          {"ones", Octets(4096, '\xff'), "SSLError WRONG_VERSION_NUMBER",
           "SSLError WRONG_VERSION_NUMBER"},
          {"SSLv2 hello", octets("\x80\x2e\x01\x00\x02\x00\x15\x00\x00\x00\x10") + Octets(37, 'x'),
           "SSLError WRONG_VERSION_NUMBER", "SSLError UNKNOWN_PROTOCOL"},
          {"SSLv2 hello for TLS 1.2",
           octets("\x80\x1c\x01\x03\x03\x00\x03\x00\x00\x00\x10\x00\x00\x2f") + Octets(16, 'x'),
           "SSLError WRONG_VERSION_NUMBER", "SSLError NO_SHARED_CIPHER"},
      },
      says));
}

TEST(Records, OfWrongLength) {
  const auto of_len = [](std::size_t len) { return record(kHandshake, Octets(len, '\0')); };
  expect_endings(cases_of(
      {
          {"empty", record(kHandshake, ""), "SSLEOFError", "SSLEOFError"},
          {"many empty", repeat(record(kHandshake, ""), 100), "SSLError RECORD_TOO_SMALL",
           "SSLError RECORD_TOO_SMALL"},
          {"one octet", record(kHandshake, "\x01"), "SSLEOFError", "SSLEOFError"},
          {"16384 + 1", of_len(kMaxFragmentLen + 1), "SSLError DATA_LENGTH_TOO_LONG",
           "SSLError DATA_LENGTH_TOO_LONG"},
          {"16384 + 256", of_len(kMaxFragmentLen + 256), "SSLError DATA_LENGTH_TOO_LONG",
           "SSLError DATA_LENGTH_TOO_LONG"},
          {"16384 + 257", of_len(kMaxFragmentLen + 257), "SSLError DATA_LENGTH_TOO_LONG",
           "SSLError DATA_LENGTH_TOO_LONG"},
          {"16384 + 2048", of_len(kMaxFragmentLen + 2048), "SSLError PACKET_LENGTH_TOO_LONG",
           "SSLError PACKET_LENGTH_TOO_LONG"},
          {"65535", of_len(65535), "SSLError PACKET_LENGTH_TOO_LONG",
           "SSLError PACKET_LENGTH_TOO_LONG"},
          {"empty alert", record(kAlert, ""), "SSLError INVALID_ALERT",
           "SSLError UNEXPECTED_MESSAGE"},
          {"alert of one octet", record(kAlert, "\x02"), "SSLError INVALID_ALERT",
           "SSLError UNEXPECTED_MESSAGE"},
          {"alert of three octets", record(kAlert, alert(kHandshakeFailure) + "x"),
           "SSLError INVALID_ALERT", "SSLError UNEXPECTED_MESSAGE"},
          {"two alerts in one", record(kAlert, alert(kHandshakeFailure) + alert(kInternal)),
           "SSLError INVALID_ALERT", "SSLError UNEXPECTED_MESSAGE"},
          {"empty ChangeCipherSpec", record(kChangeCipherSpec, ""), "SSLEOFError", "SSLEOFError"},
          {"long ChangeCipherSpec", record(kChangeCipherSpec, octets("\1\1")),
           "SSLError BAD_CHANGE_CIPHER_SPEC", "SSLError BAD_CHANGE_CIPHER_SPEC"},
      },
      says_and_closes));
}

TEST(Records, OfWrongVersion) {
  std::vector<Case> cases;
  for (const int version : {0x0000, 0x0002, 0x0200, 0x02ff, 0x0403, 0x7f7f, 0xfefd, 0xffff}) {
    const Octets sent = record(kHandshake, message(kServerHello, ServerHello().body()),
                               static_cast<std::uint16_t>(version));
    for (const Side side : kBothSides) {
      cases.push_back({"version " + std::to_string(version), side, says(side, sent),
                       "handshake SSLError WRONG_VERSION_NUMBER"});
    }
  }
  expect_endings(cases);
}

TEST(Records, OfEveryWrongType) {
  std::vector<Case> cases;
  for (int type = 0; type < 256; ++type) {
    if (type == kHandshake || type == kAlert || type == kChangeCipherSpec) continue;
    const Octets sent = record(static_cast<std::uint8_t>(type), "x");
    for (const Side side : kBothSides) {
      cases.push_back({"type " + std::to_string(type), side, says(side, sent),
                       "handshake SSLError UNEXPECTED_MESSAGE"});
    }
  }
  expect_endings(cases);
}

/// What OpenSSL calls the alerts of RFC 8446, 6, and of those before it.
const std::map<int, const char*> kAlertReasons = {
    {10, "SSLV3_ALERT_UNEXPECTED_MESSAGE"},
    {20, "SSLV3_ALERT_BAD_RECORD_MAC"},
    {21, "TLSV1_ALERT_DECRYPTION_FAILED"},
    {22, "TLSV1_ALERT_RECORD_OVERFLOW"},
    {30, "SSLV3_ALERT_DECOMPRESSION_FAILURE"},
    {40, "SSLV3_ALERT_HANDSHAKE_FAILURE"},
    {41, "SSLV3_ALERT_NO_CERTIFICATE"},
    {42, "SSLV3_ALERT_BAD_CERTIFICATE"},
    {43, "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE"},
    {44, "SSLV3_ALERT_CERTIFICATE_REVOKED"},
    {45, "SSLV3_ALERT_CERTIFICATE_EXPIRED"},
    {46, "SSLV3_ALERT_CERTIFICATE_UNKNOWN"},
    {47, "SSLV3_ALERT_ILLEGAL_PARAMETER"},
    {48, "TLSV1_ALERT_UNKNOWN_CA"},
    {49, "TLSV1_ALERT_ACCESS_DENIED"},
    {50, "TLSV1_ALERT_DECODE_ERROR"},
    {51, "TLSV1_ALERT_DECRYPT_ERROR"},
    {60, "TLSV1_ALERT_EXPORT_RESTRICTION"},
    {70, "TLSV1_ALERT_PROTOCOL_VERSION"},
    {71, "TLSV1_ALERT_INSUFFICIENT_SECURITY"},
    {80, "TLSV1_ALERT_INTERNAL_ERROR"},
    {86, "TLSV1_ALERT_INAPPROPRIATE_FALLBACK"},
    {90, "TLSV1_ALERT_USER_CANCELLED"},
    {100, "TLSV1_ALERT_NO_RENEGOTIATION"},
    {109, "TLSV13_ALERT_MISSING_EXTENSION"},
    {110, "TLSV1_UNSUPPORTED_EXTENSION"},
    {111, "TLSV1_CERTIFICATE_UNOBTAINABLE"},
    {112, "TLSV1_UNRECOGNIZED_NAME"},
    {113, "TLSV1_BAD_CERTIFICATE_STATUS_RESPONSE"},
    {114, "TLSV1_BAD_CERTIFICATE_HASH_VALUE"},
    {115, "TLSV1_ALERT_UNKNOWN_PSK_IDENTITY"},
    {116, "TLSV13_ALERT_CERTIFICATE_REQUIRED"},
    {120, "TLSV1_ALERT_NO_APPLICATION_PROTOCOL"},
};

// An alert that OpenSSL has no name for has no reason, and says its number in the text.
TEST(Records, EveryAlertInsteadOfAServerHello) {
  std::vector<Case> cases;
  for (int description = 0; description < 256; ++description) {
    const Octets sent = record(kAlert, alert(static_cast<std::uint8_t>(description)));
    const auto known = kAlertReasons.find(description);
    cases.push_back(
        {"alert " + std::to_string(description), Side::client, says(Side::client, sent),
         std::string("handshake SSLError ") + (known == kAlertReasons.end() ? "" : known->second)});
  }
  expect_endings(cases);
  EXPECT_EQ(run_case(cases[121]).text, "[SSL] the peer sent the fatal alert 121");
}

TEST(Records, AlertsInsteadOfAClientHello) {
  std::vector<Case> cases;
  for (std::uint8_t level = 0; level < 4; ++level) {
    for (const AlertDescription description : {kCloseNotify, kHandshakeFailure, kInternal}) {
      cases.push_back({"alert " + std::to_string(description), Side::server,
                       says(Side::server, record(kAlert, alert(description, level))),
                       "handshake SSLError UNEXPECTED_MESSAGE"});
    }
  }
  expect_endings(cases);
}

TEST(Records, MessagesAtOnce) {
  const Octets hello_request = handshake_record(kHelloRequest, "");
  std::vector<Row> rows = {
      {"warning without end", repeat(record(kAlert, alert(90, 1)), 100),
       "SSLError TOO_MANY_WARN_ALERTS", "SSLError UNEXPECTED_MESSAGE"},
      {"alert of no level", record(kAlert, alert(kHandshakeFailure, 0)),
       "SSLError UNKNOWN_ALERT_TYPE", "SSLError UNEXPECTED_MESSAGE"},
      {"alert of level 3", record(kAlert, alert(kHandshakeFailure, 3)),
       "SSLError UNKNOWN_ALERT_TYPE", "SSLError UNEXPECTED_MESSAGE"},
      {"close_notify as warning", record(kAlert, alert(kCloseNotify, 1)), "SSLZeroReturnError",
       "SSLError UNEXPECTED_MESSAGE"},
      {"many ChangeCipherSpecs", repeat(record(kChangeCipherSpec, "\x01"), 100),
       "SSLError UNEXPECTED_MESSAGE", "SSLError UNEXPECTED_MESSAGE"},
      {"data", record(kApplicationData, "hello"), "SSLError UNEXPECTED_MESSAGE",
       "SSLError UNEXPECTED_MESSAGE"},
      {"ServerHelloDone", handshake_record(kServerHelloDone, ""), "SSLError UNEXPECTED_MESSAGE",
       "SSLError UNEXPECTED_MESSAGE"},
      {"Finished", handshake_record(kFinished, "123456789012"), "SSLError UNEXPECTED_MESSAGE",
       "SSLError UNEXPECTED_MESSAGE"},
      {"unknown message", handshake_record(255, "x"), "SSLError UNEXPECTED_MESSAGE",
       "SSLError UNEXPECTED_MESSAGE"},
      {"KeyUpdate", handshake_record(kKeyUpdate, octets("\0")), "SSLError UNEXPECTED_MESSAGE",
       "SSLError UNEXPECTED_MESSAGE"},
      {"message of 16 MiB", record(kHandshake, octets("\x02\xff\xff\xff")),
       "SSLError EXCESSIVE_MESSAGE_SIZE", "SSLError UNEXPECTED_MESSAGE"},
      {"ClientHello of 16 MiB", record(kHandshake, octets("\x01\xff\xff\xff")),
       "SSLError UNEXPECTED_MESSAGE", "SSLError EXCESSIVE_MESSAGE_SIZE"},
      {"message in 1-octet records", repeat(record(kHandshake, "\x02"), 4),
       "SSLError EXCESSIVE_MESSAGE_SIZE", "SSLError UNEXPECTED_MESSAGE"},
      {"HelloRequest with content", handshake_record(kHelloRequest, "x"),
       "SSLError UNEXPECTED_MESSAGE", "SSLError UNEXPECTED_MESSAGE"},
  };
  expect_endings(cases_of(rows, says_and_closes));
}

}  // namespace
}  // namespace peercert::hostile
