// SPDX-License-Identifier: Apache-2.0
// Peers that hold a good handshake up to some record, each of them in turn, and then go away, keep
// still, or send what does not belong there.
#include <thread>

#include <gtest/gtest.h>

#include "hostile/trial.hpp"

namespace peercert::hostile {
namespace {

using namespace std::chrono_literals;

/// Who the peer plays against, and how many records its handshake has.
struct Handshake {
  Side ours;
  std::uint16_t version;
  int num_records;
};
constexpr Handshake kHandshakes[] = {
    {Side::client, kTls13, 6},  // ServerHello, ChangeCipherSpec, ..., Finished
    {Side::server, kTls13, 5},  // ClientHello, ChangeCipherSpec, Certificate, ..., Finished
    {Side::client, kTls12, 7},  // ServerHello, ..., ticket, ChangeCipherSpec, Finished
    {Side::server, kTls12, 6},  // ClientHello, Certificate, ..., ChangeCipherSpec, Finished
};

/// Each step of each handshake; all that it may end with, since a record in the clear is looked at
/// in other ways than a protected one. `deed` is done in place of the record.
void expect_at_each_step(const TlsPeer::Tamper& deed, const std::string& ending) {
  std::vector<Case> cases;
  for (const Handshake& handshake : kHandshakes) {
    for (int step = 1; step <= handshake.num_records; ++step) {
      const auto tamper = [=](TlsPeer& peer, const Plain& plain) {
        peer.num_records() == step ? deed(peer, plain) : pass(peer, plain);
      };
      const std::string version = handshake.version == kTls13 ? ", TLS 1.3" : ", TLS 1.2";
      cases.push_back({"record " + std::to_string(step) + version, handshake.ours,
                       tampers(handshake.ours, handshake.version, tamper), ending});
    }
  }
  expect_endings(cases);
}

TEST(Steps, Stalls) {
  expect_at_each_step([](TlsPeer& peer, const Plain&) { peer.wire().drain(); },
                      "handshake TimeoutError");
}

TEST(Steps, StallsWithinARecord) {
  const auto deed = [](TlsPeer& peer, const Plain& plain) {
    const Octets record = peer.sealed(plain);
    peer.wire().send(record.substr(0, record.size() - 1));
    peer.wire().drain();
  };
  expect_at_each_step(deed, "handshake TimeoutError");
}

// One octet per 100 ms, which is sooner than the deadline: it is one for the whole call.
TEST(Steps, Drips) {
  const auto deed = [](TlsPeer& peer, const Plain& plain) {
    for (const char octet : peer.sealed(plain)) {
      peer.wire().send({&octet, 1});
      std::this_thread::sleep_for(100ms);
    }
  };
  expect_at_each_step(deed, "handshake TimeoutError");
}

TEST(Steps, HalfCloses) {
  const auto deed = [](TlsPeer& peer, const Plain&) {
    peer.wire().half_close();
    peer.wire().drain();
  };
  expect_at_each_step(deed, "handshake SSLEOFError");
}

TEST(Steps, HalfClosesWithinARecord) {
  const auto deed = [](TlsPeer& peer, const Plain& plain) {
    const Octets record = peer.sealed(plain);
    peer.wire().send(record.substr(0, record.size() / 2));
    peer.wire().half_close();
    peer.wire().drain();
  };
  expect_at_each_step(deed, "handshake SSLEOFError");
}

TEST(Steps, Resets) {
  const auto deed = [](TlsPeer& peer, const Plain&) {
    peer.wire().reset();
    throw PeerGone{};
  };
  // ENOTCONN: before we have looked who it is.
  expect_at_each_step(deed,
                      "handshake OSError ECONNRESET|handshake OSError EPIPE|"
                      "handshake OSError ENOTCONN");
}

TEST(Steps, Alerts) {
  const auto deed = [](TlsPeer& peer, const Plain&) {
    peer.send({kAlert, alert(kInternal)});
    peer.wire().drain();
  };
  expect_at_each_step(deed,
                      "handshake SSLError TLSV1_ALERT_INTERNAL_ERROR|"
                      "handshake SSLError BAD_RECORD_TYPE|"
                      "handshake SSLError UNEXPECTED_MESSAGE|"
                      "handshake SSLError DATA_BETWEEN_CCS_AND_FINISHED");
}

TEST(Steps, ClosesCleanly) {
  const auto deed = [](TlsPeer& peer, const Plain&) {
    peer.send({kAlert, alert(kCloseNotify, 1)});
    peer.wire().drain();
  };
  expect_at_each_step(deed,
                      "handshake SSLZeroReturnError|"
                      "handshake SSLError BAD_RECORD_TYPE|"
                      "handshake SSLError UNEXPECTED_MESSAGE|"
                      "handshake SSLError DATA_BETWEEN_CCS_AND_FINISHED");
}

TEST(Steps, SendsGarbage) {
  const auto deed = [](TlsPeer& peer, const Plain&) {
    peer.wire().send(Octets(100, 'x'));
    peer.wire().drain();
  };
  expect_at_each_step(deed, "handshake SSLError WRONG_VERSION_NUMBER");
}

TEST(Steps, SendsData) {
  const auto deed = [](TlsPeer& peer, const Plain&) {
    peer.send({kApplicationData, "data"});
    peer.wire().drain();
  };
  expect_at_each_step(deed,
                      "handshake SSLError UNEXPECTED_RECORD|"
                      "handshake SSLError UNEXPECTED_MESSAGE|"
                      "handshake SSLError DECRYPTION_FAILED_OR_BAD_RECORD_MAC|"
                      "handshake SSLError DATA_BETWEEN_CCS_AND_FINISHED");
}

// In the clear it is the message that is wrong, and each is in its own way.
TEST(Steps, SpoilsARecord) {
  const auto deed = [](TlsPeer& peer, const Plain& plain) {
    Octets record = peer.sealed(plain);
    record.back() = static_cast<char>(record.back() ^ 1);
    peer.wire().send(record);
    peer.wire().half_close();
    peer.wire().drain();
  };
  expect_at_each_step(deed,
                      "handshake SSLError DECRYPTION_FAILED_OR_BAD_RECORD_MAC|"
                      "handshake SSLError INVALID_CCS_MESSAGE|"
                      "handshake SSLError BAD_CHANGE_CIPHER_SPEC|"
                      "handshake SSLError BAD_EXTENSION|"
                      "handshake SSLError BAD_SIGNATURE|"
                      "handshake SSLError EXCESSIVE_MESSAGE_SIZE|"
                      "handshake SSLCertVerificationError certificate signature failure|"
                      "handshake SSLEOFError");
}

TEST(Steps, SendsEmptyRecordsWithoutEnd) {
  const auto deed = [](TlsPeer& peer, const Plain&) {
    for (;;) peer.send({kHandshake, ""});
  };
  expect_at_each_step(deed,
                      "handshake SSLError RECORD_TOO_SMALL|"
                      "handshake SSLError BAD_RECORD_TYPE|"
                      "handshake SSLError BAD_LENGTH");
}

}  // namespace
}  // namespace peercert::hostile
