// SPDX-License-Identifier: Apache-2.0
#include "support/extension_value.hpp"

namespace peercert {
namespace {

using test::decoded;
using test::hex;

// sbgp-ipAddrBlock=critical,@ip, and there IPv4.0=192.0.2.0/23, IPv4.1=10.0.0.1-10.0.0.5,
// IPv6=inherit
constexpr std::string_view kAddresses =
    "30 26 30 1c 04 02 00 01 30 16 30 0e 03 05 00 0a 00 00 01 03 05 01 0a 00 00 04 03 04 01 c0 00 "
    "02 30 06 04 02 00 02 05 00";
// sbgp-autonomousSysNum=critical,AS:64496,AS:64500-64510,RDI:inherit
constexpr std::string_view kSystems =
    "30 19 a0 13 30 11 02 03 00 fb f0 30 0a 02 03 00 fb f4 02 03 00 fb fe a1 02 05 00";

TEST(IpAddrBlocksTest, GivesPrefixesAndRanges) {
  EXPECT_EQ(decoded<IpAddrBlocks>(kAddresses),
            R"([{"addressFamily":"0001","ipAddressChoice":{"addressesOrRanges":[)"
            R"({"addressRange":{"min":"10.0.0.1","max":"10.0.0.5"}},)"
            R"({"addressPrefix":{"address":"192.0.2.0","prefixLength":23}}]}},)"
            R"({"addressFamily":"0002","ipAddressChoice":"inherit"}])");
  test::check_frame<IpAddrBlocks>(hex(kAddresses));
}

// One item of a family.
std::string item(std::string_view family, std::string_view digits) {
  const std::string json = decoded<IpAddrBlocks>(test::sequence(
      test::sequence(test::tlv(der::kOctetString, hex(family)), test::sequence(hex(digits)))));
  const std::size_t at = json.find("Ranges\":[");
  return at == std::string::npos ? json : json.substr(at + 9, json.size() - at - 13);
}

TEST(IpAddrBlocksTest, BitsThatAreNotThereAreZerosAndOnes) {
  EXPECT_EQ(item("00 01", "30 06 03 01 00 03 01 00"),
            R"({"addressRange":{"min":"0.0.0.0","max":"255.255.255.255"}})");
  EXPECT_EQ(item("00 01", "30 08 03 02 04 1f 03 02 04 10"),
            R"({"addressRange":{"min":"16.0.0.0","max":"31.255.255.255"}})");
  EXPECT_EQ(item("00 02", "03 01 00"),
            R"({"addressPrefix":{"address":"0:0:0:0:0:0:0:0","prefixLength":0}})");
}

TEST(IpAddrBlocksTest, AddressesOfNoFamilyAreOctets) {
  EXPECT_EQ(item("00 03", "03 02 00 0a"), R"({"addressPrefix":{"address":"0a","prefixLength":8}})");
  EXPECT_EQ(item("", "03 02 00 0a"), R"({"addressPrefix":{"address":"0a","prefixLength":8}})");
  EXPECT_EQ(item("00 01", "03 06 00 01 02 03 04 05"),
            R"({"addressPrefix":{"address":"0102030405","prefixLength":40}})");
}

TEST(IpAddrBlocksTest, RefusesOtherFields) {
  EXPECT_EQ(item("00 01", "30 03 03 01 00"), "ipAddrBlocks: missing at byte 15");
  EXPECT_EQ(item("00 01", "03 02 09 00"), "ipAddrBlocks: malformed BIT STRING at byte 10");
  EXPECT_EQ(item("00 01", "05 00"), "ipAddrBlocks: unexpected type at byte 10");
  EXPECT_EQ(decoded<IpAddrBlocks>("30 07 30 05 04 00 05 01 00"),
            "ipAddrBlocks: malformed NULL at byte 6");
}

TEST(AsIdentifiersTest, GivesNumbersAndRanges) {
  EXPECT_EQ(decoded<AsIdentifiers>(kSystems),
            R"({"asnum":{"asIdsOrRanges":[64496,{"min":64500,"max":64510}]},"rdi":"inherit"})");
  test::check_frame<AsIdentifiers>(hex(kSystems));
  EXPECT_EQ(decoded<AsIdentifiers>("30 00"), "{}");
}

TEST(AsIdentifiersTest, RefusesOtherFields) {
  EXPECT_EQ(decoded<AsIdentifiers>("30 04 a0 02 04 00"),
            "autonomousSysIds: unexpected type at byte 4");
  EXPECT_EQ(decoded<AsIdentifiers>("30 06 a0 04 05 00 05 00"),
            "autonomousSysIds: more data than the type allows at byte 6");
  EXPECT_EQ(decoded<AsIdentifiers>("30 09 a1 07 30 05 30 03 02 01 00"),
            "autonomousSysIds: missing at byte 11");
}

}  // namespace
}  // namespace peercert
