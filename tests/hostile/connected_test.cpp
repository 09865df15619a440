// SPDX-License-Identifier: Apache-2.0
// Peers that misbehave once the handshake is done: RFC 8446, 4.6, 5 and 6; RFC 5246, 7.4.1.1.
#include <gtest/gtest.h>

#include "hostile/trial.hpp"

namespace peercert::hostile {
namespace {

struct Ending {
  const char* name;
  Script script;
  const char* of_client;  // how it ends for our client
  const char* of_server;
};

void expect_endings_of(std::uint16_t version, const std::vector<Ending>& rows,
                       Then then = Then::read) {
  std::vector<Case> cases;
  for (const Ending& row : rows) {
    for (const Side side : {Side::client, Side::server}) {
      const char* ending = side == Side::client ? row.of_client : row.of_server;
      cases.push_back({row.name, side, afterwards(side, version, row.script), ending, then});
    }
  }
  expect_endings(cases);
}

Script sends(std::uint8_t type, Octets octets) {
  return [=](TlsPeer& peer) { peer.send({type, octets}); };
}
Script sends_message(std::uint8_t type, Octets body) {
  return [=](TlsPeer& peer) {
    const Octets whole = message(type, body);
    for (std::size_t at = 0; at < whole.size(); at += kMaxFragmentLen) {
      peer.send({kHandshake, whole.substr(at, kMaxFragmentLen)});
    }
    peer.wire().half_close();
  };
}
Script sends_in_plain(Octets octets) {
  return [=](TlsPeer& peer) { peer.wire().send(octets); };
}
/// Again and again.
Script floods(std::uint8_t type, Octets octets) {
  return [=](TlsPeer& peer) {
    for (;;) peer.send({type, octets});
  };
}
void half_closes(TlsPeer& peer) { peer.wire().half_close(); }
void resets(TlsPeer& peer) {
  peer.wire().reset();
  throw PeerGone{};
}
void is_still(TlsPeer&) {}

/// NewSessionTicket of RFC 8446, 4.6.1.
Octets ticket(std::size_t len, std::uint32_t lifetime = 300) {
  return number(lifetime, 4) + number(1, 4) + vector(1, "n") + vector(2, Octets(len, 't')) +
         vector(2, "");
}

// A server is still writing its tickets: it may meet the reset there, which fails the handshake or
// is dropped by OpenSSL, and then is the end of the data.
constexpr const char* kReset =
    "read OSError ECONNRESET|read SSLEOFError|"
    "handshake OSError ECONNRESET|handshake OSError EPIPE";

// Too short for the cipher of TLS 1.2: until 3.0.20 OpenSSL calls that an internal error, which has
// no reason of its own.
constexpr const char* kTooShort =
    "read SSLError DECRYPTION_FAILED_OR_BAD_RECORD_MAC|read SSLError ";
constexpr const char* kShortAlert =
    "read SSLError DECRYPTION_FAILED_OR_BAD_RECORD_MAC|read SSLError |"
    "read SSLError BAD_RECORD_TYPE";

// First as in TLS 1.2, then as in TLS 1.3 where that differs.
const std::vector<Ending> kInAllVersions = {
    {"nothing", is_still, "read TimeoutError", "read TimeoutError"},
    {"close_notify", sends(kAlert, alert(kCloseNotify, 1)), "read end", "read end"},
    {"half-closed", half_closes, "read SSLEOFError", "read SSLEOFError"},
    {"reset", resets, "read OSError ECONNRESET", kReset},
    {"fatal alert", sends(kAlert, alert(kInternal)), "read SSLError TLSV1_ALERT_INTERNAL_ERROR",
     "read SSLError TLSV1_ALERT_INTERNAL_ERROR"},
    {"warnings without end", floods(kAlert, alert(90, 1)), "read SSLError TOO_MANY_WARN_ALERTS",
     "read SSLError TOO_MANY_WARN_ALERTS"},
    {"alert of one octet", sends(kAlert, "\x02"), "read SSLError INVALID_ALERT",
     "read SSLError INVALID_ALERT"},
    {"empty alert", sends(kAlert, ""), "read SSLError INVALID_ALERT|read SSLError BAD_LENGTH",
     "read SSLError INVALID_ALERT|read SSLError BAD_LENGTH"},
    {"empty records without end", floods(kApplicationData, ""), "read SSLError RECORD_TOO_SMALL",
     "read SSLError RECORD_TOO_SMALL"},
    {"empty messages without end", floods(kHandshake, ""),
     "read SSLError RECORD_TOO_SMALL|read SSLError BAD_LENGTH",
     "read SSLError RECORD_TOO_SMALL|read SSLError BAD_LENGTH"},
    {"alert in the clear", sends_in_plain(record(kAlert, alert(kInternal))), kShortAlert,
     kShortAlert},
    {"data in the clear", sends_in_plain(record(kApplicationData, "data")), kTooShort, kTooShort},
    {"data that is not genuine", sends_in_plain(record(kApplicationData, Octets(100, 'x'))),
     "read SSLError DECRYPTION_FAILED_OR_BAD_RECORD_MAC",
     "read SSLError DECRYPTION_FAILED_OR_BAD_RECORD_MAC"},
    {"record of 65535 octets", sends_in_plain(record(kApplicationData, Octets(65535, 'x'))),
     "read SSLError PACKET_LENGTH_TOO_LONG", "read SSLError PACKET_LENGTH_TOO_LONG"},
    {"record of 16641 octets", sends_in_plain(record(kApplicationData, Octets(16641, 'x'))),
     "read SSLError DECRYPTION_FAILED_OR_BAD_RECORD_MAC|read SSLError ENCRYPTED_LENGTH_TOO_LONG",
     "read SSLError DECRYPTION_FAILED_OR_BAD_RECORD_MAC|read SSLError ENCRYPTED_LENGTH_TOO_LONG"},
    {"HTTP", sends_in_plain("HTTP/1.1 200 OK\r\n\r\n"), "read SSLError WRONG_VERSION_NUMBER",
     "read SSLError WRONG_VERSION_NUMBER"},
    {"record and an octet too many", sends(kApplicationData, Octets(kMaxFragmentLen + 1, 'x')),
     "read SSLError DATA_LENGTH_TOO_LONG", "read SSLError DATA_LENGTH_TOO_LONG"},
    {"ChangeCipherSpec", sends(kChangeCipherSpec, "\x01"),
     "read SSLError CCS_RECEIVED_EARLY|read SSLError BAD_RECORD_TYPE",
     "read SSLError CCS_RECEIVED_EARLY|read SSLError BAD_RECORD_TYPE"},
    {"ServerHello", sends_message(kServerHello, ServerHello().body()),
     "read SSLError UNEXPECTED_MESSAGE", "read SSLError UNEXPECTED_MESSAGE"},
    {"Finished", sends_message(kFinished, Octets(32, 'x')), "read SSLError UNEXPECTED_MESSAGE",
     "read SSLError UNEXPECTED_MESSAGE"},
    {"unknown message", sends_message(99, "x"), "read SSLError UNEXPECTED_MESSAGE",
     "read SSLError UNEXPECTED_MESSAGE"},
    {"message of 16 MiB", sends(kHandshake, octets("\x04\xff\xff\xff")),
     "read SSLError UNEXPECTED_MESSAGE|read SSLError EXCESSIVE_MESSAGE_SIZE",
     "read SSLError UNEXPECTED_MESSAGE"},
    {"record of unknown type", sends(99, "x"),
     "read SSLError UNEXPECTED_RECORD|read SSLError BAD_RECORD_TYPE",
     "read SSLError UNEXPECTED_RECORD|read SSLError BAD_RECORD_TYPE"},
};

TEST(Connected, InTls13) { expect_endings_of(kTls13, kInAllVersions); }
TEST(Connected, InTls12) { expect_endings_of(kTls12, kInAllVersions); }

TEST(Connected, InTls13Alone) {
  expect_endings_of(
      kTls13,
      {
          {"ClientHello", sends_message(kClientHello, ClientHello().body()),
           "read SSLError UNEXPECTED_MESSAGE", "read SSLError UNEXPECTED_MESSAGE"},
          {"KeyUpdate of 2", sends_message(kKeyUpdate, "\x02"), "read SSLError BAD_KEY_UPDATE",
           "read SSLError BAD_KEY_UPDATE"},
          {"empty KeyUpdate", sends_message(kKeyUpdate, ""), "read SSLError BAD_KEY_UPDATE",
           "read SSLError BAD_KEY_UPDATE"},
          {"KeyUpdate of 16 KB", sends_message(kKeyUpdate, Octets(16000, '\0')),
           "read SSLError EXCESSIVE_MESSAGE_SIZE", "read SSLError EXCESSIVE_MESSAGE_SIZE"},
          {"KeyUpdate and old keys",
           [](TlsPeer& peer) {
             peer.send_handshake(kKeyUpdate, octets("\0"));
             peer.send({kApplicationData, "data"});
           },
           "read SSLError DECRYPTION_FAILED_OR_BAD_RECORD_MAC",
           "read SSLError DECRYPTION_FAILED_OR_BAD_RECORD_MAC"},
          {"KeyUpdate and more in its record",
           [](TlsPeer& peer) {
             peer.send({kHandshake, repeat(message(kKeyUpdate, octets("\0")), 2)});
           },
           "read SSLError NOT_ON_RECORD_BOUNDARY", "read SSLError NOT_ON_RECORD_BOUNDARY"},
          {"KeyUpdates without end",
           [](TlsPeer& peer) {
             for (;;) {
               peer.send_handshake(kKeyUpdate, octets("\0"));
               peer.update_keys();
             }
           },
           "read TimeoutError", "read TimeoutError"},
          {"KeyUpdates to be answered, without end",
           [](TlsPeer& peer) {
             for (;;) {
               peer.send_handshake(kKeyUpdate, "\x01");
               peer.update_keys();
             }
           },
           "read TimeoutError", "read TimeoutError"},
          {"ticket of garbage", sends_message(kNewSessionTicket, "xxxx"),
           "read SSLError LENGTH_MISMATCH", "read SSLError UNEXPECTED_MESSAGE"},
          {"empty ticket", sends_message(kNewSessionTicket, ticket(0)),
           "read SSLError LENGTH_MISMATCH", "read SSLError UNEXPECTED_MESSAGE"},
          {"ticket of 65535 octets", sends_message(kNewSessionTicket, ticket(65535)),
           "read SSLEOFError", "read SSLError UNEXPECTED_MESSAGE"},
          {"ticket of 1 MB", sends_message(kNewSessionTicket, Octets(1 << 20, 't')),
           "read SSLError EXCESSIVE_MESSAGE_SIZE", "read SSLError UNEXPECTED_MESSAGE"},
          {"ticket for 100 years", sends_message(kNewSessionTicket, ticket(32, 0xffffffff)),
           "read SSLEOFError", "read SSLError UNEXPECTED_MESSAGE"},
          {"tickets without end", floods(kHandshake, message(kNewSessionTicket, ticket(1000))),
           "read TimeoutError", "read SSLError UNEXPECTED_MESSAGE"},
          {"certificate request",
           sends_message(kCertificateRequest,
                         vector(1, "x") +
                             Extensions().add(kSignatureAlgorithms, vector(2, "\x04\x03")).str()),
           "read SSLError UNEXPECTED_MESSAGE", "read SSLError UNEXPECTED_MESSAGE"},
          {"Certificate", sends_message(kCertificate, vector(1, "x") + vector(3, "")),
           "read SSLError UNEXPECTED_MESSAGE", "read SSLError UNEXPECTED_MESSAGE"},
          {"HelloRequest", sends_message(kHelloRequest, ""), "read SSLError UNEXPECTED_MESSAGE",
           "read SSLError UNEXPECTED_MESSAGE"},
          {"record of padding alone", [](TlsPeer& peer) { peer.send_inner(Octets(100, '\0')); },
           "read SSLError BAD_RECORD_TYPE", "read SSLError BAD_RECORD_TYPE"},
          {"record of nothing", [](TlsPeer& peer) { peer.send_inner(""); },
           "read SSLError DECRYPTION_FAILED_OR_BAD_RECORD_MAC",
           "read SSLError DECRYPTION_FAILED_OR_BAD_RECORD_MAC"},
          {"ChangeCipherSpec, protected", [](TlsPeer& peer) { peer.send_inner("\x01\x14"); },
           "read SSLError BAD_RECORD_TYPE", "read SSLError BAD_RECORD_TYPE"},
          {"message between two records of data",
           [](TlsPeer& peer) {
             peer.send({kHandshake, message(kNewSessionTicket, ticket(32)).substr(0, 10)});
             peer.send({kApplicationData, "data"});
           },
           "read SSLError UNEXPECTED_RECORD", "read SSLError UNEXPECTED_MESSAGE"},
      });
}

TEST(Connected, InTls12Alone) {
  expect_endings_of(
      kTls12, {
                  {"HelloRequest and silence", sends(kHandshake, message(kHelloRequest, "")),
                   "read TimeoutError", "read SSLError UNEXPECTED_MESSAGE"},
                  {"HelloRequest with content", sends_message(kHelloRequest, "x"),
                   "read SSLError EXCESSIVE_MESSAGE_SIZE", "read SSLError UNEXPECTED_MESSAGE"},
                  {"HelloRequests without end", floods(kHandshake, message(kHelloRequest, "")),
                   "read TimeoutError", "read SSLError UNEXPECTED_MESSAGE"},
                  {"renegotiation",
                   [](TlsPeer& peer) {
                     SSL_renegotiate(peer.ssl());
                     peer.handshake();
                   },
                   "read TimeoutError", "read SSLError SSLV3_ALERT_HANDSHAKE_FAILURE"},
                  {"ClientHello and silence",
                   sends(kHandshake, message(kClientHello, ClientHello().body())),
                   "read SSLError UNEXPECTED_MESSAGE", "read TimeoutError"},
                  {"ClientHellos without end",
                   floods(kHandshake, message(kClientHello, ClientHello().body())),
                   "read SSLError UNEXPECTED_MESSAGE", "read TimeoutError"},
                  {"late ticket", sends_message(kNewSessionTicket, number(300, 4) + vector(2, "t")),
                   "read SSLError UNEXPECTED_MESSAGE", "read SSLError UNEXPECTED_MESSAGE"},
              });
}

constexpr const char* kResetOnUnwrap =
    "unwrap OSError ECONNRESET|unwrap OSError EPIPE|unwrap SSLEOFError|"
    "handshake OSError ECONNRESET|handshake OSError EPIPE";

const std::vector<Ending> kClosing = {
    {"keeps still", is_still, "unwrap TimeoutError", "unwrap TimeoutError"},
    {"half-closes", half_closes, "unwrap SSLEOFError", "unwrap SSLEOFError"},
    {"resets", resets, kResetOnUnwrap, kResetOnUnwrap},
    {"sends data", sends(kApplicationData, "data"),
     "unwrap SSLError APPLICATION_DATA_AFTER_CLOSE_NOTIFY",
     "unwrap SSLError APPLICATION_DATA_AFTER_CLOSE_NOTIFY"},
    {"sends data without end", floods(kApplicationData, "data"),
     "unwrap SSLError APPLICATION_DATA_AFTER_CLOSE_NOTIFY",
     "unwrap SSLError APPLICATION_DATA_AFTER_CLOSE_NOTIFY"},
    {"sends an alert", sends(kAlert, alert(kInternal)),
     "unwrap SSLError TLSV1_ALERT_INTERNAL_ERROR", "unwrap SSLError TLSV1_ALERT_INTERNAL_ERROR"},
    {"sends garbage", sends_in_plain("garbage"), "unwrap SSLError WRONG_VERSION_NUMBER",
     "unwrap SSLError WRONG_VERSION_NUMBER"},
};

TEST(Connected, WhenWeClose) {
  expect_endings_of(kTls13, kClosing, Then::unwrap);
  expect_endings_of(kTls12, kClosing, Then::unwrap);
}

constexpr const char* kResetOnWrite =
    "write OSError ECONNRESET|write OSError EPIPE|"
    "handshake OSError ECONNRESET|handshake OSError EPIPE";

const std::vector<Ending> kWriting = {
    {"reads nothing", [](TlsPeer& peer) { peer.wire().ignore(); }, "write TimeoutError",
     "write TimeoutError"},
    {"goes away", resets, kResetOnWrite, kResetOnWrite},
};

TEST(Connected, WhenWeWrite) {
  expect_endings_of(kTls13, kWriting, Then::write);
  expect_endings_of(kTls12, kWriting, Then::write);
}

// A flight that is all that OpenSSL skips: nothing else would end the call.
TEST(Connected, FloodsWithinAHandshake) {
  const auto floods_with = [](Octets record) {
    return [=](Wire& wire) {
      static_cast<void>(wire.receive_record());
      wire.flood(record);
    };
  };
  expect_endings({
      {"HelloRequests without end", Side::client, floods_with(handshake_record(kHelloRequest, "")),
       "handshake TimeoutError"},
  });
}

}  // namespace
}  // namespace peercert::hostile
