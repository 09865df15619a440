// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include <peercert/x509/general_name.hpp>

#include "support/certificate_builder.hpp"

namespace peercert {
namespace {

using test::concat;
using test::hex;
using test::kNoError;
using test::Octets;
using test::oid;
using test::oid_content;
using test::sequence;
using test::tlv;

std::string error_of_general_name(const Octets& name) {
  der::Progress progress{name.data()};
  der::Reader in(name, progress);
  read_general_name(in);
  return to_string(progress.error);
}

GeneralName read(const Octets& name) {
  der::Progress progress{name.data()};
  der::Reader in(name, progress);
  const GeneralName out = read_general_name(in);
  EXPECT_EQ(to_string(progress.error), kNoError);
  return out;
}

const Octets utf8_value = tlv(der::kUtf8String, "a");
constexpr std::string_view kUpn = "1.3.6.1.4.1.311.20.2.3";

Octets edi_party_name(const Octets& fields) { return tlv(der::context_constructed(5), fields); }
Octets x400_address(const Octets& fields) { return tlv(der::context_constructed(3), fields); }

TEST(GeneralNameTest, ReadsAllNineKinds) {
  const Octets names[] = {
      test::other_name(kUpn, utf8_value),
      test::rfc822_name("a@example.org"),
      test::dns_name("example.org"),
      x400_address(hex("30 00")),
      test::directory_name(test::common_name("a")),
      edi_party_name(tlv(der::context_constructed(1), utf8_value)),
      test::uri("https://example.org/"),
      test::ip_address(hex("7f 00 00 01")),
      test::registered_id(oid_content("1.2.3")),
  };
  for (std::size_t i = 0; i < std::size(names); ++i) {
    const GeneralName name = read(names[i]);
    EXPECT_EQ(static_cast<std::size_t>(name.type), i);
    EXPECT_TRUE(std::ranges::equal(name.value, Bytes(names[i]).subspan(2))) << i;
  }
}

TEST(GeneralNameTest, StringsMayHoldAnyOctets) {
  EXPECT_EQ(error_of_general_name(test::dns_name("")), kNoError);
  EXPECT_EQ(error_of_general_name(test::dns_name("\xff\n")), kNoError);
  EXPECT_EQ(error_of_general_name(test::ip_address(hex("01 02 03"))), kNoError);
  EXPECT_EQ(error_of_general_name(x400_address(hex("ff ff"))), kNoError);  // not looked into
}

TEST(GeneralNameTest, OtherNameHasATypeAndAValue) {
  const Octets octets = test::other_name(kUpn, utf8_value);
  const OtherName name = read(octets).other_name();
  EXPECT_TRUE(std::ranges::equal(name.type_id, oid_content(kUpn)));
  EXPECT_EQ(name.value_tag, der::kUtf8String);
  EXPECT_TRUE(std::ranges::equal(name.value, test::octets("a")));

  const auto other_name = [](const Octets& fields) {
    return error_of_general_name(tlv(der::context_constructed(0), fields));
  };
  const Octets tagged = tlv(der::context_constructed(0), utf8_value);
  EXPECT_EQ(other_name(concat(oid("1.2"), tagged)), kNoError);
  EXPECT_EQ(other_name({}), "missing at byte 2");
  EXPECT_EQ(other_name(oid("1.2")), "missing at byte 5");
  EXPECT_EQ(other_name(concat(tlv(der::kOid, ""), tagged)),
            "malformed OBJECT IDENTIFIER at byte 2");
  EXPECT_EQ(other_name(concat(oid("1.2"), utf8_value)), "unexpected type at byte 5");
  EXPECT_EQ(other_name(concat(oid("1.2"), tlv(der::context_constructed(0), ""))),
            "missing at byte 7");
  EXPECT_EQ(other_name(concat(oid("1.2"), tagged, utf8_value)),
            "more data than the type allows at byte 10");
  EXPECT_EQ(other_name(concat(oid("1.2"),
                              tlv(der::context_constructed(0), concat(utf8_value, utf8_value)))),
            "more data than the type allows at byte 10");
  EXPECT_EQ(other_name(concat(oid("1.2"), tlv(der::context_constructed(0), hex("02 00")))),
            "malformed INTEGER at byte 7");
}

// An EXPLICIT tag holds any element, and OpenSSL does not take these octets for an end there.
TEST(GeneralNameTest, OtherNameMayHoldTwoZeroOctets) {
  EXPECT_EQ(error_of_general_name(test::other_name("1.2", hex("00 00"))), kNoError);
}

TEST(GeneralNameTest, DirectoryNameIsOneName) {
  const Octets octets = test::directory_name(test::common_name("a"));
  const NameView name = read(octets).directory_name();
  EXPECT_EQ(std::ranges::distance(name), 1);
  EXPECT_TRUE(read(test::directory_name(sequence())).directory_name().empty());

  EXPECT_EQ(error_of_general_name(test::directory_name({})), "missing at byte 2");
  EXPECT_EQ(error_of_general_name(test::directory_name(concat(sequence(), sequence()))),
            "more data than the type allows at byte 4");
  EXPECT_EQ(error_of_general_name(test::directory_name(test::common_name("\xff"))),
            "invalid characters at byte 15");
}

TEST(GeneralNameTest, EdiPartyNameHasAParty) {
  const Octets assigner = tlv(der::context_constructed(0), utf8_value);
  const Octets party = tlv(der::context_constructed(1), utf8_value);
  EXPECT_EQ(error_of_general_name(edi_party_name(party)), kNoError);
  EXPECT_EQ(error_of_general_name(edi_party_name(concat(assigner, party))), kNoError);
  EXPECT_EQ(error_of_general_name(edi_party_name(assigner)), "missing at byte 7");
  EXPECT_EQ(error_of_general_name(edi_party_name({})), "missing at byte 2");
  EXPECT_EQ(error_of_general_name(edi_party_name(concat(party, assigner))),
            "more data than the type allows at byte 7");
  EXPECT_EQ(error_of_general_name(edi_party_name(tlv(der::context(1), utf8_value))),
            "unexpected type at byte 2");
}

TEST(GeneralNameTest, EdiPartyNameIsADirectoryString) {
  const auto party = [](const Octets& string) {
    return error_of_general_name(edi_party_name(tlv(der::context_constructed(1), string)));
  };
  for (const der::Tag tag : {der::kPrintableString, der::kTeletexString, der::kUtf8String})
    EXPECT_EQ(party(tlv(tag, "\xff")), kNoError);  // characters are not checked here
  EXPECT_EQ(party(tlv(der::kBmpString, hex("d8 00"))), kNoError);
  EXPECT_EQ(party(tlv(der::kBmpString, hex("d8"))),
            "string of a wrong length for its type at byte 4");
  EXPECT_EQ(party(tlv(der::kIa5String, "a")), "unexpected type at byte 4");
  EXPECT_EQ(party(sequence()), "unexpected type at byte 4");
  EXPECT_EQ(party(concat(utf8_value, utf8_value)), "more data than the type allows at byte 7");
  EXPECT_EQ(party({}), "missing at byte 4");
}

TEST(GeneralNameTest, RegisteredIdIsAnOid) {
  EXPECT_EQ(error_of_general_name(test::registered_id({})),
            "malformed OBJECT IDENTIFIER at byte 0");
  EXPECT_EQ(error_of_general_name(test::registered_id(hex("80 01"))),
            "malformed OBJECT IDENTIFIER at byte 0");
}

TEST(GeneralNameTest, EachKindHasOneForm) {
  for (const int number : {0, 3, 4, 5})
    EXPECT_EQ(error_of_general_name(tlv(der::context(number), "")), "unexpected type at byte 0")
        << number;
  for (const int number : {1, 2, 6, 7}) {
    EXPECT_EQ(error_of_general_name(tlv(der::context_constructed(number), "")),
              "BER, not DER: string in segments at byte 0")
        << number;
  }
  EXPECT_EQ(error_of_general_name(tlv(der::context_constructed(8), "")),
            "unexpected type at byte 0");
  for (const int number : {9, 30, 31}) {
    const Octets name = number == 31 ? hex("9f 1f 00") : tlv(der::context(number), "");
    EXPECT_EQ(error_of_general_name(name), "unexpected type at byte 0") << number;
  }
  EXPECT_EQ(error_of_general_name(tlv(der::kIa5String, "example.org")),
            "unexpected type at byte 0");
  EXPECT_EQ(error_of_general_name(tlv(0x42, "example.org")),
            "unexpected type at byte 0");  // [APPLICATION 2]
}

TEST(GeneralNameTest, PartsOfOtherKindsAreEmpty) {
  const Octets octets = test::dns_name("example.org");
  EXPECT_TRUE(read(octets).directory_name().empty());
  EXPECT_TRUE(read(octets).other_name().type_id.empty());
}

TEST(GeneralNameTest, OverUncheckedOctetsPartsAreEmpty) {
  for (const char* junk : {"", "06", "06 01 2a", "06 01 2a a0 00", "06 01 2a a0 02 0c 05"}) {
    const Octets octets = hex(junk);
    const GeneralName name{GeneralNameType::other_name, octets};
    EXPECT_TRUE(name.other_name().type_id.empty()) << junk;
    const GeneralName directory_name{GeneralNameType::directory_name, octets};
    EXPECT_EQ(std::ranges::distance(directory_name.directory_name()), 0) << junk;
  }
}

TEST(GeneralNamesTest, ReadsThemUnderAnyTag) {
  const Octets names = concat(test::dns_name("a"), test::dns_name("b"));
  for (const der::Tag tag :
       {der::kSequence, der::context_constructed(0), der::context_constructed(2)}) {
    const Octets octets = tlv(tag, names);
    der::Progress progress{octets.data()};
    der::Reader in(octets, progress);
    EXPECT_EQ(std::ranges::distance(read_general_names(in, tag)), 2);
    EXPECT_FALSE(in.failed());
  }
}

}  // namespace
}  // namespace peercert
