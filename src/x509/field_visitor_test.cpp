// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gtest/gtest.h>

#include <peercert/x509/field_visitor.hpp>
#include <peercert/x509/named_bits.hpp>

#include "render/field_json.hpp"
#include "support/certificate_builder.hpp"

namespace peercert {
namespace {

using test::hex;
using test::Octets;
using test::tlv;

std::string json_of(const auto& value) {
  Output out;
  render::JsonFields json(out);
  visit(value, json);
  return std::string(out.view());
}

std::string json_of_name(const Octets& encoded) {
  der::Progress progress{encoded.data()};
  der::Reader in(encoded, progress);
  const GeneralName name = read_general_name(in);
  return progress.failed() ? to_string(progress.error) : json_of(name);
}

std::string json_of_any(const Octets& encoded) {
  const der::AnyValues values(encoded);
  return json_of(*values.begin());
}

TEST(FieldVisitorTest, GeneralNamesSayWhichTheyAre) {
  EXPECT_EQ(json_of_name(test::rfc822_name("a@b")), R"({"rfc822Name":"a@b"})");
  EXPECT_EQ(json_of_name(test::dns_name("a.b")), R"({"dNSName":"a.b"})");
  EXPECT_EQ(json_of_name(test::uri("http://a")), R"({"uniformResourceIdentifier":"http://a"})");
  EXPECT_EQ(json_of_name(test::directory_name(test::common_name("x"))),
            R"({"directoryName":[[["commonName","x"]]]})");
  EXPECT_EQ(json_of_name(test::registered_id(hex("2a 03"))), R"({"registeredID":{"oid":"1.2.3"}})");
  EXPECT_EQ(json_of_name(test::other_name("1.2.3", tlv(der::kUtf8String, "x"))),
            R"({"otherName":{"type-id":{"oid":"1.2.3"},"value":"x"}})");
  EXPECT_EQ(json_of_name(hex("a3 02 05 00")), R"({"x400Address":"0500"})");
  EXPECT_EQ(json_of_name(hex("a5 0a a0 03 0c 01 61 a1 03 13 01 62")),
            R"({"ediPartyName":{"nameAssigner":"a","partyName":"b"}})");
  EXPECT_EQ(json_of_name(hex("a5 05 a1 03 13 01 62")), R"({"ediPartyName":{"partyName":"b"}})");
}

TEST(FieldVisitorTest, AddressesOfAnotherLengthAreOctets) {
  EXPECT_EQ(json_of_name(test::ip_address(hex("c0 00 02 01"))), R"({"iPAddress":"192.0.2.1"})");
  EXPECT_EQ(json_of_name(test::ip_address(Octets(16))), R"({"iPAddress":"0:0:0:0:0:0:0:0"})");
  EXPECT_EQ(json_of_name(test::ip_address(hex("c0 00 02"))), R"({"iPAddress":"c00002"})");
  EXPECT_EQ(json_of_name(test::ip_address({})), R"({"iPAddress":""})");
}

TEST(FieldVisitorTest, NamesThatAreNotUtf8AreOctets) {
  EXPECT_EQ(json_of_name(tlv(der::context(2), hex("61 ff"))), R"({"dNSName":{"hex":"61ff"}})");
}

TEST(FieldVisitorTest, ValuesOfAnyTypeAreThatType) {
  EXPECT_EQ(json_of_any(hex("01 01 ff")), "true");
  EXPECT_EQ(json_of_any(hex("02 01 80")), "-128");
  EXPECT_EQ(json_of_any(hex("04 02 ab cd")), R"("abcd")");
  EXPECT_EQ(json_of_any(test::oid("1.2.3")), R"({"oid":"1.2.3"})");
  EXPECT_EQ(json_of_any(tlv(der::kBmpString, hex("20 ac"))), "\"\xe2\x82\xac\"");
  EXPECT_EQ(json_of_any(tlv(der::kVisibleString, "v")), R"("v")");
  EXPECT_EQ(json_of_any(tlv(der::kGeneralizedTime, "20260131235959Z")),
            R"("2026-01-31T23:59:59Z")");
  EXPECT_EQ(json_of_any(tlv(der::kUtcTime, "never")), R"("never")");
}

TEST(FieldVisitorTest, OtherValuesAreTheirOctetsWithTheirTag) {
  EXPECT_EQ(json_of_any(hex("05 00")), R"("0500")");
  EXPECT_EQ(json_of_any(hex("02 00")), R"("0200")");
  EXPECT_EQ(json_of_any(hex("01 02 00 00")), R"("01020000")");
  EXPECT_EQ(json_of_any(hex("1e 01 00")), R"("1e0100")");
}

TEST(FieldVisitorTest, SequencesAndSetsAreListsIfTheyHoldElements) {
  EXPECT_EQ(json_of_any(hex("30 00")), "[]");
  EXPECT_EQ(json_of_any(hex("30 09 02 01 05 31 02 05 00 02 00")), R"([5,["0500"],"0200"])");
  EXPECT_EQ(json_of_any(hex("30 05 31 03 02 05 00")), R"(["3103020500"])");
  EXPECT_EQ(json_of_any(hex("30 02 02 01")), R"("30020201")");
  EXPECT_EQ(json_of_any(hex("a0 02 05 00")), R"("a0020500")");
}

TEST(FieldVisitorTest, DeeplyNestedValuesAreOctets) {
  Octets value = hex("02 01 05");
  std::string lists = "5";
  for (std::size_t i = 0; i < kMaxAnyDepth; ++i) {
    value = test::sequence(value);
    lists = "[" + lists + "]";
  }
  EXPECT_EQ(json_of_any(value), lists);
  EXPECT_EQ(json_of_any(test::sequence(test::sequence(hex("02 01 05")))), "[[5]]");
  const std::string deeper = json_of_any(test::sequence(value));
  EXPECT_TRUE(deeper.starts_with(std::string(kMaxAnyDepth, '[') + R"("3003020105"])")) << deeper;
}

TEST(NamedBitsTest, CountFromTheHighestBitOfTheFirstOctet) {
  const Octets content = hex("04 81 30");
  const NamedBits bits(content);
  EXPECT_EQ(bits.size(), 12U);
  EXPECT_TRUE(bits[0] && bits[7] && bits[10] && bits[11]);
  EXPECT_FALSE(bits[1] || bits[8] || bits[12] || bits[1000]);
  EXPECT_TRUE(bits.any_from(11));
  EXPECT_FALSE(bits.any_from(12));
  EXPECT_FALSE(bits.none());
  EXPECT_TRUE(NamedBits().none());
}

}  // namespace
}  // namespace peercert
