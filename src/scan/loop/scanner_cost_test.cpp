// SPDX-License-Identifier: Apache-2.0
// Scans of servers that would keep them busy.
#include <future>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <peercert/scan/scanner.hpp>

#include "support/certificate_presenter.hpp"
#include "support/tls_pair.hpp"
#include "tls/certificate_message.hpp"

namespace peercert::scan {
namespace {

/// The record of a server that presents these certificates once.
Record record_of_presenter(const std::vector<Der>& entries, ScanMode mode = ScanMode::verify) {
  const ssl::Socket listener = ssl::create_server("127.0.0.1", 0);
  auto server = std::async(std::launch::async, [&] { test::present(listener.accept(), entries); });
  ScanOptions options;
  options.mode = mode;
  options.tls.trust.cadata = ssl::pki().root.certificate_pem();
  Scanner scanner(options);
  std::optional<Target> target =
      Target{.text = "here", .host = "127.0.0.1", .port = listener.getsockname().port};
  std::vector<Record> all;
  scanner.run([&] { return std::exchange(target, std::nullopt); },
              [&](std::vector<Record> records) { all = std::move(records); });
  server.get();
  EXPECT_EQ(all.size(), 1U);
  return all.empty() ? Record{} : all.front();
}

TEST(ScannerCosts, AreAnErrorOfTheirOwnAndKeepTheCertificates) {
  const Der leaf = ssl::pki().server.certificate_der();
  const std::vector<Der> many(tls::kMaxCertificates + 1, leaf);
  for (const ScanMode mode : {ScanMode::verify, ScanMode::no_verify, ScanMode::present_only}) {
    const Record record = record_of_presenter(many, mode);
    ASSERT_TRUE(record.failure);
    EXPECT_EQ(to_string(record.failure->error_class), "too-costly");
    EXPECT_EQ(record.failure->phase, Phase::handshake);
    EXPECT_EQ(record.failure->message,
              "the server sent 101 certificates; a scan takes at most 100");
    EXPECT_EQ(record.validation.verdict, ssl::Verdict::unverified);
    EXPECT_EQ(record.chain, std::vector(tls::kMaxCertificates, leaf));
    EXPECT_EQ(record.num_sent, many.size());
    EXPECT_EQ(record.num_unreadable, 0U);
  }
}

TEST(ScannerCosts, OfGarbageAreThoseOfAHundredEntries) {
  const Record record = record_of_presenter(std::vector<Der>(9000, {1, 2, 3, 4}));
  ASSERT_TRUE(record.failure);
  EXPECT_EQ(record.failure->error_class, ErrorClass::too_costly);
  EXPECT_EQ(record.num_sent, 9000U);
  EXPECT_EQ(record.chain.size(), tls::kMaxCertificates);
  EXPECT_EQ(record.num_unreadable, tls::kMaxCertificates);
}

}  // namespace
}  // namespace peercert::scan
