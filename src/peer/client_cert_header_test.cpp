// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <peercert/peer/client_cert_header.hpp>
#include <peercert/x509/pem.hpp>

#include "support/certificate_builder.hpp"

namespace peercert::test {
namespace {

Der certificate(std::string_view name) {
  CertificateBuilder builder;
  builder.subject = common_name(name);
  return builder.build();
}

TEST(ClientCert, RoundTrip) {
  const Der leaf = certificate("leaf");
  const std::vector<Der> chain{certificate("a"), certificate("ab"), certificate("abc")};
  const auto read = parse_client_cert(to_client_cert(leaf), to_client_cert_chain(chain));
  ASSERT_TRUE(read);
  EXPECT_EQ(read.value.certificate, leaf);
  EXPECT_EQ(read.value.chain, chain);
  EXPECT_EQ(to_client_cert_chain({}), "");
  EXPECT_TRUE(parse_client_cert("  " + to_client_cert(leaf) + " ", "  ").value.chain.empty());
}

TEST(ClientCert, IsOneByteSequence) {
  EXPECT_EQ(to_client_cert(octets("a")), ":YQ==:");
  EXPECT_EQ(to_client_cert(octets("ab\xff")), ":YWL/:");
  const std::string good = to_client_cert(certificate("leaf"));
  const std::string unpadded = ":" + good.substr(1, good.find_first_of("=:", 1) - 1) + ":";
  const std::pair<std::string, HeaderDefect> cases[] = {
      {"", HeaderDefect::bad_syntax},
      {":", HeaderDefect::bad_syntax},
      {"::", HeaderDefect::not_a_certificate},
      {"YQ==", HeaderDefect::bad_syntax},
      {good + ", " + good, HeaderDefect::bad_syntax},
      {good + ";a=1", HeaderDefect::bad_syntax},
      {"\t" + good, HeaderDefect::bad_syntax},
      {":YQ==:", HeaderDefect::not_a_certificate},
      {":YQ:", HeaderDefect::bad_base64},
      {":YR==:", HeaderDefect::bad_base64},
      {":Y===:", HeaderDefect::bad_base64},
      {":YQ=a:", HeaderDefect::bad_base64},
      {":YQ\n==:", HeaderDefect::bad_base64},
      {":YQ-_:", HeaderDefect::bad_base64},
      {":" + std::string(kMaxClientCertHeaderLen, 'A') + ":", HeaderDefect::too_long},
      {to_client_cert(concat(certificate("leaf"), hex("00"))), HeaderDefect::not_a_certificate}};
  for (const auto& [header, defect] : cases) {
    const auto read = parse_client_cert(header);
    EXPECT_EQ(read.defect, defect) << header.substr(0, 80);
    EXPECT_TRUE(read.value.certificate.empty());
    EXPECT_FALSE(to_string(read.defect).empty());
  }
  if (unpadded != good) {
    EXPECT_EQ(parse_client_cert(unpadded).defect, HeaderDefect::bad_base64);
  }
}

TEST(ClientCert, TheChainIsAList) {
  const std::string one = to_client_cert(certificate("leaf"));
  EXPECT_EQ(parse_client_cert(one, one + "\t,\t" + one).value.chain.size(), 2);
  for (const std::string_view form : {"1,", "1,,1", ",1", "11", "1 1", "1; a", "1,a"}) {
    std::string list;
    for (const char c : form) list += c == '1' ? one : std::string(1, c);
    EXPECT_EQ(parse_client_cert(one, list).defect, HeaderDefect::bad_syntax) << form;
  }
  const std::vector<Der> many(kMaxForwardedCertificates + 1, certificate("leaf"));
  EXPECT_EQ(parse_client_cert(one, to_client_cert_chain(many)).defect, HeaderDefect::too_many);
  const std::vector<Der> most(kMaxForwardedCertificates, certificate("leaf"));
  EXPECT_EQ(parse_client_cert(one, to_client_cert_chain(most)).value.chain, most);
}

TEST(ClientCert, TheChainIsOfCertificates) {
  const std::string one = to_client_cert(certificate("leaf"));
  EXPECT_EQ(parse_client_cert(one, one + ", :YQ==:").defect, HeaderDefect::not_a_certificate);
  const std::string followed = to_client_cert(concat(certificate("leaf"), hex("00")));
  EXPECT_EQ(parse_client_cert(one, followed).defect, HeaderDefect::not_a_certificate);
  const std::string spaces(kMaxClientCertHeaderLen, ' ');
  EXPECT_TRUE(parse_client_cert(one, spaces));
  EXPECT_EQ(parse_client_cert(one, spaces + " ").defect, HeaderDefect::too_long);
}

AssertedClient client() {
  AssertedClient out;
  out.certificate = certificate("leaf");
  out.chain = {certificate("leaf"), certificate("CA")};
  out.by = {"spiffe://a.example/proxy"};
  out.hash.emplace().fill(0xa5);
  out.subject = "CN=a\\,b,O=\"c\";=";
  out.uris = {"spiffe://a.example/one", "https://a.example/?a=b"};
  out.dns_names = {"a.example", "b.example"};
  return out;
}

void expect_equal(const AssertedClient& a, const AssertedClient& b) {
  EXPECT_EQ(a.certificate, b.certificate);
  EXPECT_EQ(a.chain, b.chain);
  EXPECT_EQ(a.by, b.by);
  EXPECT_EQ(a.hash, b.hash);
  EXPECT_EQ(a.subject, b.subject);
  EXPECT_EQ(a.uris, b.uris);
  EXPECT_EQ(a.dns_names, b.dns_names);
}

TEST(Xfcc, RoundTrip) {
  AssertedClient small;
  small.subject = "";
  const std::optional<std::string> value = to_xfcc({client(), small});
  ASSERT_TRUE(value);
  const auto read = parse_xfcc(*value);
  ASSERT_TRUE(read) << to_string(read.defect);
  ASSERT_EQ(read.value.size(), 2);
  expect_equal(read.value[0], client());
  expect_equal(read.value[1], small);
}

TEST(Xfcc, AsEnvoyWritesIt) {
  const std::string digits(64, 'a');
  const auto read = parse_xfcc("By=spiffe://a/b;Hash=" + digits +
                               ";Subject=\"/C=US/CN=\\\"x\\\"\";URI=;DNS=a.example;new=1, "
                               "by=http://c;uRI=http://d?e=f");
  ASSERT_TRUE(read) << to_string(read.defect);
  ASSERT_EQ(read.value.size(), 2);
  EXPECT_EQ(read.value[0].by, std::vector<std::string>{"spiffe://a/b"});
  EXPECT_EQ(read.value[0].hash->at(31), 0xaa);
  EXPECT_EQ(read.value[0].subject, "/C=US/CN=\"x\"");
  EXPECT_TRUE(read.value[0].uris.empty());
  EXPECT_EQ(read.value[1].uris, std::vector<std::string>{"http://d?e=f"});
}

TEST(Xfcc, HostileHeaders) {
  const std::string good = *to_xfcc({client()});
  const std::string digits(64, 'a');
  std::string elements = "By=a", names = "By=a";
  for (std::size_t i = 0; i < kMaxForwardedElements; ++i) elements += ",By=a";
  for (std::size_t i = 0; i < kMaxForwardedNames; ++i) names += ";DNS=a";
  const std::pair<std::string, HeaderDefect> cases[] = {
      {"", HeaderDefect::bad_syntax},
      {"By", HeaderDefect::bad_syntax},
      {"=a", HeaderDefect::bad_syntax},
      {"By=a,", HeaderDefect::bad_syntax},
      {"By=a;", HeaderDefect::bad_syntax},
      {"By=a;;URI=b", HeaderDefect::bad_syntax},
      {"By=\"a", HeaderDefect::bad_syntax},
      {"By=\"a\\\"", HeaderDefect::bad_syntax},
      {"By=\"a\"b", HeaderDefect::bad_syntax},
      {"By=a\"b", HeaderDefect::bad_syntax},
      {"By=a\r\nURI=b", HeaderDefect::bad_syntax},
      {"By=\"a\r\nb\"", HeaderDefect::bad_syntax},
      {std::string("By=a\0b", 6), HeaderDefect::bad_syntax},
      {"Cert=%4", HeaderDefect::bad_syntax},
      {"Cert=%zz", HeaderDefect::bad_syntax},
      {"Cert=abc", HeaderDefect::not_a_certificate},
      {"Hash=" + digits.substr(1), HeaderDefect::bad_hash},
      {"Hash=" + digits.substr(1) + "g", HeaderDefect::bad_hash},
      {"Hash=" + digits + ";hash=" + digits, HeaderDefect::repeated_key},
      {"Subject=a;Subject=b", HeaderDefect::repeated_key},
      {elements, HeaderDefect::too_many},
      {names, HeaderDefect::too_many},
      {"By=" + std::string(kMaxClientCertHeaderLen, 'a'), HeaderDefect::too_long}};
  for (const auto& [header, defect] : cases) {
    const auto read = parse_xfcc(header);
    EXPECT_EQ(read.defect, defect) << header.substr(0, 80);
    EXPECT_TRUE(read.value.empty());
  }
  for (std::size_t len = 0; len < good.size(); len += 7) parse_xfcc(good.substr(0, len));
}

/// The defect of a header about a client with these certificates in Cert or Chain.
HeaderDefect xfcc_defect(std::vector<Der> AssertedClient::*chain, const std::vector<Der>& ders) {
  AssertedClient written;
  written.*chain = ders;
  return parse_xfcc(*to_xfcc({written})).defect;
}

TEST(Xfcc, HoldsWholeCertificates) {
  const Der leaf = certificate("leaf");
  const Der followed = concat(leaf, hex("00"));
  EXPECT_EQ(xfcc_defect(&AssertedClient::chain, {leaf, followed}), HeaderDefect::not_a_certificate);
  EXPECT_EQ(xfcc_defect(&AssertedClient::chain, {followed}), HeaderDefect::not_a_certificate);
  std::string of_two = *to_xfcc({AssertedClient{.chain = {leaf, leaf}}});
  EXPECT_TRUE(parse_xfcc(of_two));
  of_two.replace(of_two.find("Chain"), 5, "Cert");
  EXPECT_EQ(parse_xfcc(of_two).defect, HeaderDefect::not_a_certificate);
}

TEST(Xfcc, BoundsAreReachedAndNotPassed) {
  const std::vector<Der> most(kMaxForwardedCertificates, certificate("leaf"));
  std::vector<Der> many = most;
  many.push_back(certificate("leaf"));
  EXPECT_EQ(xfcc_defect(&AssertedClient::chain, most), HeaderDefect::none);
  EXPECT_EQ(xfcc_defect(&AssertedClient::chain, many), HeaderDefect::too_many);

  std::string elements = "By=a", names = "By=a";
  for (std::size_t i = 1; i < kMaxForwardedElements; ++i) elements += ",By=a";
  for (std::size_t i = 1; i < kMaxForwardedNames; ++i) names += ";DNS=a";
  EXPECT_EQ(parse_xfcc(elements).value.size(), kMaxForwardedElements);
  EXPECT_TRUE(parse_xfcc(names));

  const std::string longest = "By=" + std::string(kMaxClientCertHeaderLen - 3, 'a');
  EXPECT_TRUE(parse_xfcc(longest));
  EXPECT_EQ(parse_xfcc(longest + "a").defect, HeaderDefect::too_long);
  EXPECT_EQ(parse_xfcc("Hash=" + std::string(65, 'a')).defect, HeaderDefect::bad_hash);
}

/// Two of a kind, and nobody could say which of them the proxy has verified.
TEST(Xfcc, NamesEachKeyOnce) {
  const auto element = [](const char* name) {
    AssertedClient with_certificate, with_chain;
    with_certificate.certificate = certificate(name);
    with_chain.chain = {certificate(name)};
    return std::pair(*to_xfcc({with_certificate}), *to_xfcc({with_chain}));
  };
  const auto [first, first_chain] = element("first");
  const auto [second, second_chain] = element("second");
  EXPECT_TRUE(parse_xfcc(first + ";" + first_chain));
  EXPECT_EQ(parse_xfcc(first + ";" + second).defect, HeaderDefect::repeated_key);
  EXPECT_EQ(parse_xfcc(first_chain + ";" + second_chain).defect, HeaderDefect::repeated_key);
}

TEST(Xfcc, WhatCannotBeToldIsNot) {
  for (const std::string_view text : {"a\r\nX-Evil: 1", "\xc3\xa4", "a\\", "a\\\"b", "\x7f"}) {
    AssertedClient client;
    client.subject = text;
    EXPECT_FALSE(to_xfcc({client})) << text;
  }
  EXPECT_FALSE(to_xfcc({AssertedClient{}}));
}

}  // namespace
}  // namespace peercert::test
