// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gtest/gtest.h>

#include <peercert/render/python_repr.hpp>

#include "support/certificate_builder.hpp"
#include "support/testdata.hpp"

namespace peercert {
namespace {

using test::CertificateBuilder;
using test::hex;
using test::name_of;
using test::Octets;
using test::sequence;
using test::subject_alt_name;
using test::tlv;

std::string repr(std::string_view text) { return to_python_repr(text); }

TEST(PythonReprTest, QuotesAsPythonDoes) {
  EXPECT_EQ(repr(""), "''");
  EXPECT_EQ(repr("plain"), "'plain'");
  EXPECT_EQ(repr("it's"), "\"it's\"");
  EXPECT_EQ(repr("say \"hi\""), "'say \"hi\"'");
  EXPECT_EQ(repr("it's \"hi\""), "'it\\'s \"hi\"'");
  EXPECT_EQ(repr("'"), "\"'\"");
  EXPECT_EQ(repr("\""), "'\"'");
}

TEST(PythonReprTest, EscapesAsPythonDoes) {
  EXPECT_EQ(repr("a\\b"), "'a\\\\b'");
  EXPECT_EQ(repr("a\tb\nc\rd"), "'a\\tb\\nc\\rd'");
  EXPECT_EQ(repr(std::string_view("a\0b", 3)), "'a\\x00b'");
  EXPECT_EQ(repr("\x1b[31m\x7f"), "'\\x1b[31m\\x7f'");
  EXPECT_EQ(repr("S\xc3\xb6hne"), "'S\xc3\xb6hne'");
  EXPECT_EQ(repr("\xc2\xa0\xc2\xad"), "'\\xa0\\xad'");
  EXPECT_EQ(repr("\xe2\x80\xae\xe2\x80\xac"), "'\\u202e\\u202c'");
  EXPECT_EQ(repr("\xee\x80\x80"), "'\\ue000'");
  EXPECT_EQ(repr("\xf0\x9f\x94\x92\xf3\xa0\x80\x81"), "'\xf0\x9f\x94\x92\\U000e0001'");
  EXPECT_EQ(repr("a long text with a line end at its end, and more than a word\n"),
            "'a long text with a line end at its end, and more than a word\\n'");
}

// The dict of a certificate, twice: straight from the octets, and by way of the owning form.
std::string repr(const CertificateBuilder& parts) {
  const Octets der = parts.build();
  const auto parsed = CertificateView::parse(der);
  EXPECT_TRUE(parsed) << to_string(parsed.error());
  const auto view = PeerCertView::from(*parsed);
  EXPECT_TRUE(view) << to_string(view.error());
  std::string text = to_python_repr(*view);
  EXPECT_EQ(to_python_repr(to_peer_cert(*view)), text);
  Output out;
  out.append("before ");
  append_python_repr(out, *view);
  EXPECT_EQ(out.view(), "before " + text);
  return text;
}

TEST(PythonReprTest, KeysStandInPythonsOrder) {
  EXPECT_EQ(repr(CertificateBuilder{}),
            "{'subject': ((('commonName', 'example.org'),),), "
            "'issuer': ((('commonName', 'Test CA'),),), 'version': 3, 'serialNumber': '1234', "
            "'notBefore': 'Jan  1 00:00:00 2026 GMT', 'notAfter': 'Jan  1 00:00:00 2027 GMT'}");
}

// What CPython 3.11 and 3.13 print for this file.
TEST(PythonReprTest, EveryKey) {
  const Octets der = test::read_certificate("every_key.pem");
  const auto parsed = CertificateView::parse(der);
  ASSERT_TRUE(parsed);
  const std::string name =
      "((('countryName', 'DE'),), (('organizationName', 'Beispiel & S\xc3\xb6hne'),), "
      "(('commonName', 'www.example.org'),))";
  EXPECT_EQ(to_python_repr(*to_peer_cert(*parsed)),
            "{'subject': " + name + ", 'issuer': " + name +
                ", 'version': 3, 'serialNumber': '0102030405060708', "
                "'notBefore': 'Nov 22 13:33:59 2026 GMT', 'notAfter': 'Nov 22 13:33:59 2027 GMT', "
                "'subjectAltName': (('DNS', 'www.example.org'), ('DNS', '*.example.org'), "
                "('IP Address', '192.0.2.7'), ('IP Address', '2001:DB8:0:0:0:0:0:7'), "
                "('email', 'admin@example.org'), ('URI', 'https://example.org/'), "
                "('DirName', ((('commonName', 'directory'),),)), ('Registered ID', '1.2.3.4'), "
                "('othername', 'UPN:user@example.org')), 'OCSP': ('http://ocsp.example.org',), "
                "'caIssuers': ('http://ca.example.org/ca.crt',), "
                "'crlDistributionPoints': ('http://crl.example.org/ca.crl',)}");
}

std::string subject(const Octets& name) {
  const std::string text = repr(CertificateBuilder{.subject = name});
  const std::size_t begin = std::string_view("{'subject': ").size();
  return text.substr(begin, text.find(", 'issuer'") - begin);
}

TEST(PythonReprTest, TuplesOfOneHaveAComma) {
  const Octets a = test::attribute("2.5.4.3", tlv(der::kUtf8String, "a"));
  const Octets b = test::attribute("2.5.4.10", tlv(der::kUtf8String, "b"));
  EXPECT_EQ(subject(sequence()), "()");
  EXPECT_EQ(subject(sequence(test::set())), "()");
  EXPECT_EQ(subject(sequence(test::set(a))), "((('commonName', 'a'),),)");
  EXPECT_EQ(subject(sequence(test::set(a, b))),
            "((('commonName', 'a'), ('organizationName', 'b')),)");
  EXPECT_EQ(subject(sequence(test::set(a), test::set(), test::set(b))),
            "((('commonName', 'a'),), (('organizationName', 'b'),))");
}

TEST(PythonReprTest, BitStringsAreBytesOrNone) {
  const auto value = [](const Octets& content) {
    const std::string text = subject(name_of(tlv(der::kBitString, content)));
    const std::string_view before = "((('commonName', ";
    return text.substr(before.size(), text.size() - before.size() - 5);
  };
  EXPECT_EQ(value(hex("00")), "None");
  EXPECT_EQ(value(hex("00 61 62")), "b'ab'");
  EXPECT_EQ(value(hex("04 61 6f")), "b'a`'");
  EXPECT_EQ(value(hex("00 00 0a 7f 80 ff 5c")), "b'\\x00\\n\\x7f\\x80\\xff\\\\'");
  EXPECT_EQ(value(hex("00 27")), "b\"'\"");
  EXPECT_EQ(value(hex("00 22")), "b'\"'");
  EXPECT_EQ(value(hex("00 27 22")), "b'\\'\"'");
}

TEST(PythonReprTest, WideStringsAreQuotedByTheirCharacters) {
  EXPECT_EQ(subject(name_of(tlv(der::kBmpString, hex("00 27 00 41")))),
            "((('commonName', \"'A\"),),)");
  // U+2722 is neither of the quotes that its octets are.
  EXPECT_EQ(subject(name_of(tlv(der::kBmpString, hex("27 22")))),
            "((('commonName', '\xe2\x9c\xa2'),),)");
  EXPECT_EQ(subject(name_of(tlv(der::kTeletexString, "\xa0\x27\xe9"))),
            "((('commonName', \"\\xa0'\xc3\xa9\"),),)");
}

std::string alt_names(const Octets& names) {
  const std::string text = repr(CertificateBuilder{.extensions = names});
  return text.substr(text.find("'subjectAltName'"));
}

TEST(PythonReprTest, AltNames) {
  EXPECT_EQ(alt_names(subject_alt_name()), "'subjectAltName': ()}");
  EXPECT_EQ(alt_names(subject_alt_name(test::dns_name("a"))), "'subjectAltName': (('DNS', 'a'),)}");
  EXPECT_EQ(alt_names(subject_alt_name(test::directory_name(sequence()), test::dns_name("it's"))),
            "'subjectAltName': (('DirName', ()), ('DNS', \"it's\"))}");
  EXPECT_EQ(alt_names(subject_alt_name(
                test::other_name("1.3.6.1.4.1.311.20.2.3", tlv(der::kUtf8String, "it's\n")))),
            "'subjectAltName': (('othername', \"UPN:it's\\n\"),)}");
}

TEST(PythonReprTest, ALongSerialNumberEndsInAnEscapedNewline) {
  const std::string text =
      repr(CertificateBuilder{.serial_number = tlv(der::kInteger, Octets(36, 0x11))});
  EXPECT_NE(text.find("11\\\\\\n', 'notBefore'"), std::string::npos) << text;
}

TEST(PythonReprTest, VersionsOfEverySize) {
  const auto version = [](const char* content) {
    const std::string text = repr(CertificateBuilder{
        .version = tlv(der::context_constructed(0), tlv(der::kInteger, hex(content)))});
    const std::size_t begin = text.find("'version': ") + 11;
    return text.substr(begin, text.find(',', begin) - begin);
  };
  EXPECT_EQ(version("fe"), "-1");
  EXPECT_EQ(version("7f ff ff ff ff ff ff ff"), "-9223372036854775808");
  EXPECT_EQ(version("7f ff ff ff ff ff ff fe"), "9223372036854775807");
}

TEST(PythonReprTest, TheEmptyDict) { EXPECT_EQ(to_python_repr(PeerCert()), "{}"); }

// A view that nothing was read into: no crash.
TEST(PythonReprTest, AViewOfNothing) {
  EXPECT_EQ(to_python_repr(PeerCertView()),
            "{'subject': (), 'issuer': (), 'version': 0, 'serialNumber': '', "
            "'notBefore': 'Bad time value', 'notAfter': 'Bad time value'}");
}

}  // namespace
}  // namespace peercert
