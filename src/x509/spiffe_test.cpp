// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gtest/gtest.h>

#include <peercert/x509/spiffe.hpp>

#include "support/certificate_builder.hpp"

namespace peercert {
namespace {

using test::CertificateBuilder;
using test::concat;
using test::hex;
using test::Octets;
using test::sequence;
using test::tlv;

std::string parsed(std::string_view uri) {
  const SpiffeResult result = parse_spiffe_id(uri);
  if (!result) return std::string(to_string(result.defect));
  EXPECT_EQ(result.id.uri, uri);
  return std::string(result.id.trust_domain) + ' ' + std::string(result.id.path);
}

TEST(SpiffeIdTest, IsTrustDomainAndPath) {
  EXPECT_EQ(parsed("spiffe://example.org/ns/staging/sa/default"),
            "example.org /ns/staging/sa/default");
  EXPECT_EQ(parsed("spiffe://example.org"), "example.org ");
  EXPECT_EQ(parsed("spiffe://a-b_c.0/A.b-c_9/..."), "a-b_c.0 /A.b-c_9/...");
}

TEST(SpiffeIdTest, Scheme) {
  const std::string other = "the URI is not of the scheme spiffe";
  for (const char* uri : {"", "spiffe", "spiffe:", "spiffe:/", "spiffe:example.org/a",
                          "https://example.org/a", "SPIFFE://example.org/a", " spiffe://a/b"}) {
    EXPECT_EQ(parsed(uri), other) << uri;
  }
}

TEST(SpiffeIdTest, TrustDomain) {
  for (const char* uri : {"spiffe://", "spiffe:///a", "spiffe://Example.org/a", "spiffe://a:1/b",
                          "spiffe://me@a/b", "spiffe://a%41/b", "spiffe://[::1]/b", "spiffe://a?b",
                          "spiffe://a#b", "spiffe://\xc3\xa4/b"}) {
    EXPECT_EQ(parsed(uri), "malformed trust domain") << uri;
  }
  const std::string longest(kMaxTrustDomainLen, 'a');
  EXPECT_EQ(parsed("spiffe://" + longest + "/b"), longest + " /b");
  EXPECT_EQ(parsed("spiffe://a" + longest + "/b"), "malformed trust domain");
}

TEST(SpiffeIdTest, Path) {
  for (const char* path : {"/", "//", "/a/", "/a//b", "/.", "/..", "/a/../b", "/./a", "/a b",
                           "/a%2fb", "/a?b", "/a#b", "/a:b", "/a~b", "/\xc3\xa4"}) {
    EXPECT_EQ(parsed(std::string("spiffe://example.org") + path), "malformed path") << path;
  }
  EXPECT_EQ(parsed(std::string_view("spiffe://example.org/a\0b", 24)), "malformed path");
}

TEST(SpiffeIdTest, Length) {
  std::string uri = "spiffe://example.org/";
  uri.resize(kMaxSpiffeIdLen, 'a');
  EXPECT_EQ(parsed(uri).substr(0, 13), "example.org /");
  EXPECT_EQ(parsed(uri + 'a'), "over 2048 octets");
}

// ---- certificates

constexpr std::string_view kKeyUsage = "2.5.29.15";
constexpr std::string_view kBasicConstraints = "2.5.29.19";
const Octets digital_signature = test::extension(kKeyUsage, hex("03 02 07 80"));
const Octets leaf_constraints = test::extension(kBasicConstraints, sequence());
const Octets workload = test::uri("spiffe://example.org/workload");

std::string of(const Octets& extensions) {
  const Octets der = CertificateBuilder{.extensions = extensions}.build();
  const auto certificate = CertificateView::parse(der);
  EXPECT_TRUE(certificate);
  const SpiffeResult result = spiffe_id(*certificate);
  EXPECT_TRUE(result || result.id.uri.empty());
  return result ? std::string(result.id.uri) : std::string(to_string(result.defect));
}

TEST(SpiffeSvidTest, ALeaf) {
  const std::string id = "spiffe://example.org/workload";
  const Octets names = test::subject_alt_name(test::dns_name("a.example.org"), workload);
  EXPECT_EQ(of(concat(names, digital_signature)), id);
  EXPECT_EQ(of(concat(leaf_constraints, digital_signature, names)), id);
  const Octets not_a_ca = test::extension(kBasicConstraints, sequence(hex("01 01 00")));
  EXPECT_EQ(of(concat(not_a_ca, digital_signature, names)), id);
  const Octets also_encipherment = test::extension(kKeyUsage, hex("03 02 05 a0"));
  EXPECT_EQ(of(concat(also_encipherment, names)), id);
}

TEST(SpiffeSvidTest, ExactlyOneUri) {
  EXPECT_EQ(of({}), "no URI");
  EXPECT_EQ(of(test::subject_alt_name(test::dns_name("a"))), "no URI");
  const auto with = [](const auto&... names) {
    return of(concat(test::subject_alt_name(names...), digital_signature));
  };
  EXPECT_EQ(with(workload, workload), "several URIs");
  EXPECT_EQ(with(workload, test::uri("https://example.org/")), "several URIs");
  EXPECT_EQ(with(test::uri("https://example.org/"), workload), "several URIs");
  EXPECT_EQ(with(test::uri("https://example.org/")), "the URI is not of the scheme spiffe");
  EXPECT_EQ(with(test::uri("spiffe://example.org")), "no path behind the trust domain");
  EXPECT_EQ(with(test::uri("spiffe://example.org/")), "malformed path");
}

TEST(SpiffeSvidTest, KeyUsage) {
  const auto with_usage = [](std::string_view value) {
    return of(concat(test::subject_alt_name(workload), test::extension(kKeyUsage, hex(value))));
  };
  EXPECT_EQ(of(test::subject_alt_name(workload)), "no keyUsage");
  EXPECT_EQ(with_usage("03 02 05 20"), "keyUsage without digitalSignature");
  EXPECT_EQ(with_usage("03 02 02 84"), "keyUsage with keyCertSign");
  EXPECT_EQ(with_usage("03 02 01 82"), "keyUsage with cRLSign");
  EXPECT_EQ(with_usage("03 02 09 80"), "an extension is malformed or repeated");
}

TEST(SpiffeSvidTest, BasicConstraints) {
  const Octets rest = concat(test::subject_alt_name(workload), digital_signature);
  const Octets ca = test::extension(kBasicConstraints, sequence(hex("01 01 ff")));
  EXPECT_EQ(of(concat(rest, ca)), "the certificate is a CA's");
  const Octets junk = test::extension(kBasicConstraints, hex("05 00"));
  EXPECT_EQ(of(concat(rest, junk)), "an extension is malformed or repeated");
}

// Which of two counts is for others to guess.
TEST(SpiffeSvidTest, WhatIsThereTwiceDecidesNothing) {
  const std::string refused = "an extension is malformed or repeated";
  const Octets names = test::subject_alt_name(workload);
  const Octets ca = test::extension(kBasicConstraints, sequence(hex("01 01 ff")));
  EXPECT_EQ(of(concat(names, names, digital_signature)), refused);
  EXPECT_EQ(of(concat(names, digital_signature, digital_signature)), refused);
  EXPECT_EQ(of(concat(names, digital_signature, leaf_constraints, ca)), refused);
  EXPECT_EQ(of(concat(test::extension(test::kSubjectAltName, hex("05 00")), digital_signature)),
            refused);
}

TEST(SpiffeSvidTest, WhoMeansToBeOne) {
  const auto names_spiffe_id = [](const Octets& extensions) {
    const Octets der = CertificateBuilder{.extensions = extensions}.build();
    return names_spiffe(*CertificateView::parse(der));
  };
  const Octets other = test::uri("https://example.org/");
  EXPECT_TRUE(names_spiffe_id(test::subject_alt_name(other, workload)));
  EXPECT_TRUE(
      names_spiffe_id(concat(test::subject_alt_name(workload), test::subject_alt_name(other))));
  EXPECT_FALSE(names_spiffe_id(test::subject_alt_name(other, other)));
  EXPECT_FALSE(names_spiffe_id(test::subject_alt_name(test::dns_name("spiffe://example.org/a"))));
  EXPECT_FALSE(names_spiffe_id(test::extension(test::kSubjectAltName, hex("05 00"))));
  EXPECT_FALSE(names_spiffe_id({}));
}

}  // namespace
}  // namespace peercert
