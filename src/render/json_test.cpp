// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gtest/gtest.h>

#include <peercert/render/json.hpp>

#include "support/certificate_builder.hpp"
#include "support/testdata.hpp"

// RapidJSON adds to a null pointer while its stack is empty, for which UBSan would stop the tests.
#if defined(__clang__)
#pragma clang attribute push(__attribute__((no_sanitize("pointer-overflow"))), apply_to = function)
#endif
#include <rapidjson/document.h>
#if defined(__clang__)
#pragma clang attribute pop
#endif

namespace peercert {
namespace {

using test::CertificateBuilder;
using test::hex;
using test::name_of;
using test::Octets;
using test::tlv;

std::string json(const CertificateBuilder& parts) {
  const Octets der = parts.build();
  const auto parsed = CertificateView::parse(der);
  EXPECT_TRUE(parsed) << to_string(parsed.error());
  const auto view = PeerCertView::from(*parsed);
  EXPECT_TRUE(view) << to_string(view.error());
  std::string text = to_json(*view);
  EXPECT_EQ(to_json(to_peer_cert(*view)), text);
  Output out;
  append_json(out, *view);
  append_json(out, *view);
  EXPECT_EQ(out.view(), text + text);
  return text;
}

TEST(JsonTest, HasPythonsKeysAndShape) {
  EXPECT_EQ(json({.extensions = test::subject_alt_name()}),
            R"({"subject":[[["commonName","example.org"]]],"issuer":[[["commonName","Test CA"]]],)"
            R"("version":3,"serialNumber":"1234","notBefore":"Jan  1 00:00:00 2026 GMT",)"
            R"("notAfter":"Jan  1 00:00:00 2027 GMT","subjectAltName":[]})");
}

TEST(JsonTest, BitStringsAreObjectsOrNull) {
  const auto subject = [](const char* content) {
    const std::string text = json({.subject = name_of(tlv(der::kBitString, hex(content)))});
    return text.substr(0, text.find(",\"issuer\""));
  };
  EXPECT_EQ(subject("00 0a 1b"), R"({"subject":[[["commonName",{"hex":"0A1B"}]]])");
  EXPECT_EQ(subject("04 ff"), R"({"subject":[[["commonName",{"hex":"F0"}]]])");
  EXPECT_EQ(subject("00"), R"({"subject":[[["commonName",null]]])");
}

TEST(JsonTest, TheEmptyDict) { EXPECT_EQ(to_json(PeerCert()), "{}"); }

// Parsed back by somebody else's parser, strictly.
std::string parsed_back(const std::string& text) {
  rapidjson::Document document;
  document.Parse<rapidjson::kParseValidateEncodingFlag>(text.data(), text.size());
  EXPECT_FALSE(document.HasParseError()) << text;
  if (document.HasParseError() || !document.IsString()) return "(no string)";
  return {document.GetString(), document.GetStringLength()};
}

TEST(JsonTest, EscapesWhatHasToBeAndWhatIsNotPrintable) {
  EXPECT_EQ(to_json(std::string_view("plain")), "\"plain\"");
  EXPECT_EQ(to_json(std::string_view("\"\\/\b\f\n\r\t")), R"("\"\\/\b\f\n\r\t")");
  EXPECT_EQ(to_json(std::string_view("\0\x1b\x7f", 3)), R"("\u0000\u001b\u007f")");
  EXPECT_EQ(to_json(std::string_view("it's S\xc3\xb6hne\xf0\x9f\x94\x92")),
            "\"it's S\xc3\xb6hne\xf0\x9f\x94\x92\"");
  EXPECT_EQ(to_json(std::string_view("\xe2\x80\xa8\xe2\x80\xae\xe2\x80\xac\xc2\xa0")),
            R"("\u2028\u202e\u202c\u00a0")");
  EXPECT_EQ(to_json(std::string_view("\xf3\xa0\x80\x81\xf4\x8f\xbf\xbf")),
            R"("\udb40\udc01\udbff\udfff")");  // U+E0001 and U+10FFFF, as UTF-16 has them
}

TEST(JsonTest, EveryCharacterComesBack) {
  for (char32_t c = 0; c <= 0x10ffff; c += c < 0x3000 || c >= 0xff000 ? 1 : 0x101) {
    if (c >= 0xd800 && c < 0xe000) continue;  // surrogates are no characters
    char utf8[4];
    const std::string text = "<" + std::string(utf8, der::encode_utf8(c, utf8)) + ">";
    ASSERT_EQ(parsed_back(to_json(std::string_view(text))), text) << static_cast<unsigned>(c);
  }
}

TEST(JsonTest, WhatIsNotUtf8IsReplaced) {
  const std::string u_fffd = "\xef\xbf\xbd";
  const auto replaced = [](std::string_view text) { return parsed_back(to_json(text)); };
  EXPECT_EQ(replaced("a\xff"), "a" + u_fffd);
  EXPECT_EQ(replaced("\xc3"), u_fffd);
  EXPECT_EQ(replaced("\xe2\x82z"), u_fffd + u_fffd + "z");
  EXPECT_EQ(replaced("\xed\xa0\x80"), u_fffd + u_fffd + u_fffd);
  EXPECT_EQ(replaced(std::string(3, '\xfe')), u_fffd + u_fffd + u_fffd);
}

TEST(JsonTest, AWholeCertificateComesBack) {
  const Octets der = test::read_certificate("every_key.pem");
  const auto parsed = CertificateView::parse(der);
  ASSERT_TRUE(parsed);
  const std::string text = to_json(*to_peer_cert(*parsed));
  EXPECT_EQ(text.find('\n'), std::string::npos);
  rapidjson::Document document;
  document.Parse<rapidjson::kParseValidateEncodingFlag>(text.data(), text.size());
  ASSERT_FALSE(document.HasParseError()) << text;
  std::string keys;
  for (rapidjson::SizeType i = 0; i < document.MemberCount(); ++i) {
    keys.append((document.MemberBegin() + static_cast<int>(i))->name.GetString()) += ' ';
  }
  EXPECT_EQ(keys,
            "subject issuer version serialNumber notBefore notAfter subjectAltName OCSP caIssuers "
            "crlDistributionPoints ");
  EXPECT_STREQ(document["subject"][1][0][1].GetString(), "Beispiel & S\xc3\xb6hne");
  EXPECT_EQ(document["version"].GetInt(), 3);
  EXPECT_STREQ(document["subjectAltName"][6][0].GetString(), "DirName");
  EXPECT_STREQ(document["subjectAltName"][6][1][0][0][1].GetString(), "directory");
  EXPECT_STREQ(document["subjectAltName"][8][1].GetString(), "UPN:user@example.org");
  EXPECT_STREQ(document["OCSP"][0].GetString(), "http://ocsp.example.org");
}

TEST(JsonTest, AViewOfNothing) {
  rapidjson::Document document;
  EXPECT_FALSE(document.Parse(to_json(PeerCertView()).c_str()).HasParseError());
}

}  // namespace
}  // namespace peercert
