// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <peercert/peer/peer_cert.hpp>
#include <peercert/x509/extensions/crl_distribution_points.hpp>
#include <peercert/x509/extensions/info_access.hpp>
#include <peercert/x509/extensions/subject_alt_name.hpp>
#include <peercert/x509/field.hpp>

#include "support/certificate_builder.hpp"
#include "support/testdata.hpp"

namespace peercert {
namespace {

using test::access_description;
using test::CertificateBuilder;
using test::common_name;
using test::concat;
using test::directory_name;
using test::distribution_point;
using test::dns_name;
using test::extension;
using test::hex;
using test::name_of;
using test::Octets;
using test::sequence;
using test::subject_alt_name;
using test::tlv;
using test::uri;

Result<PeerCert> decode(const CertificateBuilder& parts) {
  const Octets der = parts.build();
  const auto parsed = CertificateView::parse(der);
  EXPECT_TRUE(parsed) << to_string(parsed.error());
  return to_peer_cert(*parsed);
}

PeerCert dict(const CertificateBuilder& parts) {
  const Result<PeerCert> cert = decode(parts);
  EXPECT_TRUE(cert) << to_string(cert.error());
  return *cert;
}

Error error_of(const CertificateBuilder& parts) { return decode(parts).error(); }

using Strings = std::vector<std::string>;

DistinguishedName cn(const std::string& value) { return {{{"commonName", value}}}; }

// ---- names

TEST(PeerCertTest, HasTheFixedKeys) {
  const PeerCert cert = dict({});
  EXPECT_EQ(cert.subject, cn("example.org"));
  EXPECT_EQ(cert.issuer, cn("Test CA"));
  EXPECT_EQ(cert.version, 3);
  EXPECT_EQ(cert.serial_number, "1234");
  EXPECT_EQ(cert.not_before, "Jan  1 00:00:00 2026 GMT");
  EXPECT_EQ(cert.not_after, "Jan  1 00:00:00 2027 GMT");
  EXPECT_FALSE(cert.empty());
  EXPECT_TRUE(PeerCert().empty());
}

TEST(PeerCertTest, OptionalKeysMayBeAbsent) {
  const PeerCert cert = dict({});
  EXPECT_FALSE(cert.subject_alt_name);
  EXPECT_FALSE(cert.ocsp);
  EXPECT_FALSE(cert.ca_issuers);
  EXPECT_FALSE(cert.crl_distribution_points);
}

TEST(PeerCertTest, NamesKeepTheirShapeLessEmptyRdns) {
  const Octets a = test::attribute("2.5.4.3", tlv(der::kUtf8String, "a"));
  const Octets b = test::attribute("1.2.3.4", tlv(der::kPrintableString, "b"));
  const PeerCert cert =
      dict({.issuer = sequence(), .subject = sequence(test::set(a, b), test::set(), test::set(b))});
  EXPECT_EQ(cert.subject,
            (DistinguishedName{{{"commonName", "a"}, {"1.2.3.4", "b"}}, {{"1.2.3.4", "b"}}}));
  EXPECT_EQ(cert.issuer, DistinguishedName{});
}

TEST(PeerCertTest, ValuesBecomeUtf8) {
  const auto subject = [](const Octets& value) {
    return dict({.subject = name_of(value)}).subject;
  };
  EXPECT_EQ(subject(tlv(der::kUtf8String, "S\xc3\xb6hne")), cn("S\xc3\xb6hne"));
  for (const der::Tag tag :
       {der::kNumericString, der::kPrintableString, der::kTeletexString, der::kIa5String})
    EXPECT_EQ(subject(tlv(tag, "\x80\xe9\xff")), cn("\xc2\x80\xc3\xa9\xc3\xbf"));
  EXPECT_EQ(subject(tlv(der::kBmpString, hex("00 41 20 ac ff fe"))),
            cn("A\xe2\x82\xac\xef\xbf\xbe"));
  EXPECT_EQ(subject(tlv(der::kUniversalString, hex("00 01 f5 12"))), cn("\xf0\x9f\x94\x92"));
  EXPECT_EQ(subject(tlv(der::kUtf8String, "")), cn(""));
  EXPECT_EQ(subject(tlv(der::kUtf8String, std::string_view("a\0\n", 3))),
            cn(std::string("a\0\n", 3)));
}

TEST(PeerCertTest, BitStringsAreOctetsOrNothing) {
  const auto value = [](const char* content) {
    return dict({.subject = name_of(tlv(der::kBitString, hex(content)))}).subject[0][0].value;
  };
  EXPECT_EQ(value("00 ab cd"), AttributeValue(BitStringOctets{0xab, 0xcd}));
  EXPECT_EQ(value("04 ab cf"), AttributeValue(BitStringOctets{0xab, 0xc0}));
  EXPECT_EQ(value("00"), AttributeValue(std::monostate()));
}

TEST(PeerCertTest, ValuesWithoutTextHaveNoDict) {
  for (const int tag : {7, 8, 9, 11, 13, 14, 15, 29}) {
    const Octets name = name_of(tlv(static_cast<der::Tag>(tag), ""));
    EXPECT_EQ(error_of({.subject = name}).code, Errc::unsupported_value) << tag;
    EXPECT_EQ(error_of({.issuer = name}).field, Field::issuer) << tag;
  }
  EXPECT_EQ(to_string(error_of({.subject = name_of(sequence())})).substr(0, 36),
            "subject: attribute value has no text");
}

TEST(PeerCertTest, TypesOver586OctetsHaveNoDict) {
  const auto subject = [](std::size_t len) {
    const Octets type = tlv(der::kOid, concat(hex("2a"), Octets(len - 1, 1)));
    return CertificateBuilder{.subject =
                                  sequence(test::set(sequence(type, tlv(der::kUtf8String, ""))))};
  };
  EXPECT_EQ(error_of(subject(587)).code, Errc::oid_too_long);
  EXPECT_EQ(error_of(subject(587)).field, Field::subject);
  EXPECT_TRUE(decode(subject(586)));
}

// ---- subjectAltName

std::vector<AltName> alt_names(const Octets& extension) {
  const PeerCert cert = dict({.extensions = extension});
  EXPECT_TRUE(cert.subject_alt_name);
  return cert.subject_alt_name.value_or(std::vector<AltName>{});
}

TEST(PeerCertTest, AltNamesKeepOrderAndDuplicates) {
  EXPECT_EQ(alt_names(subject_alt_name(dns_name("b"), dns_name("a"), dns_name("b"),
                                       directory_name(common_name("d")),
                                       test::ip_address(hex("7f000001")))),
            (std::vector<AltName>{{"DNS", "b", {}},
                                  {"DNS", "a", {}},
                                  {"DNS", "b", {}},
                                  {"DirName", "", cn("d")},
                                  {"IP Address", "127.0.0.1", {}}}));
}

TEST(PeerCertTest, AnEmptySubjectAltNameIsNotAnAbsentOne) {
  EXPECT_EQ(alt_names(subject_alt_name()), std::vector<AltName>{});
}

TEST(PeerCertTest, AMalformedExtensionLeavesNoKey) {
  const Octets junk = hex("30 05 02");
  for (const std::string_view id :
       {test::kSubjectAltName, test::kAuthorityInfoAccess, test::kCrlDistributionPoints}) {
    const PeerCert cert = dict({.extensions = extension(id, junk)});
    EXPECT_EQ(cert, dict({})) << id;
  }
  EXPECT_EQ(dict({.extensions = subject_alt_name(directory_name(common_name("\xff")))}), dict({}));
}

TEST(PeerCertTest, ARepeatedExtensionLeavesNoKey) {
  const Octets names = subject_alt_name(dns_name("a"));
  const Octets access =
      extension(test::kAuthorityInfoAccess, sequence(access_description(test::kOcsp, uri("o"))));
  const Octets points =
      extension(test::kCrlDistributionPoints, sequence(distribution_point(uri("c"))));
  for (const Octets& one : {names, access, points}) {
    EXPECT_NE(dict({.extensions = one}), dict({}));
    EXPECT_EQ(dict({.extensions = concat(one, one)}), dict({}));
    EXPECT_EQ(dict({.extensions = concat(one, one, one)}), dict({}));
  }
  // Also if one of them is malformed.
  EXPECT_EQ(dict({.extensions = concat(names, extension(test::kSubjectAltName, {}))}), dict({}));
}

TEST(PeerCertTest, CriticalityAndOtherExtensionsDoNotMatter) {
  const Octets critical = sequence(test::oid(test::kSubjectAltName), hex("01 01 ff"),
                                   tlv(der::kOctetString, sequence(dns_name("a"))));
  const Octets freshest_crl = extension("2.5.29.46", sequence(distribution_point(uri("f"))));
  EXPECT_EQ(dict({.extensions = concat(freshest_crl, critical)}),
            dict({.extensions = subject_alt_name(dns_name("a"))}));
}

TEST(PeerCertTest, AltNamesThatAreNotUtf8HaveNoDict) {
  const Error error = error_of({.extensions = subject_alt_name(dns_name("a"), dns_name("\xff"))});
  EXPECT_EQ(error.code, Errc::invalid_characters);
  EXPECT_EQ(error.field, SubjectAltName::kField);
  EXPECT_EQ(error_of({.extensions = subject_alt_name(directory_name(name_of(sequence())))}).code,
            Errc::unsupported_value);
}

// ---- OCSP, caIssuers, crlDistributionPoints

TEST(PeerCertTest, AccessMethodsHaveTheirUris) {
  const PeerCert cert =
      dict({.extensions =
                extension(test::kAuthorityInfoAccess,
                          sequence(access_description(test::kCaIssuers, uri("i1")),
                                   access_description(test::kOcsp, uri("o1")),
                                   access_description(test::kOcsp, dns_name("not a URI")),
                                   access_description(test::kOcsp, uri("o2")),
                                   access_description("1.3.6.1.5.5.7.48.3", uri("time stamping")),
                                   access_description(test::kOcsp, uri("o1"))))});
  EXPECT_EQ(cert.ocsp, (Strings{"o1", "o2", "o1"}));
  EXPECT_EQ(cert.ca_issuers, Strings{"i1"});
}

TEST(PeerCertTest, KeysWithoutUrisAreAbsent) {
  const PeerCert cert = dict(
      {.extensions = concat(extension(test::kAuthorityInfoAccess,
                                      sequence(access_description(test::kOcsp, dns_name("d")))),
                            extension(test::kCrlDistributionPoints,
                                      sequence(sequence(), distribution_point(dns_name("d")))))});
  EXPECT_EQ(cert, dict({}));
}

TEST(PeerCertTest, DistributionPointsAreOneList) {
  const Octets crl_issuer = sequence(tlv(der::context_constructed(2), uri("issuer")));
  const PeerCert cert = dict(
      {.extensions = extension(test::kCrlDistributionPoints,
                               sequence(distribution_point(uri("a"), dns_name("d"), uri("b")),
                                        crl_issuer, sequence(), distribution_point(uri("a"))))});
  EXPECT_EQ(cert.crl_distribution_points, (Strings{"a", "b", "a"}));
}

// ---- the order in which Python finds what it cannot present

TEST(PeerCertTest, TheFirstErrorWins) {
  CertificateBuilder parts{
      .issuer = name_of(sequence()),
      .subject = name_of(sequence()),
      .extensions =
          concat(extension(test::kCrlDistributionPoints, sequence(distribution_point(uri("\xff")))),
                 extension(test::kAuthorityInfoAccess,
                           sequence(access_description(test::kCaIssuers, uri("\xff")))),
                 subject_alt_name(dns_name("\xff")))};
  EXPECT_EQ(error_of(parts).field, Field::subject);
  parts.subject = sequence();
  EXPECT_EQ(error_of(parts).field, Field::issuer);
  parts.issuer = sequence();
  EXPECT_EQ(error_of(parts).field, SubjectAltName::kField);
  parts.extensions =
      concat(extension(test::kCrlDistributionPoints, sequence(distribution_point(uri("\xff")))),
             extension(test::kAuthorityInfoAccess,
                       sequence(access_description(test::kCaIssuers, uri("\xff")))));
  EXPECT_EQ(error_of(parts).field, AuthorityInfoAccess::kField);
  parts.extensions =
      extension(test::kCrlDistributionPoints, sequence(distribution_point(uri("\xff"))));
  EXPECT_EQ(error_of(parts).field, CrlDistributionPoints::kField);
  EXPECT_EQ(error_of(parts).code, Errc::invalid_characters);
}

// OCSP is decoded before caIssuers, wherever they stand; the offset tells which it was.
TEST(PeerCertTest, OcspComesBeforeCaIssuers) {
  const CertificateBuilder parts{
      .extensions = extension(test::kAuthorityInfoAccess,
                              sequence(access_description(test::kCaIssuers, uri("\xff"
                                                                                "first")),
                                       access_description(test::kOcsp, uri("\xff"
                                                                           "second"))))};
  const Octets der = parts.build();
  const Error error = error_of(parts);
  ASSERT_LT(error.offset + 2, der.size());
  EXPECT_EQ(der[error.offset], 0xff);
  EXPECT_EQ(der[error.offset + 1], 's');
}

TEST(PeerCertTest, ErrorsPointIntoTheCertificate) {
  const CertificateBuilder parts{.subject = name_of(tlv(der::kReal, "xyz"))};
  const Octets der = parts.build();
  const Error error = error_of(parts);
  ASSERT_LT(error.offset, der.size());
  EXPECT_EQ(der[error.offset], 'x');
}

// ---- BER

TEST(PeerCertDecoderTest, DecodesOneAfterTheOther) {
  PeerCertDecoder decoder;
  const CertificateBuilder parts{.subject = common_name("plain")};
  const Octets plain = parts.build();
  const Octets ber = concat(hex("30 80"), parts.tbs_certificate(), parts.signature_algorithm,
                            parts.signature_value, hex("00 00"));
  for (const Octets& input : {plain, ber, plain}) {
    const auto view = decoder.decode(input);
    ASSERT_TRUE(view) << to_string(view.error());
    EXPECT_EQ(to_peer_cert(*view).subject, cn("plain"));
    EXPECT_TRUE(decoder.has_certificate());
    EXPECT_EQ(decoder.encoded().data(), input.data());  // as given, rewritten or not
    EXPECT_EQ(decoder.encoded().size(), input.size());
  }
  EXPECT_FALSE(decoder.decode(hex("31 00")));
  EXPECT_FALSE(decoder.has_certificate());
  EXPECT_TRUE(decoder.encoded().empty());
}

TEST(PeerCertDecoderTest, AnExtensionMayBeInBer) {
  PeerCertDecoder decoder;
  const Octets names = concat(hex("30 80"), test::dns_name("example.org"), hex("00 00"));
  const Octets der =
      CertificateBuilder{.extensions = test::extension(test::kSubjectAltName, names)}.build();
  const auto view = decoder.decode(der);
  ASSERT_TRUE(view) << to_string(view.error());
  EXPECT_EQ(std::ranges::distance(*view->subject_alt_name), 1);
  EXPECT_EQ(decoder.encoded().size(), der.size());
}

// A certificate can be read that the dict cannot present.
TEST(PeerCertDecoderTest, KeepsACertificateWithoutADict) {
  PeerCertDecoder decoder;
  const Octets der = CertificateBuilder{.subject = name_of(sequence())}.build();
  EXPECT_EQ(decoder.decode(der).error().code, Errc::unsupported_value);
  ASSERT_TRUE(decoder.has_certificate());
  EXPECT_EQ(decoder.certificate().der().size(), der.size());
}

}  // namespace
}  // namespace peercert
