// SPDX-License-Identifier: Apache-2.0
#include "support/extension_value.hpp"

namespace peercert {
namespace {

using test::decoded;

// openssl req -x509 -addext keyUsage=digitalSignature,keyCertSign,decipherOnly
constexpr std::string_view kKeyUsageValue = "03 03 07 84 80";

TEST(KeyUsageTest, NamesTheBitsThatAreSet) {
  EXPECT_EQ(decoded<KeyUsage>(kKeyUsageValue),
            R"(["digitalSignature","keyCertSign","decipherOnly"])");
  const test::Octets all = test::hex("03 03 07 ff 80");
  EXPECT_EQ(decoded<KeyUsage>(all),
            R"(["digitalSignature","nonRepudiation","keyEncipherment","dataEncipherment",)"
            R"("keyAgreement","keyCertSign","cRLSign","encipherOnly","decipherOnly"])");
  test::check_frame<KeyUsage>(all);
}

TEST(KeyUsageTest, HasAFunctionForEachBit) {
  const test::Octets value = test::hex(kKeyUsageValue);
  const Result<KeyUsage> usage = KeyUsage::parse(value);
  ASSERT_TRUE(usage);
  EXPECT_TRUE(usage->digital_signature());
  EXPECT_TRUE(usage->key_cert_sign());
  EXPECT_TRUE(usage->decipher_only());
  EXPECT_FALSE(usage->non_repudiation() || usage->key_encipherment() ||
               usage->data_encipherment() || usage->key_agreement() || usage->crl_sign() ||
               usage->encipher_only());
}

TEST(KeyUsageTest, UnusedBitsAreNotSet) {
  EXPECT_EQ(decoded<KeyUsage>("03 02 07 ff"), R"(["digitalSignature"])");
  EXPECT_EQ(decoded<KeyUsage>("03 01 00"), "[]");
  EXPECT_EQ(decoded<KeyUsage>("03 01 07"), "[]");  // OpenSSL takes it
}

TEST(KeyUsageTest, BitsWithoutANameAreShown) {
  EXPECT_EQ(decoded<KeyUsage>("03 03 06 80 40"), R"(["digitalSignature",{"bits":"8040"}])");
  EXPECT_EQ(decoded<KeyUsage>("03 05 00 00 00 00 01"), R"([{"bits":"00000001"}])");
  EXPECT_EQ(decoded<KeyUsage>("03 05 00 80 00 00 00"), R"(["digitalSignature"])");
}

TEST(KeyUsageTest, RefusesWhatIsNoBitString) {
  EXPECT_EQ(decoded<KeyUsage>(""), "keyUsage: missing at byte 0");
  EXPECT_EQ(decoded<KeyUsage>("03 00"), "keyUsage: malformed BIT STRING at byte 0");
  EXPECT_EQ(decoded<KeyUsage>("03 02 09 80"), "keyUsage: malformed BIT STRING at byte 0");
  EXPECT_EQ(decoded<KeyUsage>("23 04 03 02 07 80"),
            "keyUsage: BER, not DER: string in segments at byte 0");
}

}  // namespace
}  // namespace peercert
