// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include <peercert/x509/extension.hpp>
#include <peercert/x509/field.hpp>

#include "support/certificate_builder.hpp"

namespace peercert {
namespace {

using test::access_description;
using test::concat;
using test::distribution_point;
using test::dns_name;
using test::hex;
using test::kNoError;
using test::Octets;
using test::oid;
using test::sequence;
using test::tlv;
using test::uri;

std::string error_of_extensions(const Octets& tagged) {
  der::Progress progress{tagged.data(), Field::extensions};
  der::Reader in(tagged, progress);
  ExtensionIndex index;
  read_extensions(in, index);
  return to_string(progress.error);
}

std::string error_of_extension(const Octets& fields) {
  return error_of_extensions(
      tlv(der::context_constructed(3), sequence(tlv(der::kSequence, fields))));
}

TEST(ExtensionsTest, GivesThemInEncodedOrder) {
  const Octets value = tlv(der::kOctetString, hex("05 00"));
  const Octets tagged =
      tlv(der::context_constructed(3), sequence(sequence(oid("2.5.29.19"), hex("01 01 ff"), value),
                                                sequence(oid("2.5.29.19"), hex("01 01 00"), value),
                                                sequence(oid("2.5.29.19"), hex("01 01 01"), value),
                                                sequence(oid("2.5.29.15"), value)));
  der::Progress progress{tagged.data()};
  der::Reader in(tagged, progress);
  ExtensionIndex index;
  const ExtensionsView extensions = read_extensions(in, index);
  ASSERT_FALSE(in.failed());
  std::string criticality;
  for (const Extension extension : extensions) {
    EXPECT_TRUE(std::ranges::equal(extension.value, hex("05 00")));
    criticality += extension.critical ? 'c' : '-';
  }
  EXPECT_EQ(criticality, "c-c-");
  EXPECT_TRUE(std::ranges::equal((*extensions.begin()).oid, hex("55 1d 13")));
}

TEST(ExtensionsTest, MayBeAnEmptySequenceButNotNothing) {
  EXPECT_EQ(error_of_extensions(hex("a3 02 30 00")), kNoError);
  EXPECT_EQ(error_of_extensions(hex("a3 00")), "extensions: missing at byte 2");
  EXPECT_EQ(error_of_extensions(hex("a3 04 30 00 30 00")),
            "extensions: more data than the type allows at byte 4");
  EXPECT_EQ(error_of_extensions(hex("a3 02 10 00")), kNoError);  // SEQUENCE OF: either form
  EXPECT_EQ(error_of_extensions(hex("83 02 30 00")), "extensions: unexpected type at byte 0");
}

TEST(ExtensionsTest, EachHasTheFieldsOfItsSequence) {
  const Octets value = tlv(der::kOctetString, "");
  EXPECT_EQ(error_of_extension(concat(oid("1.2"), value)), kNoError);
  EXPECT_EQ(error_of_extension({}), "extensions: missing at byte 6");
  EXPECT_EQ(error_of_extension(oid("1.2")), "extensions: missing at byte 9");
  EXPECT_EQ(error_of_extension(concat(oid("1.2"), hex("01 01 ff"))),
            "extensions: missing at byte 12");
  EXPECT_EQ(error_of_extension(concat(oid("1.2"), hex("01 00"), value)),
            "extensions: malformed BOOLEAN at byte 9");
  EXPECT_EQ(error_of_extension(concat(oid("1.2"), hex("01 02 00 00"), value)),
            "extensions: malformed BOOLEAN at byte 9");
  EXPECT_EQ(error_of_extension(concat(oid("1.2"), hex("03 01 00"))),
            "extensions: unexpected type at byte 9");
  EXPECT_EQ(error_of_extension(concat(oid("1.2"), value, value)),
            "extensions: more data than the type allows at byte 11");
  EXPECT_EQ(error_of_extension(concat(hex("06 00"), value)),
            "extensions: malformed OBJECT IDENTIFIER at byte 6");
  EXPECT_EQ(error_of_extensions(hex("a3 04 30 02 31 00")), "extensions: unexpected type at byte 4");
}

TEST(ExtensionsTest, OverUncheckedOctetsFieldsAreEmpty) {
  for (const char* junk : {"30 00", "30 01 06", "30 02 06 05", "30 03 06 01 2a", "02 01 05"}) {
    const Octets octets = hex(junk);
    for (const Extension extension : ExtensionsView(octets)) {
      EXPECT_TRUE(extension.value.empty()) << junk;
      EXPECT_FALSE(extension.critical) << junk;
    }
  }
}

template <class View>
std::string error_text(const Result<View>& result) {
  return to_string(result.error());
}

TEST(SubjectAltNameTest, ReadsGeneralNames) {
  const Octets value = sequence(dns_name("a"), uri("b"));
  const auto names = parse_subject_alt_name(value);
  ASSERT_TRUE(names);
  EXPECT_EQ(std::ranges::distance(*names), 2);
  EXPECT_EQ((*names->begin()).type, GeneralNameType::dns_name);
}

TEST(SubjectAltNameTest, MayBeEmptyAndMayBeFollowed) {
  const auto empty = parse_subject_alt_name(hex("30 00"));
  ASSERT_TRUE(empty);
  EXPECT_TRUE(empty->empty());
  EXPECT_TRUE(parse_subject_alt_name(hex("30 00 ff ff ff")));
  EXPECT_TRUE(parse_subject_alt_name(hex("10 00")));
}

TEST(SubjectAltNameTest, OneMalformedNameLosesAll) {
  EXPECT_EQ(error_text(parse_subject_alt_name({})), "subjectAltName: missing at byte 0");
  EXPECT_EQ(error_text(parse_subject_alt_name(hex("31 00"))),
            "subjectAltName: unexpected type at byte 0");
  EXPECT_EQ(error_text(parse_subject_alt_name(hex("30 05 82"))),
            "subjectAltName: truncated: an element is longer than what holds it at byte 0");
  EXPECT_EQ(error_text(parse_subject_alt_name(sequence(dns_name("a"), hex("89 00")))),
            "subjectAltName: unexpected type at byte 5");
  EXPECT_EQ(error_text(parse_subject_alt_name(sequence(dns_name("a"), hex("00 00")))),
            "subjectAltName: unexpected type at byte 5");
}

TEST(AuthorityInfoAccessTest, ReadsMethodsAndLocations) {
  const Octets value = sequence(access_description(test::kOcsp, uri("http://o")),
                                access_description(test::kCaIssuers, dns_name("d")));
  const auto access = parse_authority_info_access(value);
  ASSERT_TRUE(access);
  EXPECT_EQ(std::ranges::distance(*access), 2);
  const AccessDescription first = *access->begin();
  EXPECT_TRUE(std::ranges::equal(first.access_method, test::oid_content(test::kOcsp)));
  EXPECT_EQ(first.access_location.type, GeneralNameType::uniform_resource_identifier);
  EXPECT_TRUE(std::ranges::equal(first.access_location.value, test::octets("http://o")));
}

TEST(AuthorityInfoAccessTest, OneMalformedDescriptionLosesAll) {
  const auto error = [](const Octets& description) {
    const Octets value = sequence(access_description("1.2", uri("a")), description);
    return error_text(parse_authority_info_access(value));
  };
  EXPECT_EQ(error(sequence(oid("1.2"), uri("b"))), kNoError);
  EXPECT_EQ(error(sequence(oid("1.2"))), "authorityInfoAccess: missing at byte 15");
  EXPECT_EQ(error(sequence(uri("b"))), "authorityInfoAccess: unexpected type at byte 12");
  EXPECT_EQ(error(sequence(oid("1.2"), uri("b"), uri("c"))),
            "authorityInfoAccess: more data than the type allows at byte 18");
  EXPECT_EQ(error(sequence(oid("1.2"), hex("04 00"))),
            "authorityInfoAccess: unexpected type at byte 15");
  EXPECT_EQ(error(test::set(oid("1.2"), uri("b"))),
            "authorityInfoAccess: unexpected type at byte 10");
}

std::string full_names(const Octets& value) {
  const auto points = parse_crl_distribution_points(value);
  if (!points) return to_string(points.error());
  std::string out;
  for (const DistributionPoint point : *points) {
    out += '|';
    for (const GeneralName name : point.full_name) {
      out.append(name.value.begin(), name.value.end());
      out += ';';
    }
  }
  return out;
}

// DistributionPointName [0] of a nameRelativeToCRLIssuer [1].
Octets relative_point(const Octets& attributes) {
  return sequence(tlv(der::context_constructed(0), tlv(der::context_constructed(1), attributes)));
}

TEST(CrlDistributionPointsTest, GivesFullNames) {
  const Octets relative = relative_point(test::attribute("2.5.4.3", tlv(der::kUtf8String, "x")));
  EXPECT_EQ(full_names(sequence(distribution_point(uri("a"), uri("b")), distribution_point(),
                                relative, distribution_point(uri("c")))),
            "|a;b;|||c;");
  EXPECT_EQ(full_names(sequence()), "");
}

// Python's CVE-2019-5010 was a crash on the first of these.
TEST(CrlDistributionPointsTest, EveryFieldOfAPointMayBeAbsent) {
  const Octets reasons = tlv(der::context(1), hex("01 fe"));
  const Octets crl_issuer = tlv(der::context_constructed(2), uri("issuer"));
  EXPECT_EQ(full_names(sequence(sequence())), "|");
  EXPECT_EQ(full_names(sequence(sequence(reasons))), "|");
  EXPECT_EQ(full_names(sequence(sequence(crl_issuer))), "|");
  EXPECT_EQ(full_names(sequence(sequence(reasons, crl_issuer))), "|");
}

TEST(CrlDistributionPointsTest, OneMalformedPointLosesAll) {
  const auto error = [](const Octets& point) {
    const std::string text = full_names(sequence(distribution_point(uri("a")), point));
    return text.starts_with('|') ? std::string(kNoError) : text;
  };
  const Octets name = tlv(der::context_constructed(0), tlv(der::context_constructed(0), uri("b")));
  EXPECT_EQ(error(sequence(name)), kNoError);
  EXPECT_EQ(error(sequence(tlv(der::context_constructed(0), ""))),
            "cRLDistributionPoints: missing at byte 15");
  EXPECT_EQ(error(sequence(tlv(der::context_constructed(0), uri("b")))),
            "cRLDistributionPoints: unexpected type at byte 15");
  EXPECT_EQ(error(sequence(tlv(der::context(0), tlv(der::context_constructed(0), uri("b"))))),
            "cRLDistributionPoints: unexpected type at byte 13");
  EXPECT_EQ(error(sequence(name, name)),
            "cRLDistributionPoints: more data than the type allows at byte 20");
  EXPECT_EQ(error(sequence(tlv(der::context(1), hex("08 00")))),
            "cRLDistributionPoints: malformed BIT STRING at byte 13");
  EXPECT_EQ(error(sequence(tlv(der::context_constructed(2), hex("89 00")))),
            "cRLDistributionPoints: unexpected type at byte 15");
  EXPECT_EQ(error(relative_point(hex("31 00"))),
            "cRLDistributionPoints: unexpected type at byte 17");
}

// OpenSSL reads the attributes there but makes no canonical name of them: nobody checks the
// characters.
TEST(CrlDistributionPointsTest, ARelativeNameMayHoldAnyCharacters) {
  const Octets relative = relative_point(test::attribute("2.5.4.3", tlv(der::kUtf8String, "\xff")));
  EXPECT_EQ(full_names(sequence(relative, distribution_point(uri("a")))), "||a;");
}

TEST(CrlDistributionPointsTest, OverUncheckedOctetsThereAreNoNames) {
  for (const char* junk :
       {"30 00", "30 02 a0 05", "30 02 a0 00", "30 04 a0 02 a0 05", "02 01 00"}) {
    const Octets octets = hex(junk);
    for (const DistributionPoint point : CrlDistributionPointsView(octets)) {
      EXPECT_TRUE(point.full_name.empty()) << junk;
    }
  }
}

}  // namespace
}  // namespace peercert
