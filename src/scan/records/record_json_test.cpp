// SPDX-License-Identifier: Apache-2.0
#include "scan/records/record_json.hpp"

#include <algorithm>
#include <cctype>
#include <string>

#include <gtest/gtest.h>

#include "support/scan_records.hpp"

namespace peercert::scan {
namespace {

using test::failed_record;
using test::scan_record;
using test::ScanPki;
using test::verified_record;

std::string json(const Record& record, const std::string& fields = {}) {
  const RecordJson renderer{Fields(fields)};
  Output out;
  renderer.append(out, RecordView(record));
  return std::string(out.view());
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string hex_of(const Der& der) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t octet : crypto::sha256(der)) {
    text.append({kDigits[octet >> 4], kDigits[octet & 15]});
  }
  return text;
}

TEST(RecordJson, WhatNeverWasConnectedHasNothingOfTls) {
  EXPECT_EQ(json(failed_record(7, ErrorClass::refused, "Connection \"refused\"")),
            R"({"schema":"peercert.scan/1","index":7,"line":8,"target":"scan.example:443",)"
            R"("host":"scan.example","port":443,"time":"2026-01-31T23:00:00.250Z",)"
            R"("times":{"total":1.500},"attempts":1,)"
            R"("error":{"class":"refused","phase":"connect",)"
            R"("message":"Connection \"refused\""}})");
}

TEST(RecordJson, AVerifiedPeer) {
  const Record record = verified_record(0);
  const std::string text = json(record);
  const std::string leaf = hex_of(record.chain[0]);
  const std::string root = hex_of(ScanPki::shared().root.certificate_der());
  EXPECT_TRUE(has(text, R"("address":"192.0.2.1","port":443,"server_name":"scan.example",)"));
  EXPECT_TRUE(has(text, R"({"dns":12.345,"connect":0.001,"handshake":20.000,"total":32.346})"));
  EXPECT_TRUE(has(text, R"("protocol":"TLSv1.3","cipher":"TLS_AES_256_GCM_SHA384",)"
                        R"("group":"X25519","alpn":"h2","handshake":"complete",)"
                        R"("verdict":{"status":"verified","code":0,"reason":""},)"
                        R"("sha256":")" +
                            leaf + R"(","peercert":{"subject":)"))
      << text;
  EXPECT_TRUE(has(text, R"("chain":[")" + leaf + R"("],"chain_length":1,"verified_chain":[")" +
                            leaf + R"(",")" + root + R"("]})"))
      << text;
  EXPECT_FALSE(has(text, "error"));
  EXPECT_FALSE(has(text, "fields"));
  EXPECT_FALSE(has(text, "ocsp"));
}

TEST(RecordJson, ACertificateWithoutProofSaysSo) {
  Record record = verified_record(0);
  record.handshake_done = false;
  record.failure = Failure{ErrorClass::alert, Phase::handshake, "no"};
  record.validation = {ssl::Verdict::failed, 10, 1, "certificate has expired"};
  const std::string text = json(record);
  EXPECT_TRUE(has(text, R"("handshake":"certificate","verdict":{"status":"failed","code":10,)"
                        R"("depth":1,"reason":"certificate has expired"})"));
  EXPECT_TRUE(has(text, R"("error":{"class":"alert","phase":"handshake","message":"no"}})"));
}

TEST(RecordJson, AnUndecodableCertificateKeepsTheRecord) {
  const std::string unreadable = json(verified_record(0, {0x30, 0x80, 0xff}), "key_type");
  EXPECT_TRUE(has(unreadable, R"("error":{"class":"undecodable","message":")"));
  EXPECT_TRUE(has(unreadable, R"("sha256":")" + hex_of({0x30, 0x80, 0xff})));
  EXPECT_FALSE(has(unreadable, R"("peercert":)"));
  EXPECT_FALSE(has(unreadable, R"("fields":)"));

  // One that can be read, but not be presented as a dict, has fields.
  const std::string no_dict = json(verified_record(0, test::undecodable_certificate()), "key_type");
  EXPECT_TRUE(has(no_dict, R"("error":{"class":"undecodable",)"));
  EXPECT_TRUE(has(no_dict, R"("fields":{"key_type":"Ed25519"})"));

  Record failed = verified_record(0, {0x00});
  failed.failure = Failure{ErrorClass::alert, Phase::handshake, "no"};
  EXPECT_TRUE(has(json(failed), R"("error":{"class":"alert",)"));
}

TEST(RecordJson, SaysHowManyCertificatesWereSent) {
  Record record = verified_record(0);
  EXPECT_FALSE(has(json(record), "chain_unreadable"));
  EXPECT_FALSE(has(json(record), R"("der":)"));
  record.num_sent = 9000;
  record.num_unreadable = 99;
  EXPECT_TRUE(has(json(record), R"(],"chain_length":9000,"chain_unreadable":99,)"));
  record.num_sent = 0;  // of who makes records and does not count
  EXPECT_TRUE(has(json(record), R"(],"chain_length":1,)"));
}

TEST(RecordJson, TheDigestIsThatOfThePeersOwnCertificate) {
  Record record = verified_record(0);
  const Der root = ScanPki::shared().root.certificate_der();
  record.chain.push_back(root);
  record.num_sent = 2;
  record.verified_chain.clear();
  const std::string text = json(record);
  const std::string leaf = hex_of(record.chain[0]);
  EXPECT_TRUE(has(text, R"("sha256":")" + leaf + '"')) << text;
  EXPECT_TRUE(has(text, R"("chain":[")" + leaf + R"(",")" + hex_of(root) + R"("],)")) << text;
  EXPECT_FALSE(has(text, "verified_chain"));
}

TEST(RecordJson, WhatComesBeforeTls) {
  Record record = verified_record(0);
  record.target.start_tls = StartTls::smtp;
  record.times.start_tls = std::chrono::microseconds(7);
  record.attempts = 3;
  const std::string text = json(record);
  EXPECT_TRUE(has(text, R"("server_name":"scan.example","starttls":"smtp","time":)")) << text;
  EXPECT_TRUE(has(text, R"("connect":0.001,"starttls":0.007,"handshake":20.000,)")) << text;
  EXPECT_TRUE(has(text, R"("attempts":3,)")) << text;
}

TEST(RecordJson, TheHandshakeWithoutACertificateHasAVerdict) {
  Record record = verified_record(0);
  record.chain.clear();
  record.verified_chain.clear();
  record.validation = {ssl::Verdict::absent, 0, 0, ""};
  EXPECT_TRUE(has(json(record), R"("verdict":{"status":"absent","code":0,"reason":""})"));
  EXPECT_FALSE(has(json(record), "sha256"));
}

TEST(RecordJson, AStapleThatSaysAll) {
  const std::chrono::sys_seconds day = std::chrono::sys_days(std::chrono::year(2026) / 2 / 1);
  const std::chrono::hours hour(1);
  Record record = verified_record(0);
  ssl::OcspStaple staple{.verdict = ssl::OcspVerdict::revoked,
                         .responder = "CN=OCSP",
                         .produced_at = day,
                         .status = ssl::OcspStatus::revoked,
                         .this_update = day + hour,
                         .next_update = day + 2 * hour,
                         .revocation_time = day + 3 * hour,
                         .revocation_reason = 1};
  record.staple = std::make_shared<ssl::OcspStaple>(staple);
  EXPECT_TRUE(has(json(record),
                  R"("ocsp":{"verdict":"revoked","responder":"CN=OCSP",)"
                  R"("produced_at":"2026-02-01T00:00:00Z","status":"revoked",)"
                  R"("this_update":"2026-02-01T01:00:00Z","next_update":"2026-02-01T02:00:00Z",)"
                  R"("revocation_time":"2026-02-01T03:00:00Z","revocation_reason":1}})"))
      << json(record);
  for (const auto& [status, text] :
       {std::pair{ssl::OcspStatus::good, "good"}, std::pair{ssl::OcspStatus::unknown, "unknown"}}) {
    staple = {.verdict = ssl::OcspVerdict::unusable, .problem = "too old", .status = status};
    record.staple = std::make_shared<ssl::OcspStaple>(staple);
    EXPECT_TRUE(has(json(record), R"("ocsp":{"verdict":"unusable","problem":"too old",)"
                                  R"("status":")" +
                                      std::string(text) + R"("}})"))
        << json(record);
  }
}

TEST(RecordJson, AFieldThatTheCertificateHasNotIsAbsent) {
  const std::string text = json(verified_record(0), "policies,key_type");
  EXPECT_TRUE(has(text, R"("fields":{"key_type":")")) << text;
}

TEST(RecordJson, HoldsWhatCannotBeReadAsACertificate) {
  EXPECT_TRUE(has(json(verified_record(0, {0x30, 0x80, 0xff})), R"(","der":"MID/","chain":[")"));
  EXPECT_FALSE(has(json(verified_record(0, test::undecodable_certificate())), R"("der":)"));
}

TEST(RecordJson, HostileTextStaysOneLineOfPlainJson) {
  for (const Record& record : test::all_kinds_of_records()) {
    const std::string text = json(record, "subject,names");
    EXPECT_TRUE(std::ranges::none_of(text, [](char c) {
      return std::iscntrl(static_cast<unsigned char>(c)) != 0;
    })) << text;
    EXPECT_FALSE(has(text, "\xe2\x80\xae")) << text;  // nor what turns the direction of writing
  }
  Record record = scan_record(0);
  record.target.text = std::string("a\n\0\xff", 4);
  EXPECT_TRUE(has(json(record), "\"target\":\"a\\n\\u0000\xef\xbf\xbd\""));
}

TEST(RecordJson, RenderingAgainGivesTheSame) {
  const RecordJson renderer{Fields("names,days_left")};
  for (const Record& record : test::all_kinds_of_records()) {
    Output out;
    renderer.append(out, RecordView(record));
    EXPECT_EQ(out.view(), json(record, "names,days_left"));
  }
}

}  // namespace
}  // namespace peercert::scan
