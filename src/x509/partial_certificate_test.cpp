// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include <peercert/x509/partial_certificate.hpp>

#include "support/certificate_builder.hpp"

namespace peercert {
namespace {

using test::CertificateBuilder;
using test::concat;
using test::hex;
using test::null;
using test::Octets;
using test::tlv;

template <class T>
void tell(std::string& out, std::string_view name, const PartialField<T>& field) {
  if (field.is_readable() || (field.is_absent() && field.error.code == Errc::ok)) return;
  EXPECT_EQ(to_string(field.error.field), name);
  if (!out.empty()) out += ", ";
  out += to_string(field.error);
}

// What cannot be read, and why.
std::string problems(const PartialCertificate& certificate) {
  std::string out;
  tell(out, "version", certificate.version);
  tell(out, "serialNumber", certificate.serial_number);
  tell(out, "signature", certificate.signature);
  tell(out, "issuer", certificate.issuer);
  tell(out, "notBefore", certificate.not_before);
  tell(out, "notAfter", certificate.not_after);
  tell(out, "subject", certificate.subject);
  tell(out, "subjectPublicKeyInfo", certificate.subject_public_key_info);
  tell(out, "issuerUniqueID", certificate.issuer_unique_id);
  tell(out, "subjectUniqueID", certificate.subject_unique_id);
  tell(out, "extensions", certificate.extensions);
  for (const auto& extension : certificate.extensions.value) tell(out, "extensions", extension);
  tell(out, "signatureAlgorithm", certificate.signature_algorithm);
  tell(out, "signatureValue", certificate.signature_value);
  return out;
}

CertificateBuilder full() {
  return {.unique_ids = concat(tlv(der::context(1), hex("00 11")), tlv(der::context(2), hex("00"))),
          .extensions = concat(test::subject_alt_name(test::dns_name("example.org")),
                               test::extension("1.2.3", null()))};
}
std::string problems(const CertificateBuilder& parts) {
  const Octets der = parts.build();
  return problems(PartialCertificate::parse(der));
}

TEST(PartialCertificateTest, AGoodOneIsReadWhole) {
  const Octets der = full().build();
  const PartialCertificate partial = PartialCertificate::parse(der);
  EXPECT_EQ(partial.error.code, Errc::ok);
  EXPECT_EQ(problems(partial), "");
  const auto whole = CertificateView::parse(der);
  ASSERT_TRUE(whole);
  EXPECT_TRUE(std::ranges::equal(partial.version.value, hex("02")));
  EXPECT_TRUE(std::ranges::equal(partial.serial_number.value, whole->serial_number()));
  EXPECT_EQ(partial.signature.value.name(), "ED25519");
  EXPECT_TRUE(std::ranges::equal(partial.issuer.value.content(), whole->issuer().content()));
  EXPECT_TRUE(std::ranges::equal(partial.not_before.value.content, whole->not_before().content));
  EXPECT_TRUE(std::ranges::equal(partial.not_after.value.content, whole->not_after().content));
  EXPECT_TRUE(std::ranges::equal(partial.subject.value.content(), whole->subject().content()));
  EXPECT_EQ(partial.subject_public_key_info.value.name(), "Ed25519");
  EXPECT_TRUE(std::ranges::equal(partial.issuer_unique_id.value, hex("00 11")));
  EXPECT_TRUE(std::ranges::equal(partial.subject_unique_id.value, hex("00")));
  EXPECT_EQ(std::ranges::distance(partial.extensions.value.begin(), std::default_sentinel), 2);
  EXPECT_EQ(partial.signature_algorithm.value.name(), "ED25519");
  EXPECT_EQ(partial.signature_value.value.data(), whole->signature_value().data());
}

// Each of them alone is reported; the others are read.
TEST(PartialCertificateTest, AMalformedFieldHidesNoOther) {
  CertificateBuilder parts = full();
  parts.serial_number = hex("02 02 00 01");
  EXPECT_EQ(problems(parts), "serialNumber: malformed INTEGER at byte 12");
  parts.subject = test::common_name("\xff");
  parts.not_after = null();
  EXPECT_EQ(problems(parts),
            "serialNumber: malformed INTEGER at byte 11, notAfter: unexpected type at byte 59, "
            "subject: invalid characters at byte 74");
  parts = full();
  parts.signature_value = null();
  EXPECT_TRUE(problems(parts).starts_with("signatureValue: unexpected type"));
  parts = full();
  parts.signature = parts.issuer = parts.public_key = null();
  EXPECT_EQ(problems(parts),
            "signature: unexpected type at byte 14, issuer: unexpected type at byte 16, "
            "subjectPublicKeyInfo: unexpected type at byte 74");
  parts = full();
  parts.unique_ids = concat(tlv(der::context(1), ""), tlv(der::context(2), hex("08 00")));
  EXPECT_EQ(problems(parts),
            "issuerUniqueID: malformed BIT STRING at byte 143, "
            "subjectUniqueID: malformed BIT STRING at byte 145");
}

TEST(PartialCertificateTest, AMissingFieldIsNotTakenFromTheNext) {
  CertificateBuilder parts = full();
  parts.serial_number = {};
  EXPECT_EQ(problems(parts), "serialNumber: missing at byte 11");
  parts = full();
  parts.signature_algorithm = {};
  EXPECT_TRUE(problems(parts).starts_with("signatureAlgorithm: missing at byte "));
  EXPECT_EQ(problems(parts).find(','), std::string::npos);
}

TEST(PartialCertificateTest, ExtensionsOneByOne) {
  CertificateBuilder parts = full();
  const Octets good = test::extension("1.2.3", null());
  parts.extensions = concat(good, test::sequence(null()), good);
  const Octets der = parts.build();
  const PartialCertificate partial = PartialCertificate::parse(der);
  EXPECT_EQ(partial.error.code, Errc::unexpected_tag);
  std::string text;
  for (const auto& extension : partial.extensions.value) {
    text += extension.is_readable() ? "good " : to_string(extension.error.code);
    text += extension.is_readable() ? "" : " ";
    EXPECT_TRUE(!extension.is_readable() || extension.value.oid.size() == 2);
  }
  EXPECT_EQ(text, "good unexpected type good ");
}

TEST(PartialCertificateTest, WhatIsCutOffIsReadAsFarAsItIsThere) {
  const Octets der = full().build();
  const auto cut = [&](std::size_t len) {
    return PartialCertificate::parse(Bytes(der).first(len));
  };
  for (std::size_t len = 0; len < der.size(); ++len) {
    EXPECT_NE(cut(len).error.code, Errc::ok);
    EXPECT_NE(problems(cut(len)), "") << len;
  }
  const Bytes subject = PartialCertificate::parse(der).subject.encoded;
  const auto inside_subject = static_cast<std::size_t>(subject.data() - der.data()) + 8;
  EXPECT_TRUE(problems(cut(inside_subject)).starts_with("subject: truncated"));
  EXPECT_TRUE(cut(inside_subject).not_after.is_readable());
  EXPECT_TRUE(cut(der.size() - 1).subject.is_readable());
}

TEST(PartialCertificateTest, AnyOctetsAtAll) {
  EXPECT_EQ(PartialCertificate::parse({}).error.code, Errc::empty_input);
  EXPECT_TRUE(PartialCertificate::parse(hex("ff")).subject.is_absent());
  const Octets zeros(1000);
  EXPECT_TRUE(PartialCertificate::parse(zeros).subject.is_absent());
  EXPECT_FALSE(PartialCertificate::parse(full().tbs_certificate()).subject.is_readable());
}

}  // namespace
}  // namespace peercert
