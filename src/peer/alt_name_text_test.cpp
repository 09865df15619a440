// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include <peercert/peer/alt_name_text.hpp>

#include "support/certificate_builder.hpp"

namespace peercert {
namespace {

using test::concat;
using test::hex;
using test::Octets;
using test::oid_content;
using test::tlv;

// "kind=value", or "kind: error".
std::string text_of(const Octets& octets) {
  der::Progress progress{octets.data()};
  der::Reader in(octets, progress);
  const GeneralName name = read_general_name(in);
  EXPECT_EQ(to_string(progress.error), "no error");
  const AltNameText text(name);
  std::string out(text.kind());
  if (text.error() != Errc::ok) return out.append(": ").append(to_string(text.error()));
  const Bytes value = text.text().octets;
  return out.append("=").append(text.prefix()).append(value.begin(), value.end());
}

TEST(AltNameTextTest, StringsAreUtf8) {
  EXPECT_EQ(text_of(test::dns_name("example.org")), "DNS=example.org");
  EXPECT_EQ(text_of(test::rfc822_name("a@b")), "email=a@b");
  EXPECT_EQ(text_of(test::uri("https://b\xc3\xa9")), "URI=https://b\xc3\xa9");
  EXPECT_EQ(text_of(test::dns_name("")), "DNS=");
  EXPECT_EQ(text_of(test::dns_name(std::string_view("a\0b", 3))), std::string("DNS=a\0b", 7));
  EXPECT_EQ(text_of(test::dns_name("\xe9")), "DNS: invalid characters");  // Latin-1
  EXPECT_EQ(text_of(test::rfc822_name("\xed\xa0\x80")), "email: invalid characters");
  EXPECT_EQ(text_of(test::uri("a\xc0\x80")), "URI: invalid characters");
}

TEST(AltNameTextTest, AddressesAreNotAbbreviated) {
  const auto address = [](const char* octets) { return text_of(test::ip_address(hex(octets))); };
  EXPECT_EQ(address("c0 00 02 07"), "IP Address=192.0.2.7");
  EXPECT_EQ(address("ff ff ff ff"), "IP Address=255.255.255.255");
  EXPECT_EQ(address("00 00 00 00"), "IP Address=0.0.0.0");
  EXPECT_EQ(address("00000000000000000000000000000001"), "IP Address=0:0:0:0:0:0:0:1");
  EXPECT_EQ(address("20010db800000000000a00bcdef01234"), "IP Address=2001:DB8:0:0:A:BC:DEF0:1234");
  EXPECT_EQ(address("00000000000000000000ffffc0000207"), "IP Address=0:0:0:0:0:FFFF:C000:207");
  EXPECT_EQ(address("abcdabcdabcdabcdabcdabcdabcdabcd"),
            "IP Address=ABCD:ABCD:ABCD:ABCD:ABCD:ABCD:ABCD:ABCD");
  for (const std::size_t len : {0U, 1U, 3U, 5U, 8U, 15U, 17U, 32U})
    EXPECT_EQ(text_of(test::ip_address(Octets(len))), "IP Address=<invalid>") << len;
}

TEST(AltNameTextTest, RegisteredIdsHaveTheirNames) {
  EXPECT_EQ(text_of(test::registered_id(oid_content("1.2.3.4.5"))), "Registered ID=1.2.3.4.5");
  EXPECT_EQ(text_of(test::registered_id(oid_content("2.5.4.3"))), "Registered ID=commonName");
}

// "1.2", then as many times ".127", four characters for an octet, then more.
Octets long_oid(std::size_t num_arcs, const char* more) {
  return concat(hex("2a"), Octets(num_arcs, 127), hex(more));
}

std::string long_text(std::size_t num_arcs, std::string_view more) {
  std::string text = "1.2";
  for (std::size_t i = 0; i < num_arcs; ++i) text += ".127";
  return text.append(more);
}

TEST(AltNameTextTest, RegisteredIdsEndWherePythonsBufferEnds) {
  ASSERT_EQ(long_text(511, "").size(), 2047U);
  EXPECT_EQ(text_of(test::registered_id(long_oid(510, "0c"))),
            "Registered ID=" + long_text(510, ".12"));  // 2046 characters
  const std::string cut = "Registered ID=" + long_text(510, ".12") + '\0';
  EXPECT_EQ(text_of(test::registered_id(long_oid(511, ""))), cut);  // the last of 2047 is lost
  EXPECT_EQ(text_of(test::registered_id(long_oid(510, "01 0c"))), "Registered ID=<INVALID>");
  EXPECT_EQ(text_of(test::registered_id(long_oid(585, ""))), "Registered ID=<INVALID>");
  EXPECT_EQ(text_of(test::registered_id(long_oid(586, ""))),
            "Registered ID: OBJECT IDENTIFIER over 586 octets");
}

TEST(AltNameTextTest, KindsThatPythonDoesNotPrint) {
  EXPECT_EQ(text_of(tlv(der::context_constructed(3), "")), "X400Name=<unsupported>");
  const Octets party = tlv(der::context_constructed(1), tlv(der::kUtf8String, "a"));
  EXPECT_EQ(text_of(tlv(der::context_constructed(5), party)), "EdiPartyName=<unsupported>");
  EXPECT_EQ(text_of(test::directory_name(test::common_name("a"))), "DirName=");
}

constexpr std::string_view kUpn = "1.3.6.1.4.1.311.20.2.3";
constexpr std::string_view kSrvName = "1.3.6.1.5.5.7.8.7";

std::string upn(std::string_view value) {
  return text_of(test::other_name(kUpn, tlv(der::kUtf8String, value)));
}

TEST(AltNameTextTest, FiveOtherNamesAreKnown) {
  const auto other_name = [](std::string_view type_id, der::Tag tag) {
    return text_of(test::other_name(type_id, tlv(tag, "value")));
  };
  EXPECT_EQ(other_name(kUpn, der::kUtf8String), "othername=UPN:value");
  EXPECT_EQ(other_name("1.3.6.1.5.5.7.8.9", der::kUtf8String), "othername=SmtpUTF8Mailbox:value");
  EXPECT_EQ(other_name("1.3.6.1.5.5.7.8.5", der::kUtf8String), "othername=XmppAddr:value");
  EXPECT_EQ(other_name("1.3.6.1.5.5.7.8.8", der::kUtf8String), "othername=NAIRealm:value");
  EXPECT_EQ(other_name(kSrvName, der::kIa5String), "othername=SRVName:value");
  EXPECT_EQ(other_name(kSrvName, der::kUtf8String), "othername=<unsupported>");
  EXPECT_EQ(other_name(kUpn, der::kIa5String), "othername=<unsupported>");
  EXPECT_EQ(other_name("1.3.6.1.5.5.7.8.6", der::kUtf8String), "othername=<unsupported>");
}

TEST(AltNameTextTest, OtherNamesEndAtTheFirstNulOrNewline) {
  EXPECT_EQ(upn(std::string_view("a\0b", 3)), "othername=UPN:a");
  EXPECT_EQ(upn("a\nb"), "othername=UPN:a\n");
  EXPECT_EQ(upn(std::string_view("a\0b\n", 4)), "othername=UPN:a");
  EXPECT_EQ(upn(std::string_view("a\nb\0", 4)), "othername=UPN:a\n");
  EXPECT_EQ(upn(std::string_view("\0", 1)), "othername=UPN:");
  EXPECT_EQ(upn(""), "othername=UPN:");
}

TEST(AltNameTextTest, OtherNamesEndAfter2046Characters) {
  const std::string label = "othername:UPN:";
  for (const std::size_t len : {2031U, 2032U, 2033U, 2047U, 2048U, 10000U}) {
    const std::string kept(std::min<std::size_t>(len, 2046 - label.size()), 'x');
    EXPECT_EQ(upn(std::string(len, 'x')), "othername=UPN:" + kept) << len;
  }
  EXPECT_EQ(upn(std::string(2031, 'x') + "\nrest"),
            "othername=UPN:" + std::string(2031, 'x') + "\n");
  EXPECT_EQ(upn(std::string(2032, 'x') + "\n"), "othername=UPN:" + std::string(2032, 'x'));
}

TEST(AltNameTextTest, OtherNamesAreUtf8AfterTheCut) {
  EXPECT_EQ(upn("\xff"), "othername: invalid characters");
  EXPECT_EQ(upn("a\n\xff"), "othername=UPN:a\n");
  EXPECT_EQ(upn(std::string(2031, 'x') + "\xc3\xa9"),
            "othername: invalid characters");  // cut in it
  EXPECT_EQ(upn(std::string(2030, 'x') + "\xc3\xa9"),
            "othername=UPN:" + std::string(2030, 'x') + "\xc3\xa9");
}

// Nobody has checked a GeneralName that a caller made.
TEST(AltNameTextTest, OverUncheckedOctetsThereIsAnError) {
  EXPECT_EQ(AltNameText(GeneralName{GeneralNameType::registered_id, {}}).error(), Errc::bad_oid);
  EXPECT_EQ(AltNameText(GeneralName{GeneralNameType::registered_id, hex("2a 80")}).error(),
            Errc::bad_oid);
  EXPECT_EQ(AltNameText(GeneralName{static_cast<GeneralNameType>(31), {}}).kind(), "");
}

}  // namespace
}  // namespace peercert
