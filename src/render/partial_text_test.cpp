// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gtest/gtest.h>

#include <peercert/render/partial_text.hpp>

#include "support/certificate_builder.hpp"

namespace peercert {
namespace {

using test::CertificateBuilder;
using test::hex;
using test::Octets;

TEST(PartialTextTest, ValuesAndWhatCannotBeRead) {
  const Octets der =
      CertificateBuilder{.serial_number = hex("02 02 00 01"),
                         .subject = test::common_name("\xff"),
                         .extensions = test::concat(hex("30 02 05 00"), test::subject_alt_name())}
          .build();
  const std::string text = to_text(PartialCertificate::parse(der));
  EXPECT_TRUE(
      text.starts_with("  version               02\n"
                       "  serialNumber          not readable: malformed INTEGER at byte "))
      << text;
  EXPECT_NE(text.find("\n                        02:02:00:01\n"), std::string::npos) << text;
  EXPECT_NE(text.find("\n  issuer                CN=Test CA\n"), std::string::npos) << text;
  EXPECT_NE(text.find("\n  notAfter              270101000000Z\n"), std::string::npos) << text;
  EXPECT_NE(text.find("\n  subject               not readable: invalid characters at byte "),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("\n  subjectPublicKeyInfo  Ed25519\n"), std::string::npos) << text;
  EXPECT_NE(text.find("\n  extension             not readable: unexpected type at byte "),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("subjectAltName"), std::string::npos) << text;
  EXPECT_NE(text.find("... 65 octets\n"), std::string::npos) << text;
}

TEST(PartialTextTest, ShowsTheFirst32Octets) {
  const auto text_of = [](std::size_t len) {
    const Octets der =
        CertificateBuilder{.signature_value = test::tlv(der::kBitString, Octets(len))}.build();
    return to_text(PartialCertificate::parse(der));
  };
  EXPECT_EQ(text_of(32).find("octets\n"), std::string::npos) << text_of(32);
  EXPECT_NE(text_of(33).find("... 33 octets\n"), std::string::npos) << text_of(33);
}

TEST(PartialTextTest, NothingRawAndNothingOfWhatIsNotThere) {
  const Octets der =
      CertificateBuilder{.not_before = test::tlv(der::kUtcTime, "\x1b[2J\xff")}.build();
  const std::string text = to_text(PartialCertificate::parse(der), "");
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_NE(text.find("notBefore             \\x1b[2J\\xff\n"), std::string::npos) << text;
  EXPECT_EQ(text.find("extension"), std::string::npos);
  EXPECT_EQ(text.find("UniqueID"), std::string::npos);
}

}  // namespace
}  // namespace peercert
