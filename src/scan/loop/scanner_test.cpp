// SPDX-License-Identifier: Apache-2.0
// Scans of servers of every kind, over loopback.
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <peercert/scan/scanner.hpp>
#include <peercert/ssl/error.hpp>

#include "support/scratch.hpp"
#include "support/self_signed_server.hpp"
#include "support/tls_pair.hpp"

namespace peercert::scan {
namespace {

using namespace std::chrono_literals;
using ssl::pki;
using Behaviour = std::function<void(ssl::Socket)>;

/// A server on 127.0.0.1 that treats one connection after the other in the same way.
class Server {
 public:
  explicit Server(Behaviour behaviour, const std::string& address = "127.0.0.1")
      : listener_(ssl::create_server(address, 0)), port_(listener_.getsockname().port) {
    listener_.set_timeout(50ms);
    thread_ = std::thread([this, treat = std::move(behaviour)] { serve(treat); });
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server() {
    done_ = true;
    thread_.join();
  }

  std::uint16_t port() const noexcept { return port_; }

 private:
  void serve(const Behaviour& treat) {
    while (!done_) {
      try {
        treat(listener_.accept());
      } catch (const std::exception&) {
        // Nobody came in time, or the client left: what it learned is what the tests look at.
      }
    }
  }

  ssl::Socket listener_;
  std::uint16_t port_;
  std::atomic<bool> done_ = false;
  std::thread thread_;
};

void send_text(int socket, std::string_view text) {
  ::send(socket, text.data(), text.size(), MSG_NOSIGNAL);
}
/// What the client sends, until it leaves.
void receive_all(int socket) {
  std::array<char, 4096> octets{};
  while (::recv(socket, octets.data(), octets.size(), 0) > 0) continue;
}
void speak_tls(const ssl::SSLContext& context, ssl::Socket socket) {
  receive_all(context.wrap_socket(std::move(socket), {.server_side = true}).fileno());
}
Behaviour speaks_tls(ssl::SSLContext context) {
  return [shared = std::make_shared<const ssl::SSLContext>(std::move(context))](
             ssl::Socket socket) { speak_tls(*shared, std::move(socket)); };
}
Behaviour presents(const ssl::CertificateOptions& options) {
  return speaks_tls(pki().server_context(pki().intermediate.issue(options)));
}
Behaviour says(const std::string& text) {
  return [text](ssl::Socket socket) {
    send_text(socket.fileno(), text);
    receive_all(socket.fileno());
  };
}

ScanOptions options() {
  ScanOptions options;
  options.threads = 2;
  options.tls.trust.cadata = pki().root.certificate_pem();
  options.limits = {.dns = 2s, .connect = 2s, .start_tls = 2s, .handshake = 2s, .total = 5s};
  return options;
}

Target target(std::uint16_t port, const std::string& host = "127.0.0.1") {
  Target target;
  target.text = host;
  target.host = host;
  target.port = port;
  return target;
}

std::vector<Record> scan(const std::vector<Target>& targets, const ScanOptions& scan_options) {
  Scanner scanner(scan_options);
  std::mutex mutex;
  std::vector<Record> all;
  std::size_t next = 0;
  scanner.run(
      [&]() -> std::optional<Target> {
        if (next == targets.size()) return std::nullopt;
        Target one = targets[next];
        one.index = next++;
        return one;
      },
      [&](std::vector<Record> records) {
        const std::lock_guard lock(mutex);
        for (Record& record : records) all.push_back(std::move(record));
      });
  EXPECT_EQ(scanner.in_flight(), 0U);
  std::ranges::sort(all, {}, [](const Record& record) { return record.target.index; });
  return all;
}
Record scan(const Target& one, const ScanOptions& scan_options = options()) {
  const std::vector<Record> records = scan(std::vector{one}, scan_options);
  EXPECT_EQ(records.size(), 1U);
  return records.empty() ? Record{} : records.front();
}

void expect_failure(const Record& record, ErrorClass error_class, Phase phase) {
  ASSERT_TRUE(record.failure);
  EXPECT_EQ(to_string(record.failure->error_class), to_string(error_class));
  EXPECT_EQ(record.failure->phase, phase);
  EXPECT_FALSE(record.failure->message.empty());
}

class ScannerOverTls : public testing::TestWithParam<ssl::TLSVersion> {
 protected:
  static ScanOptions versioned() {
    ScanOptions limited = options();
    limited.tls.minimum_version = limited.tls.maximum_version = GetParam();
    return limited;
  }
};
INSTANTIATE_TEST_SUITE_P(Versions, ScannerOverTls,
                         testing::Values(ssl::TLSVersion::tls1_2, ssl::TLSVersion::tls1_3),
                         [](const auto& version) {
                           return version.param == ssl::TLSVersion::tls1_2 ? "1_2" : "1_3";
                         });

TEST_P(ScannerOverTls, FindsAVerifiedServer) {
  const Server server(speaks_tls(pki().server_context()));
  const Record record = scan(target(server.port()), versioned());
  EXPECT_FALSE(record.failure);
  EXPECT_TRUE(record.handshake_done);
  EXPECT_EQ(record.validation.verdict, ssl::Verdict::verified);
  EXPECT_EQ(record.validation.reason, "");
  ASSERT_EQ(record.chain.size(), 2U);
  EXPECT_EQ(record.chain[0], pki().server.certificate_der());
  EXPECT_EQ(record.chain[1], pki().intermediate.certificate_der());
  ASSERT_EQ(record.verified_chain.size(), 3U);
  EXPECT_EQ(record.verified_chain[2], pki().root.certificate_der());
  EXPECT_EQ(record.protocol, GetParam() == ssl::TLSVersion::tls1_2 ? "TLSv1.2" : "TLSv1.3");
  EXPECT_NE(record.cipher, "");
  EXPECT_EQ(record.group, "x25519");
  EXPECT_EQ(record.address, "127.0.0.1");
  EXPECT_EQ(record.server_name, "");
  EXPECT_FALSE(record.times.dns);
  EXPECT_TRUE(record.times.connect && record.times.handshake);
  EXPECT_GE(record.times.total, *record.times.connect + *record.times.handshake);
}

TEST_P(ScannerOverTls, TellsWhatVerificationObjectsTo) {
  const auto yesterday = ssl::CertificateOptions::today() - std::chrono::days(1);
  const Server server(presents({.subject_alt_name = {"IP:127.0.0.1"},
                                .not_before = yesterday - std::chrono::days(30),
                                .not_after = yesterday}));
  const Record record = scan(target(server.port()), versioned());
  EXPECT_FALSE(record.failure);  // the handshake goes on
  EXPECT_TRUE(record.handshake_done);
  EXPECT_EQ(record.validation.verdict, ssl::Verdict::failed);
  EXPECT_EQ(record.validation.code, 10);
  EXPECT_EQ(record.validation.reason, "certificate has expired");
  EXPECT_EQ(record.chain.size(), 2U);
  EXPECT_TRUE(record.verified_chain.empty());
}

TEST_P(ScannerOverTls, ComparesTheServerName) {
  const Server server(speaks_tls(pki().server_context()));
  Target named = target(server.port());
  named.server_name = "localhost";
  Record record = scan(named, versioned());
  EXPECT_EQ(record.validation.verdict, ssl::Verdict::verified);
  EXPECT_EQ(record.server_name, "localhost");
  named.server_name = "elsewhere.example";
  record = scan(named, versioned());
  EXPECT_EQ(record.validation.verdict, ssl::Verdict::failed);
  EXPECT_EQ(record.validation.code, 62);
  named.server_name = "";
  record = scan(named, versioned());
  EXPECT_EQ(record.validation.verdict, ssl::Verdict::verified);  // of nobody in particular
  EXPECT_EQ(record.server_name, "");
}

TEST_P(ScannerOverTls, DoesNotVerifyUnlessAsked) {
  const Server server(speaks_tls(pki().server_context()));
  ScanOptions unasked = versioned();
  unasked.mode = ScanMode::no_verify;
  const Record record = scan(target(server.port()), unasked);
  EXPECT_TRUE(record.handshake_done);
  EXPECT_EQ(record.validation.verdict, ssl::Verdict::unverified);
  EXPECT_EQ(record.chain.size(), 2U);
}

TEST_P(ScannerOverTls, StopsAtTheCertificate) {
  const Server server(speaks_tls(pki().server_context()));
  ScanOptions presented = versioned();
  presented.mode = ScanMode::present_only;
  const Record record = scan(target(server.port()), presented);
  EXPECT_FALSE(record.failure);
  EXPECT_FALSE(record.handshake_done);
  EXPECT_EQ(record.validation.verdict, ssl::Verdict::unverified);
  ASSERT_EQ(record.chain.size(), 2U);
  EXPECT_EQ(record.chain[0], pki().server.certificate_der());
  EXPECT_NE(record.cipher, "");
}

TEST_P(ScannerOverTls, KeepsTheCertificateOfAServerThatWantsOne) {
  ssl::SSLContext context = pki().server_context();
  context.set_verify_mode(ssl::VerifyMode::required);
  const Server server(speaks_tls(std::move(context)));
  const Record record = scan(target(server.port()), versioned());
  EXPECT_EQ(record.chain.size(), 2U);
  if (GetParam() == ssl::TLSVersion::tls1_2) {
    expect_failure(record, ErrorClass::alert, Phase::handshake);
    EXPECT_EQ(record.validation.verdict, ssl::Verdict::unverified);  // the key was not proven
  } else {
    EXPECT_TRUE(record.handshake_done);  // the refusal comes behind it: RFC 8446, 4.4.2.4
  }
}

TEST_P(ScannerOverTls, PresentsACertificate) {
  ssl::SSLContext context = pki().server_context();
  context.set_verify_mode(ssl::VerifyMode::required);
  std::atomic<int> clients = 0;
  std::optional<Server> server(std::in_place, [&](ssl::Socket socket) {
    const ssl::SSLSocket tls = context.wrap_socket(std::move(socket), {.server_side = true});
    if (tls.getpeercert(ssl::binary_form) == pki().client.certificate_der()) ++clients;
  });
  const Scratch folder;
  ScanOptions presenting = versioned();
  presenting.tls.certificate =
      folder.write("me.pem", pki().client.chain_pem() + pki().client.private_key_pem());
  const Record record = scan(target(server->port()), presenting);
  EXPECT_EQ(record.validation.verdict, ssl::Verdict::verified);
  server.reset();  // it may not have looked yet
  EXPECT_EQ(clients, 1);
}

TEST(Scanner, MeetsServersThatAreNotTls) {
  const Server text(says("220 mail.example ESMTP\r\n"));
  Record record = scan(target(text.port()));
  expect_failure(record, ErrorClass::not_tls, Phase::handshake);
  EXPECT_EQ(record.validation.verdict, ssl::Verdict::absent);
  const Server alert(says({"\x15\x03\x03\x00\x02\x02\x28", 7}));
  record = scan(target(alert.port()));
  expect_failure(record, ErrorClass::alert, Phase::handshake);
  EXPECT_NE(record.failure->message.find("handshake failure"), std::string::npos);
  const Server broken(says({"\x16\x03\x03\x00\x04\x02\x00\x00\x00", 9}));
  expect_failure(scan(target(broken.port())), ErrorClass::tls, Phase::handshake);
}

TEST(Scanner, BeginsInPlainTextWhereTheTargetSaysSo) {
  const ssl::SSLContext context = pki().server_context();
  const Server mail([&context](ssl::Socket socket) {
    std::array<char, 512> octets{};
    for (const char* const line : {"220 mail\r\n", "250-mail\r\n250 STARTTLS\r\n", "220 go\r\n"}) {
      send_text(socket.fileno(), line);
      if (line[2] == '0' && line[4] == 'g') break;
      ::recv(socket.fileno(), octets.data(), octets.size(), 0);
    }
    speak_tls(context, std::move(socket));
  });
  Target target_with_tls = target(mail.port());
  target_with_tls.start_tls = StartTls::smtp;
  const Record record = scan(target_with_tls);
  EXPECT_FALSE(record.failure);
  EXPECT_TRUE(record.times.start_tls);
  EXPECT_EQ(record.validation.verdict, ssl::Verdict::verified);
  const Server without(says("220 mail\r\n250 nothing\r\n"));
  target_with_tls.port = without.port();
  expect_failure(scan(target_with_tls), ErrorClass::start_tls, Phase::start_tls);
  ScanOptions hurried = options();
  hurried.limits.start_tls = 100ms;
  const Server silent(says(""));
  target_with_tls.port = silent.port();
  expect_failure(scan(target_with_tls, hurried), ErrorClass::timeout, Phase::start_tls);
}

TEST(Scanner, LooksAgainWhereItDoesNotKnowTheKey) {
  const ssl::SSLContext context = ssl::ed448_server();
  std::atomic<int> connections = 0;
  const Server server([&](ssl::Socket socket) {
    ++connections;
    speak_tls(context, std::move(socket));
  });
  const Record record = scan(target(server.port()));
  EXPECT_EQ(connections, 2);
  EXPECT_TRUE(record.handshake_done);
  EXPECT_EQ(record.validation.reason, "self-signed certificate");
  EXPECT_EQ(record.chain.size(), 1U);
}

TEST(Scanner, KeepsWhatTheFirstLookHasShown) {
  // ServerHello of TLS 1.2 and a Certificate with five octets that are none.
  const std::string hello = std::string("\x02\x00\x00\x26\x03\x03", 6) + std::string(32, 'r') +
                            std::string("\x00\xc0\x2f\x00", 4);
  const std::string certificate("\x0b\x00\x00\x0b\x00\x00\x08\x00\x00\x05\x30\x03\x02\x01\x01", 15);
  const std::string flight = std::string("\x16\x03\x03\x00", 4) +
                             static_cast<char>(hello.size() + certificate.size()) + hello +
                             certificate;
  std::atomic<int> connections = 0;
  const Server server([&](ssl::Socket socket) {
    if (++connections == 1) says(flight)(std::move(socket));
  });
  const Record record = scan(target(server.port()));
  EXPECT_EQ(connections, 2);
  expect_failure(record, ErrorClass::tls, Phase::handshake);
  ASSERT_EQ(record.chain.size(), 1U);
  EXPECT_EQ(record.chain[0], (Der{0x30, 0x03, 0x02, 0x01, 0x01}));
}

TEST(Scanner, GoesOnBehindANameThatCannotBeSent) {
  const Server server(speaks_tls(pki().server_context()));
  std::vector<Target> targets(3, target(server.port()));
  targets[0].server_name = std::string(256, 'a');  // RFC 6066, 3; OpenSSL's bound is 255
  targets[1].server_name = std::string("a\0b", 3);
  const std::vector<Record> records = scan(targets, options());
  ASSERT_EQ(records.size(), 3U);
  expect_failure(records[0], ErrorClass::tls, Phase::handshake);
  expect_failure(records[1], ErrorClass::tls, Phase::handshake);
  EXPECT_EQ(records[2].validation.verdict, ssl::Verdict::verified);
}

TEST(Scanner, MeetsServersThatLeave) {
  const Server closing([](ssl::Socket socket) {
    std::array<std::uint8_t, 4096> octets{};
    ::recv(socket.fileno(), octets.data(), octets.size(), 0);
  });
  expect_failure(scan(target(closing.port())), ErrorClass::closed, Phase::handshake);
  const Server resetting([](ssl::Socket socket) {
    std::this_thread::sleep_for(20ms);  // so that the hello is there, and unread when it closes
    socket.close();
  });
  expect_failure(scan(target(resetting.port())), ErrorClass::reset, Phase::handshake);
  std::uint16_t closed_port = 0;
  {
    const Server gone(says(""));
    closed_port = gone.port();
  }
  expect_failure(scan(target(closed_port)), ErrorClass::refused, Phase::connect);
}

TEST(Scanner, GivesUpAtTheDeadline) {
  ScanOptions hurried = options();
  hurried.limits.handshake = 150ms;
  const Server silent(says(""));
  expect_failure(scan(target(silent.port()), hurried), ErrorClass::timeout, Phase::handshake);
  const Server dripping([](ssl::Socket socket) {
    for (const char c : std::string("\x16\x03\x03\x40\x00", 5) + std::string(50, '\x02')) {
      send_text(socket.fileno(), {&c, 1});
      std::this_thread::sleep_for(10ms);
    }
  });
  expect_failure(scan(target(dripping.port()), hurried), ErrorClass::timeout, Phase::handshake);
  hurried.limits = {
      .dns = 1min, .connect = 1min, .start_tls = 1min, .handshake = 1min, .total = 100ms};
  const Record record = scan(target(silent.port()), hurried);
  expect_failure(record, ErrorClass::timeout, Phase::handshake);
  EXPECT_LT(record.times.total, 30s);
}

TEST(Scanner, TriesAgainWhatMayPass) {
  std::atomic<int> connections = 0;
  const ssl::SSLContext context = pki().server_context();
  const Server flaky([&](ssl::Socket socket) {
    if (++connections < 5) return;  // closes, and to each attempt twice: see observer.hpp
    speak_tls(context, std::move(socket));
  });
  ScanOptions patient = options();
  patient.retries = 3;
  patient.backoff = 5ms;
  const Record record = scan(target(flaky.port()), patient);
  EXPECT_FALSE(record.failure);
  EXPECT_EQ(record.attempts, 3U);
  patient.retries = 1;
  connections = 0;
  EXPECT_EQ(scan(target(flaky.port()), patient).attempts, 2U);
}

TEST(Scanner, RefusesAddressesThatAreNone) {
  Target unknown = target(443, "host.invalid");
  ScanOptions lonely = options();
  lonely.resolver.servers = {"127.0.0.1:1"};  // nobody answers there
  lonely.limits.dns = 300ms;
  const Record record = scan(unknown, lonely);
  ASSERT_TRUE(record.failure);
  EXPECT_EQ(record.failure->phase, Phase::dns);
  EXPECT_EQ(record.address, "");
  lonely.resolver.servers = {"nameserver.example"};
  EXPECT_THROW(Scanner{lonely}, std::runtime_error);
}

TEST(Scanner, RefusesOptionsThatContradictEachOther) {
  ScanOptions newest_first = options();
  newest_first.tls.minimum_version = ssl::TLSVersion::tls1_3;
  newest_first.tls.maximum_version = ssl::TLSVersion::tls1_2;
  EXPECT_THROW(Scanner{newest_first}, ssl::ValueError);
  newest_first.tls.maximum_version = ssl::TLSVersion::maximum_supported;
  EXPECT_NO_THROW(Scanner{newest_first});
  ScanOptions key_alone = options();
  key_alone.tls.key = "key.pem";
  EXPECT_THROW(Scanner{key_alone}, ssl::ValueError);
}

TEST(Scanner, TakesTimesOfAnyLength) {
  using Duration = PhaseLimits::Duration;
  const Server server(speaks_tls(pki().server_context()));
  ScanOptions timeless = options();
  constexpr Duration kLongest = Duration::max();
  timeless.limits = {kLongest, kLongest, kLongest, kLongest, kLongest};
  EXPECT_EQ(scan(target(server.port()), timeless).validation.verdict, ssl::Verdict::verified);
  timeless.limits.total = Duration::min();
  const Record record = scan(target(server.port()), timeless);
  ASSERT_TRUE(record.failure);
  EXPECT_EQ(record.failure->error_class, ErrorClass::timeout);
}

TEST(Scanner, DeliversOneRecordForEachOfManyTargets) {
  const Server good(speaks_tls(pki().server_context()));
  const Server text(says("hello\r\n"));
  std::vector<Target> targets;
  for (int i = 0; i < 200; ++i) targets.push_back(target(i % 4 == 0 ? good.port() : text.port()));
  ScanOptions wide = options();
  wide.concurrency = 64;
  wide.limits = {};
  const std::vector<Record> records = scan(targets, wide);
  ASSERT_EQ(records.size(), targets.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    EXPECT_EQ(records[i].target.index, i);
    EXPECT_EQ(records[i].failure.has_value(), i % 4 != 0) << i;
  }
}

TEST(Scanner, PassesOnWhatItsCallersThrow) {
  Scanner scanner(options());
  const auto fail = [](std::vector<Record>) { throw std::runtime_error("the disk is full"); };
  std::size_t left = 3;
  const auto next = [&]() -> std::optional<Target> {
    if (left-- == 0) return std::nullopt;
    return target(1);
  };
  EXPECT_THROW(scanner.run(next, fail), std::runtime_error);
}

TEST(Scanner, HasNothingInFlightWhileItWaitsForTheInput) {
  Scanner scanner(options());
  std::vector<std::size_t> in_flight;
  scanner.run(
      [&]() -> std::optional<Target> {
        in_flight.push_back(scanner.in_flight());
        return std::nullopt;
      },
      [](const std::vector<Record>&) {});
  EXPECT_EQ(in_flight, std::vector<std::size_t>{0});
}

TEST(Scanner, StopsBetweenTargets) {
  const Server text(says("hello\r\n"));
  ScanOptions narrow = options();
  narrow.concurrency = 4;
  Scanner scanner(narrow);
  std::atomic<std::size_t> begun = 0, delivered = 0;
  scanner.run(
      [&]() -> std::optional<Target> {
        ++begun;
        return target(text.port());  // without end
      },
      [&](const std::vector<Record>&) {
        if (++delivered == 20) scanner.stop();
      });
  EXPECT_EQ(begun, delivered);
}

}  // namespace
}  // namespace peercert::scan
