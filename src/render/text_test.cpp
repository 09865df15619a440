// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include <peercert/render/text.hpp>

#include "render/escape.hpp"
#include "support/certificate_builder.hpp"
#include "support/testdata.hpp"

namespace peercert {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::sys_seconds;
using test::attribute;
using test::CertificateBuilder;
using test::concat;
using test::hex;
using test::name_of;
using test::Octets;
using test::sequence;
using test::set;
using test::tlv;

// The first of January: when the builder's certificates begin and end to be valid.
constexpr sys_seconds kNotBefore = sys_days(std::chrono::year(2026) / 1 / 1);
constexpr sys_seconds kNotAfter = sys_days(std::chrono::year(2027) / 1 / 1);

std::string name_text(const Octets& name) {
  return to_text(NameView(Bytes(name).subspan(name[1] < 0x80 ? 2 : name[1] - 0x80U + 2)));
}

std::string text(const CertificateBuilder& parts) {
  const Octets der = parts.build();
  const auto parsed = CertificateView::parse(der);
  EXPECT_TRUE(parsed) << to_string(parsed.error());
  return to_text(*parsed, {.now = kNotBefore + days(1)});
}

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

const Octets common_name = attribute("2.5.4.3", tlv(der::kUtf8String, "example.org"));
const Octets organization_name = attribute("2.5.4.10", tlv(der::kUtf8String, "Example, Inc."));

// ---- names

TEST(NameTextTest, IsRfc4514MostSpecificFirst) {
  EXPECT_EQ(name_text(sequence(set(organization_name), set(common_name))),
            "CN=example.org, O=Example\\, Inc.");
  EXPECT_EQ(name_text(sequence(set(common_name, organization_name))),
            "CN=example.org + O=Example\\, Inc.");
  EXPECT_EQ(name_text(sequence(set(), set(common_name), set())), "CN=example.org");
  EXPECT_EQ(name_text(sequence()), "");
  EXPECT_EQ(name_text(sequence(set(attribute("1.2.3.4", tlv(der::kUtf8String, "a"))))),
            "1.2.3.4=a");
}

TEST(NameTextTest, SpecialCharactersAreEscaped) {
  const auto value = [](std::string_view text) {
    return name_text(name_of(tlv(der::kUtf8String, text)));
  };
  EXPECT_EQ(value("a,b+c\"d<e>f;g"), "CN=a\\,b\\+c\\\"d\\<e\\>f\\;g");
  EXPECT_EQ(value("a\\b"), "CN=a\\\\b");
  EXPECT_EQ(value("#a#"), "CN=\\#a#");
  EXPECT_EQ(value(" a b "), "CN=\\ a b\\ ");
  EXPECT_EQ(value(" "), "CN=\\ ");
  EXPECT_EQ(value(""), "CN=");
}

TEST(NameTextTest, ValuesWithoutTextAreHexadecimal) {
  EXPECT_EQ(name_text(name_of(tlv(der::kBitString, hex("00 ab")))), "CN=#00AB");
  EXPECT_EQ(name_text(name_of(sequence())), "CN=#");
}

TEST(NameTextTest, TypesThatHaveNoNameAreHexadecimal) {
  Octets type(587, 0x01);
  type[0] = 0x2a;
  const std::string out =
      name_text(sequence(set(sequence(tlv(der::kOid, type), tlv(der::kUtf8String, "a")))));
  EXPECT_TRUE(out.starts_with("OID.2A0101")) << out;
  EXPECT_TRUE(out.ends_with("=a"));
}

// A name of one mebibyte, in as many RDNs as there can be: linear work, else this would not end.
TEST(NameTextTest, ManyRdnsAreSoonWritten) {
  const Octets rdn = set(attribute("2.5.4.3", tlv(der::kUtf8String, "")));
  Octets content;
  while (content.size() < kMaxNameLen) content.insert(content.end(), rdn.begin(), rdn.end());
  const std::size_t num_rdns = content.size() / rdn.size();
  EXPECT_EQ(to_text(NameView(content)).size(), num_rdns * 5 - 2);  // "CN=, "
}

TEST(ShortTextTest, IsCommonNameElseOrganizationElseAll) {
  const auto short_text = [](const Octets& name) {
    return to_short_text(NameView(Bytes(name).subspan(2)));
  };
  const Octets country = attribute("2.5.4.6", tlv(der::kPrintableString, "DE"));
  EXPECT_EQ(short_text(sequence(set(common_name), set(organization_name))), "example.org");
  EXPECT_EQ(short_text(sequence(set(country), set(organization_name))), "Example, Inc.");
  EXPECT_EQ(short_text(sequence(set(country))), "C=DE");
  const Octets first = attribute("2.5.4.3", tlv(der::kUtf8String, "first"));
  EXPECT_EQ(short_text(sequence(set(first), set(common_name))), "example.org");
  EXPECT_EQ(short_text(sequence()), "");
}

// ---- validity

std::string validity(sys_seconds now, const CertificateBuilder& parts = {}) {
  const Octets der = parts.build();
  return validity_text(*CertificateView::parse(der), now);
}

TEST(ValidityTextTest, CountsWhatIsLeft) {
  EXPECT_EQ(validity(kNotAfter - days(39)), "39 days left");
  EXPECT_EQ(validity(kNotAfter - days(2)), "2 days left");
  EXPECT_EQ(validity(kNotAfter - days(2) + seconds(1)), "47 hours left");
  EXPECT_EQ(validity(kNotAfter - hours(2)), "2 hours left");
  EXPECT_EQ(validity(kNotAfter - hours(2) + seconds(1)), "119 minutes left");
  EXPECT_EQ(validity(kNotAfter - minutes(1)), "1 minute left");
  EXPECT_EQ(validity(kNotAfter), "0 minutes left");  // RFC 5280, 4.1.2.5: notAfter is inclusive
  EXPECT_EQ(validity(kNotBefore), "365 days left");
}

TEST(ValidityTextTest, SaysSinceWhenAndUntilWhen) {
  EXPECT_EQ(validity(kNotAfter + seconds(1)), "expired 0 minutes ago");
  EXPECT_EQ(validity(kNotAfter + days(3)), "expired 3 days ago");
  EXPECT_EQ(validity(kNotBefore - seconds(1)), "not yet valid, starts in 0 minutes");
  EXPECT_EQ(validity(kNotBefore - days(2)), "not yet valid, starts in 2 days");
}

TEST(ValidityTextTest, WhatIsNoDateIsSaid) {
  const CertificateBuilder parts{.not_after = tlv(der::kUtcTime, "junk")};
  EXPECT_EQ(validity(kNotBefore, parts), "validity is not a date");
  EXPECT_TRUE(has(text(parts), "(not a date)"));
}

// ---- the whole

TEST(TextTest, TellsWhatIsInTheCertificate) {
  const Octets der = test::read_certificate("every_key.pem");
  const auto parsed = CertificateView::parse(der);
  ASSERT_TRUE(parsed);
  const Octets digest = hex("00 ff 1a");
  const std::string out =
      to_text(*parsed, {.now = parsed->not_before().parse()->to_sys_seconds() + days(1),
                        .sha256 = digest,
                        .indent = "    "});
  for (const char* part :
       {"    Subject     CN=www.example.org, O=Beispiel & S\xc3\xb6hne, C=DE\n",
        "    Names       www.example.org, *.example.org, 192.0.2.7, ",
        "https://example.org/, CN=directory, ", "Registered ID 1.2.3.4",
        "othername UPN:user@example.org",
        "    Valid       2026-11-22 13:33:59 UTC to 2027-11-22 13:33:59 UTC (364 days left)\n",
        "    Issuer      CN=www.example.org", "    Key         P-256\n",
        "    Signature   ecdsa-with-SHA256\n", "    Serial      0102030405060708\n",
        "    SHA-256     00:FF:1A\n", "    OCSP        http://ocsp.example.org\n",
        "    CA issuers  http://ca.example.org/ca.crt\n",
        "    CRL         http://crl.example.org/ca.crl\n"}) {
    EXPECT_TRUE(has(out, part)) << part << "\n" << out;
  }
}

TEST(TextTest, LongListsAreWrapped) {
  Octets names;
  for (int i = 0; i < 100; ++i)
    names = concat(names, test::dns_name("host" + std::to_string(i) + ".example.org"));
  const std::string out =
      text({.extensions = test::extension(test::kSubjectAltName, sequence(names))});
  std::size_t num_lines_with_hosts = 0;
  for (std::size_t at = 0; at < out.size();) {
    const std::size_t end = out.find('\n', at);
    const std::string_view line = std::string_view(out).substr(at, end - at);
    EXPECT_LE(line.size(), 110U);
    num_lines_with_hosts += has(line, "host");
    at = end + 1;
  }
  EXPECT_GT(num_lines_with_hosts, 10U);
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(has(out, "host" + std::to_string(i) + ".example.org"));
}

TEST(TextTest, ACertificateWithoutADictIsShownAllTheSame) {
  const std::string out = text(
      {.subject = name_of(sequence()), .extensions = test::subject_alt_name(test::dns_name("a"))});
  EXPECT_TRUE(has(out, "Subject     CN=#"));
  EXPECT_TRUE(has(out, "getpeercert() cannot present it: subject: attribute value has no text"));
}

TEST(TextTest, EmptyNamesAreSaid) {
  EXPECT_TRUE(has(text({.subject = sequence()}), "Subject     (empty)\n"));
}

TEST(TextTest, ALongSerialNumberEndsInDots) {
  const std::string out = text({.serial_number = tlv(der::kInteger, Octets(36, 0x11))});
  EXPECT_TRUE(has(out, "11...\n"));
}

// A certificate is in a stranger's hand: nothing of it may steer the terminal or forge a line.
TEST(TextTest, HostileNamesNeverComeOutRaw) {
  const std::string_view hostile(
      "\x1b[2J\x1b]0;title\x07\n\r\t\x7f\0\xc2\x9b"
      "31m\xe2\x80\xae\xe2\x80\xac\xe2\x81\xa6\xe2\x81\xa9\xef\xbb\xbf\xe2\x80\xa8",
      42);
  const Octets name = name_of(tlv(der::kUtf8String, hostile));
  const Octets wide = name_of(tlv(der::kBmpString, hex("00 1b 00 5b 00 00 20 2e")));
  const Octets latin = name_of(tlv(der::kTeletexString,
                                   "\x9b"
                                   "31m\x1b\n"));
  const Octets extensions =
      concat(test::subject_alt_name(
                 test::dns_name(hostile), test::rfc822_name(hostile), test::uri(hostile),
                 test::directory_name(name), test::directory_name(wide),
                 test::other_name("1.3.6.1.4.1.311.20.2.3", tlv(der::kUtf8String, hostile))),
             test::extension(test::kAuthorityInfoAccess,
                             sequence(test::access_description(test::kOcsp, test::uri(hostile)))),
             test::extension(test::kCrlDistributionPoints,
                             sequence(test::distribution_point(test::uri(hostile)))));
  for (const Octets& subject : {name, wide, latin}) {
    const std::string out = text({.issuer = latin, .subject = subject, .extensions = extensions});
    der::StringView rest{der::Encoding::utf8,
                         Bytes(reinterpret_cast<const std::uint8_t*>(out.data()), out.size())};
    ASSERT_EQ(der::utf8_error(rest.octets), out.size());
    while (!rest.octets.empty()) {
      const char32_t c = der::next_code_point(rest);
      ASSERT_TRUE(c == '\n' || render::is_printable(c))
          << std::hex << static_cast<unsigned>(c) << "\n"
          << out;
    }
    // Each line begins as ours do: a line end in a name made none.
    for (std::size_t at = out.find('\n'); at + 1 < out.size(); at = out.find('\n', at + 1)) {
      ASSERT_EQ(out.substr(at + 1, 2), "  ") << out;
    }
  }
}

TEST(TextTest, OneNameCannotLookLikeTwo) {
  const std::string out =
      text({.extensions = test::subject_alt_name(test::dns_name("good.example, evil.example"))});
  EXPECT_NE(out.find("Names       good.example\\,\\ evil.example\n"), std::string::npos) << out;
}

// A name that the dict refuses is shown by the rest of the text; so are views that nobody checked.
TEST(TextTest, OctetsThatAreNotUtf8AreInBounds) {
  const Octets junk = set(sequence(test::oid("2.5.4.3"), tlv(der::kUtf8String, "a\xf0")));
  EXPECT_EQ(to_text(NameView(junk)), "CN=a\xef\xbf\xbd");
}

}  // namespace
}  // namespace peercert
