// SPDX-License-Identifier: Apache-2.0
#include "support/certificate_builder.hpp"
#include "support/extension_value.hpp"

namespace peercert {
namespace {

using test::decoded;
using test::hex;

using test::concat;
using test::Octets;

Octets number(std::size_t value) {
  return {static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)};
}
Octets vector(const Octets& content) { return concat(number(content.size()), content); }

// The extension's value with a list of these SerializedSCTs.
template <class... Scts>
Octets list_of(const Scts&... scts) {
  return test::tlv(der::kOctetString, vector(concat(vector(scts)...)));
}

const Octets kV1 = concat(hex("00"), Octets(32, 0xab), hex("00 00 01 8b cf e5 68 7b"), vector({}),
                          hex("04 03"), vector(hex("30 00")));

std::string v1_json(const std::string& rest = {}) {
  std::string id;
  for (int i = 0; i < 32; ++i) id += "ab";
  return R"({"version":1,"logID":")" + id +
         R"(","timestamp":"2023-11-14T22:13:20.123Z","hash":"sha256",)"
         R"("signatureAlgorithm":"ecdsa","signature":"3000")" +
         rest + "}";
}

std::string error(const Octets& value) {
  const std::string text = decoded<SignedCertificateTimestamps>(value);
  constexpr std::string_view kName = "signedCertificateTimestampList: ";
  return text.starts_with(kName) ? text.substr(kName.size()) : text;
}

constexpr const char* kTruncated = "truncated: an element is longer than what holds it at byte ";

TEST(SignedCertificateTimestampsTest, GivesEachTimestamp) {
  EXPECT_EQ(decoded<SignedCertificateTimestamps>(list_of(kV1, kV1)),
            "[" + v1_json() + "," + v1_json() + "]");
  test::check_frame<SignedCertificateTimestamps>(list_of(kV1, kV1));
}

TEST(SignedCertificateTimestampsTest, TheListMayBeEmpty) {
  EXPECT_EQ(decoded<SignedCertificateTimestamps>("04 02 00 00"), "[]");
}

TEST(SignedCertificateTimestampsTest, OtherVersionsAreOctets) {
  EXPECT_EQ(decoded<SignedCertificateTimestamps>(list_of(hex("01 aa bb"), hex("ff"))),
            R"([{"version":2,"rest":"aabb"},{"version":256}])");
}

TEST(SignedCertificateTimestampsTest, OctetsBehindASignatureAreShown) {
  EXPECT_EQ(decoded<SignedCertificateTimestamps>(list_of(concat(kV1, hex("ff")))),
            "[" + v1_json(R"(,"rest":"ff")") + "]");
}

TEST(SignedCertificateTimestampsTest, OtherAlgorithmsAreNumbers) {
  const Octets sct =
      concat(hex("00"), Octets(32), Octets(8), vector(hex("ee")), hex("08 07"), vector({}));
  const std::string json = decoded<SignedCertificateTimestamps>(list_of(sct));
  EXPECT_TRUE(json.ends_with(R"("timestamp":"1970-01-01T00:00:00.000Z","extensions":"ee",)"
                             R"("hash":8,"signatureAlgorithm":7,"signature":""}])"))
      << json;
}

TEST(SignedCertificateTimestampsTest, TimesBehindTheYear9999AreOctets) {
  const auto timestamp = [](std::string_view digits) {
    const Octets sct = concat(hex("00"), Octets(32), hex(digits), vector({}), hex("04 03 00 00"));
    const std::string json = decoded<SignedCertificateTimestamps>(list_of(sct));
    const std::size_t at = json.find("timestamp") + 12;
    return json.substr(at, json.find('"', at) - at);
  };
  EXPECT_EQ(timestamp("00 00 e6 77 d2 1f db ff"), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(timestamp("00 00 e6 77 d2 1f dc 00"), "0000e677d21fdc00");
  EXPECT_EQ(timestamp("ff ff ff ff ff ff ff ff"), "ffffffffffffffff");
}

TEST(SignedCertificateTimestampsTest, RefusesLengthsThatLie) {
  const auto of = [](std::string_view digits) {
    return error(test::tlv(der::kOctetString, hex(digits)));
  };
  EXPECT_EQ(of(""), kTruncated + std::string("2"));
  EXPECT_EQ(of("00"), kTruncated + std::string("2"));
  EXPECT_EQ(of("00 01"), kTruncated + std::string("4"));
  EXPECT_EQ(of("00 00 ff"), "more data than the type allows at byte 4");
  EXPECT_EQ(of("00 02 00 00"), "malformed length at byte 6");
  EXPECT_EQ(of("00 01 00"), kTruncated + std::string("4"));
  EXPECT_EQ(of("00 03 00 02 01"), kTruncated + std::string("6"));
  EXPECT_EQ(of("ff ff 00 01 01"), kTruncated + std::string("4"));
  EXPECT_EQ(of("00 03 00 01 00"), kTruncated + std::string("7"));
}

TEST(SignedCertificateTimestampsTest, RefusesTimestampsCutAnywhere) {
  for (std::size_t len = 1; len < kV1.size(); ++len) {
    const Octets cut(kV1.begin(), kV1.begin() + static_cast<std::ptrdiff_t>(len));
    EXPECT_FALSE(SignedCertificateTimestamps::parse(list_of(cut, kV1))) << len;
  }
}

}  // namespace
}  // namespace peercert
