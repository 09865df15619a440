// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <peercert/x509/field.hpp>
#include <peercert/x509/name.hpp>

#include "support/certificate_builder.hpp"

namespace peercert {
namespace {

using test::attribute;
using test::hex;
using test::kNoError;
using test::name_of;
using test::Octets;
using test::sequence;
using test::set;
using test::tlv;

// The error of reading a Name, as text.
std::string error_of_name(const Octets& name) {
  der::Progress progress{name.data(), Field::subject};
  der::Reader in(name, progress);
  read_name(in);
  return to_string(progress.error);
}

NameView name_view(const Octets& name) {
  der::Progress progress{name.data(), Field::subject};
  der::Reader in(name, progress);
  const NameView view = read_name(in);
  EXPECT_EQ(to_string(progress.error), kNoError);
  return view;
}

TEST(NameTest, GivesRdnsAndAttributesInEncodedOrder) {
  const Octets name =
      sequence(set(attribute("2.5.4.6", tlv(der::kPrintableString, "DE"))),
               set(attribute("2.5.4.11", tlv(der::kUtf8String, "b")),  // DER would sort them
                   attribute("2.5.4.10", tlv(der::kUtf8String, "a"))),
               set());
  std::vector<std::size_t> sizes;
  std::string values;
  for (const RdnView rdn : name_view(name)) {
    sizes.push_back(static_cast<std::size_t>(std::ranges::distance(rdn)));
    for (const Attribute a : rdn) values.append(a.value.begin(), a.value.end()) += ';';
  }
  EXPECT_EQ(sizes, (std::vector<std::size_t>{1, 2, 0}));
  EXPECT_EQ(values, "DE;b;a;");

  const Attribute country = *(*name_view(name).begin()).begin();
  EXPECT_TRUE(std::ranges::equal(country.type, hex("55 04 06")));
  EXPECT_EQ(country.value_tag, der::kPrintableString);
  EXPECT_EQ(country.text().encoding, der::Encoding::latin1);
}

TEST(NameTest, MayBeEmpty) { EXPECT_TRUE(name_view(sequence()).empty()); }

// OpenSSL's B_ASN1_PRINTABLE, tag by tag.
TEST(NameTest, AdmitsTheTypesThatOpenSslAdmits) {
  const std::vector<int> admitted{3, 7, 8, 9, 11, 12, 13, 14, 15, 18, 19, 20, 22, 28, 29, 30};
  for (int number = 1; number <= 30; ++number) {
    if (number == 16 || number == 17) continue;  // SEQUENCE and SET are constructed, see below
    const auto tag = static_cast<der::Tag>(number);
    // Four zero octets are valid content of every type but these.
    const Octets content = number == 1 || number == 2 || number == 6 || number == 10 ? Octets(1)
                           : number == 5                                             ? Octets()
                                                                                     : Octets(4);
    const bool is_admitted = std::ranges::count(admitted, number) == 1;
    EXPECT_EQ(
        error_of_name(name_of(tlv(tag, content))),
        is_admitted ? kNoError : "subject: type not allowed for an attribute value at byte 11")
        << number;
  }
  EXPECT_EQ(error_of_name(name_of(sequence())), kNoError);
  EXPECT_NE(error_of_name(name_of(set())), kNoError);
  EXPECT_NE(error_of_name(name_of(tlv(der::context(12), "a"))), kNoError);
}

TEST(NameTest, StringsHaveToBeWellFormed) {
  constexpr const char* kBadCharacters = "subject: invalid characters at byte ";
  EXPECT_EQ(error_of_name(name_of(tlv(der::kUtf8String, "ab\xc0\x80"))),
            kBadCharacters + std::to_string(15));
  EXPECT_EQ(error_of_name(name_of(tlv(der::kBmpString, hex("00 41 d8 00")))),
            kBadCharacters + std::to_string(15));
  EXPECT_EQ(error_of_name(name_of(tlv(der::kUniversalString, hex("00 11 00 00")))),
            kBadCharacters + std::to_string(13));
  EXPECT_EQ(error_of_name(name_of(tlv(der::kBmpString, hex("00 41 00")))),
            "subject: string of a wrong length for its type at byte 11");
  EXPECT_EQ(error_of_name(name_of(tlv(der::kIa5String, hex("80 ff 00")))), kNoError);
  EXPECT_EQ(error_of_name(name_of(tlv(der::kUtf8String, std::string_view("a\0b", 3)))), kNoError);
}

TEST(NameTest, RefusesAnotherStructure) {
  EXPECT_EQ(error_of_name(set()), "subject: unexpected type at byte 0");
  EXPECT_EQ(error_of_name(sequence(sequence())), "subject: unexpected type at byte 2");
  EXPECT_EQ(error_of_name(sequence(set(tlv(der::kOid, "a")))),
            "subject: unexpected type at byte 4");
  EXPECT_EQ(error_of_name(sequence(set(sequence()))), "subject: missing at byte 6");
  EXPECT_EQ(error_of_name(sequence(set(sequence(test::oid("2.5.4.3"))))),
            "subject: missing at byte 11");
  EXPECT_EQ(error_of_name(sequence(set(sequence(tlv(der::kOid, ""), tlv(der::kUtf8String, "a"))))),
            "subject: malformed OBJECT IDENTIFIER at byte 6");
  const Octets value = tlv(der::kUtf8String, "a");
  EXPECT_EQ(error_of_name(sequence(set(sequence(test::oid("2.5.4.3"), value, value)))),
            "subject: more data than the type allows at byte 14");
  EXPECT_EQ(error_of_name(hex("30 02 00 00")), "subject: unexpected type at byte 2");
}

TEST(NameTest, ConstructedBitsOfTheOuterTypesAreNotLookedAt) {
  EXPECT_EQ(error_of_name(
                tlv(0x10, tlv(0x11, sequence(test::oid("2.5.4.3"), tlv(der::kUtf8String, "a"))))),
            kNoError);
}

TEST(NameTest, EndsAtOneMebibyte) {
  const auto name_with = [](std::size_t value_len) {
    return name_of(tlv(der::kUtf8String, Octets(value_len, 'a')));
  };
  const std::size_t overhead = name_with(1 << 19).size() - (1 << 19);
  EXPECT_EQ(name_with(kMaxNameLen - overhead).size(), kMaxNameLen);
  EXPECT_EQ(error_of_name(name_with(kMaxNameLen - overhead)), kNoError);
  EXPECT_EQ(error_of_name(name_with(kMaxNameLen - overhead + 1)),
            "subject: name over 1 MiB at byte 0");
}

TEST(NameTest, OverUncheckedOctetsAttributesAreEmpty) {
  const Octets junk = hex("31 04 30 02 06 05");
  for (const RdnView rdn : NameView(junk)) {
    for (const Attribute a : rdn) {
      EXPECT_TRUE(a.type.empty());
      EXPECT_TRUE(a.value.empty());
    }
  }
}

}  // namespace
}  // namespace peercert
