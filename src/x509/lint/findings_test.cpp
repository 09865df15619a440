// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <peercert/x509/findings.hpp>

#include "support/certificate_builder.hpp"

namespace peercert {
namespace {

using test::CertificateBuilder;
using test::concat;
using test::dns_name;
using test::extension;
using test::hex;
using test::Octets;
using test::sequence;
using test::tlv;

const Octets kNull = hex("05 00");
const Octets kKeyIdentifier = sequence(tlv(der::context(0), Octets(20)));
const Octets kAki = extension("2.5.29.35", kKeyIdentifier);
const Octets kSan = test::subject_alt_name(dns_name("example.org"));
const Octets kSki = extension("2.5.29.14", tlv(der::kOctetString, Octets(20)));
const Octets kSha256WithRsa = sequence(test::oid("1.2.840.113549.1.1.11"), kNull);
const Octets kVersion1 = tlv(der::context_constructed(0), hex("02 01 00"));

Octets critical(std::string_view id, const Octets& value) {
  return sequence(test::oid(id), hex("01 01 ff"), tlv(der::kOctetString, value));
}
const Octets kCa = critical("2.5.29.19", sequence(hex("01 01 ff")));
Octets integer(const Octets& content) { return tlv(der::kInteger, content); }

// A certificate that nothing can be said against, with other extensions behind its own.
CertificateBuilder leaf(const Octets& extensions = {}) {
  return {.serial_number = integer(Octets(16, 0x12)), .extensions = concat(kAki, kSan, extensions)};
}
CertificateBuilder ca(const Octets& extensions = {}) {
  return {.serial_number = integer(Octets(16, 0x12)),
          .extensions = concat(kAki, kSki, kCa, extensions)};
}
CertificateBuilder with_subject(const Octets& subject) {
  CertificateBuilder parts = leaf();
  parts.subject = subject;
  return parts;
}
CertificateBuilder with_attribute(std::string_view type, const Octets& value) {
  return with_subject(sequence(test::set(test::attribute(type, value))));
}
CertificateBuilder with_name(const Octets& general_name) {
  CertificateBuilder parts = leaf();
  parts.extensions = concat(kAki, test::subject_alt_name(general_name));
  return parts;
}
CertificateBuilder with_algorithm(const Octets& algorithm) {
  CertificateBuilder parts = leaf();
  parts.signature = parts.signature_algorithm = algorithm;
  return parts;
}
CertificateBuilder with_times(const Octets& not_before, const Octets& not_after) {
  CertificateBuilder parts = leaf();
  parts.not_before = not_before;
  parts.not_after = not_after;
  return parts;
}
CertificateBuilder with_not_after(der::Tag tag, std::string_view text) {
  return with_times(leaf().not_before, tlv(tag, text));
}
CertificateBuilder with_key(const Octets& algorithm, const Octets& key) {
  CertificateBuilder parts = leaf();
  parts.public_key = sequence(algorithm, tlv(der::kBitString, concat(hex("00"), key)));
  return parts;
}
CertificateBuilder with_rsa_key(const Octets& modulus, const Octets& exponent) {
  return with_key(sequence(test::oid("1.2.840.113549.1.1.1"), kNull),
                  sequence(integer(modulus), integer(exponent)));
}
CertificateBuilder with_serial(const Octets& content) {
  CertificateBuilder parts = leaf();
  parts.serial_number = integer(content);
  return parts;
}

// "serial_too_long@serialNumber"
std::string findings(const Octets& input) {
  const auto certificate = Certificate::from_der(input);
  if (!certificate) return to_string(certificate.error());
  std::string text;
  for (const Finding& finding : find_defects(certificate->view(), input)) {
    EXPECT_LT(finding.offset, input.size());
    EXPECT_EQ(finding.severity, severity_of(finding.code));
    if (!text.empty()) text += ' ';
    text.append(name_of(finding.code)).append("@").append(to_string(finding.field));
  }
  return text;
}
std::string findings(const CertificateBuilder& parts) { return findings(parts.build()); }

TEST(FindingsTest, NothingAgainstGoodCertificates) {
  EXPECT_EQ(findings(leaf()), "");
  EXPECT_EQ(findings(ca(critical("2.5.29.15", hex("03 02 01 06")))), "");
  CertificateBuilder self_signed = ca();
  self_signed.issuer = self_signed.subject;
  self_signed.extensions = concat(kSki, kCa);
  EXPECT_EQ(findings(self_signed), "");
  CertificateBuilder version1 = leaf();
  version1.version = version1.extensions = {};
  EXPECT_EQ(findings(version1), "");
  CertificateBuilder nameless = with_subject(sequence());
  nameless.extensions = concat(kAki, critical("2.5.29.17", sequence(dns_name("example.org"))));
  EXPECT_EQ(findings(nameless), "");
}

struct Case {
  std::string expected;
  Octets certificate;
};

void add(std::vector<Case>& cases, std::string_view expected, const CertificateBuilder& parts) {
  cases.push_back({std::string(expected), parts.build()});
}
void add(std::vector<Case>& cases, std::string_view expected, const Octets& certificate) {
  cases.push_back({std::string(expected), certificate});
}

// The parameters of an algorithm that nobody knows are room for any element.
void add_encodings(std::vector<Case>& cases) {
  const auto add_parameters = [&](std::string_view code, const char* parameters) {
    CertificateBuilder parts = leaf();
    parts.public_key = sequence(sequence(test::oid("1.2.3"), hex(parameters)), hex("03 01 00"));
    add(cases, std::string(code) + "@subjectPublicKeyInfo", parts);
  };
  add_parameters("non_minimal_length", "04 81 01 00");
  add_parameters("indefinite_length", "30 80 00 00");
  add_parameters("non_minimal_tag", "bf 80 1f 00");
  add_parameters("reserved_tag", "30 02 0f 00");
  add_parameters("constructed_string", "30 05 24 03 04 01 aa");
  add_parameters("wrong_form", "30 02 10 00");
  add_parameters("malformed_content", "30 01 30");
  add_parameters("bad_boolean", "01 01 01");
  add_parameters("bad_integer", "30 04 02 02 00 01");
  add_parameters("bad_bit_string", "03 01 01");
  add_parameters("unused_bits_set", "03 02 01 01");
  add_parameters("bad_null", "30 03 05 01 00");
  add_parameters("bad_oid", "30 03 06 01 80");
  add_parameters("set_not_sorted", "31 06 02 01 02 02 01 01");
  Octets deep = kNull;
  for (std::size_t i = 0; i < 100; ++i) deep = sequence(deep);
  add(cases, "nested_too_deep@subjectPublicKeyInfo",
      with_key(sequence(test::oid("1.2.3"), deep), {}));

  add(cases, "time_not_der@notAfter", with_not_after(der::kUtcTime, "2701010000Z"));
  add(cases, "time_not_der@notAfter", with_not_after(der::kUtcTime, "next year"));
  add(cases, "invalid_characters@subject",
      with_attribute("2.5.4.3", tlv(der::kPrintableString, "a*b")));
  add(cases, "invalid_characters@subjectAltName", with_name(dns_name("\xe4.example.org")));
  add(cases, "default_encoded@extensions",
      leaf(sequence(test::oid("1.2.3"), hex("01 01 00"), hex("04 02 05 00"))));
  add(cases, "default_encoded@basicConstraints",
      leaf(extension("2.5.29.19", sequence(hex("01 01 00")))));
  CertificateBuilder version1 = leaf();
  version1.version = kVersion1;
  version1.extensions = {};
  add(cases, "default_encoded@version", version1);
  add(cases, "named_bits_not_trimmed@keyUsage", leaf(critical("2.5.29.15", hex("03 02 00 80"))));
  add(cases, "trailing_octets@certificate", concat(leaf().build(), kNull));
  add(cases, "trailing_octets@extensions", leaf(extension("1.2.3", concat(kNull, kNull))));
}

void add_fields(std::vector<Case>& cases) {
  CertificateBuilder version4 = leaf();
  version4.version = tlv(der::context_constructed(0), hex("02 01 03"));
  add(cases, "unknown_version@version", version4);
  CertificateBuilder version2 = leaf();
  version2.version = tlv(der::context_constructed(0), hex("02 01 01"));
  add(cases, "version_too_low@extensions", version2);
  CertificateBuilder bare = leaf();
  bare.extensions = {};
  bare.issuer = bare.subject;
  add(cases, "no_subject_alt_name@tbsCertificate version_too_high@version", bare);
  add(cases, "serial_not_positive@serialNumber", with_serial(Octets(16, 0x81)));
  add(cases, "", with_serial(Octets(20, 0x12)));
  add(cases, "serial_too_long@serialNumber", with_serial(Octets(21, 0x12)));
  add(cases, "", with_serial(Octets(8, 0x12)));
  add(cases, "serial_too_short@serialNumber", with_serial(Octets(7, 0x12)));
  add(cases, "serial_not_positive@serialNumber serial_too_short@serialNumber",
      with_serial(hex("00")));
  CertificateBuilder mismatch = leaf();
  mismatch.signature = test::algorithm("1.2.3");
  add(cases, "signature_mismatch@signatureAlgorithm", mismatch);
  CertificateBuilder other_parameters = leaf();
  other_parameters.signature_algorithm = sequence(test::oid("1.3.101.112"), kNull);
  add(cases, "signature_mismatch@signatureAlgorithm", other_parameters);
  add(cases, "algorithm_parameters@signature",
      with_algorithm(sequence(test::oid("1.3.101.112"), kNull)));
  add(cases, "weak_signature@signature",
      with_algorithm(sequence(test::oid("1.2.840.113549.1.1.5"), kNull)));
  add(cases, "not_a_date@notAfter", with_not_after(der::kUtcTime, "271301000000Z"));
  add(cases, "time_fraction@notAfter", with_not_after(der::kGeneralizedTime, "20500101000000.5Z"));
  add(cases, "time_type@notAfter", with_not_after(der::kGeneralizedTime, "20491231235959Z"));
  add(cases, "", with_not_after(der::kGeneralizedTime, "20500101000000Z"));
  add(cases, "", with_not_after(der::kUtcTime, "491231235959Z"));
  add(cases, "validity_reversed@notAfter", with_not_after(der::kUtcTime, "251231235959Z"));
  CertificateBuilder with_id = leaf();
  with_id.unique_ids = tlv(der::context(1), hex("00"));
  add(cases, "unique_identifier@issuerUniqueID", with_id);
}

void add_keys(std::vector<Case>& cases) {
  const Octets odd(256, 0x7f);
  const Octets exponent = hex("01 00 01");
  const auto ec = [](const Octets& curve, std::size_t len) {
    return with_key(sequence(test::oid("1.2.840.10045.2.1"), curve), Octets(len, 0x04));
  };
  Octets large(257, 0xff);
  large[0] = 0;
  const Octets p256 = test::oid("1.2.840.10045.3.1.7");
  add(cases, "", with_rsa_key(large, exponent));
  add(cases, "", ec(p256, 65));
  add(cases, "weak_key@subjectPublicKeyInfo", with_rsa_key(odd, exponent));
  add(cases, "rsa_exponent@subjectPublicKeyInfo", with_rsa_key(large, hex("01")));
  add(cases, "rsa_exponent@subjectPublicKeyInfo", with_rsa_key(large, hex("04")));
  add(cases, "malformed_key@subjectPublicKeyInfo", with_rsa_key(Octets(256, 0x7e), exponent));
  add(cases, "malformed_key@subjectPublicKeyInfo",
      with_key(sequence(test::oid("1.2.840.113549.1.1.1"), kNull), sequence()));
  add(cases, "malformed_key@subjectPublicKeyInfo", ec(p256, 64));
  add(cases, "algorithm_parameters@subjectPublicKeyInfo", ec(kNull, 65));
  add(cases, "algorithm_parameters@subjectPublicKeyInfo",
      with_key(sequence(test::oid("1.3.101.112"), kNull), Octets(32)));
  add(cases, "malformed_key@subjectPublicKeyInfo",
      with_key(test::algorithm("1.3.101.112"), Octets(33)));
  add(cases, "trailing_octets@subjectPublicKeyInfo",
      with_key(sequence(test::oid("1.2.840.113549.1.1.1"), kNull),
               concat(sequence(integer(large), integer(exponent)), kNull)));
}

void add_names(std::vector<Case>& cases) {
  const auto utf8 = [](std::string_view text) { return tlv(der::kUtf8String, text); };
  const auto printable = [](std::string_view text) { return tlv(der::kPrintableString, text); };
  CertificateBuilder no_issuer = leaf();
  no_issuer.issuer = sequence();
  add(cases, "empty_issuer@issuer", no_issuer);
  add(cases, "empty_subject@subject", with_subject(sequence()));
  add(cases, "empty_rdn@subject", with_subject(sequence(test::set())));
  const Octets a = test::attribute("2.5.4.11", utf8("a"));
  const Octets b = test::attribute("2.5.4.11", utf8("b"));
  add(cases, "repeated_attribute@subject", with_subject(sequence(test::set(a, b))));
  add(cases, "set_not_sorted@subject repeated_attribute@subject",
      with_subject(sequence(test::set(b, a))));
  add(cases, "attribute_type@subject", with_attribute("2.5.4.6", utf8("DE")));
  add(cases, "attribute_type@subject", with_attribute("2.5.4.3", tlv(der::kIa5String, "a")));
  add(cases, "attribute_length@subject", with_attribute("2.5.4.6", printable("DEU")));
  add(cases, "attribute_length@subject", with_attribute("2.5.4.6", printable("D")));
  add(cases, "attribute_length@subject", with_attribute("2.5.4.3", utf8(std::string(65, 'a'))));
  std::string umlauts;
  for (int i = 0; i < 64; ++i) umlauts += "\xc3\xa4";
  add(cases, "", with_attribute("2.5.4.3", utf8(umlauts)));  // 64 characters of two octets
  add(cases, "empty_attribute@subject", with_attribute("2.5.4.3", utf8("")));
  add(cases, "empty_attribute@subject", with_attribute("2.5.4.6", printable("")));
  add(cases, "legacy_string_type@subject", with_attribute("2.5.4.3", hex("1e 02 00 41")));
  add(cases, "control_characters@subject",
      with_attribute("2.5.4.3", utf8(std::string_view("a\0b", 3))));
  add(cases, "control_characters@subject", with_attribute("1.2.3", hex("1e 02 00 85")));
  add(cases, "control_characters@subjectAltName",
      with_name(test::directory_name(test::common_name("\x1b"))));
}

void add_general_names(std::vector<Case>& cases) {
  add(cases, "empty_general_name@subjectAltName", with_name(dns_name("")));
  for (const char* name : {" ", "a b", "a..b", ".a", "a.", "-a.b", "a-.b", "*", "a.*.b", "a*.b"}) {
    add(cases, "bad_dns_name@subjectAltName", with_name(dns_name(name)));
  }
  add(cases, "bad_dns_name@subjectAltName", with_name(dns_name(std::string_view("a\0.b", 4))));
  add(cases, "bad_dns_name@subjectAltName", with_name(dns_name(std::string(64, 'a') + ".org")));
  add(cases, "", with_name(dns_name("*.a-1.example")));
  add(cases, "underscore_in_dns_name@subjectAltName", with_name(dns_name("_a.example")));
  for (const char* name : {"a", "@b.example", "a@", "<a@b.example>", "a b@c.example"}) {
    add(cases, "bad_email_address@subjectAltName", with_name(test::rfc822_name(name)));
  }
  add(cases, "", with_name(test::rfc822_name("a.b+c@d.example")));
  for (const char* name : {"/path", "http", "http:", "1a:b", "http://a b", "http://a/\"b\""}) {
    add(cases, "bad_uri@subjectAltName", with_name(test::uri(name)));
  }
  add(cases, "", with_name(test::uri("spiffe://example.org/a")));
  for (const std::size_t len : {0U, 3U, 5U, 8U, 32U}) {
    add(cases, "bad_ip_address@subjectAltName", with_name(test::ip_address(Octets(len))));
  }
  add(cases, "", with_name(concat(test::ip_address(Octets(4)), test::ip_address(Octets(16)))));
}

int num_extensions(const CertificateBuilder& certificate) {
  const Octets der = certificate.build();
  return static_cast<int>(std::ranges::distance(CertificateView::parse(der)->extensions()));
}

void add_extensions(std::vector<Case>& cases) {
  const Octets unknown = extension("1.2.3", kNull);
  CertificateBuilder empty = leaf();
  empty.issuer = empty.subject;
  empty.unique_ids = tlv(der::context_constructed(3), sequence());  // where they would stand
  empty.extensions = {};
  add(cases, "empty_extensions@extensions no_subject_alt_name@extensions", empty);
  add(cases, "repeated_extension@extensions", leaf(concat(unknown, unknown)));
  Octets many;
  for (int i = num_extensions(leaf()); i < 64; ++i) {
    many = concat(many, extension("1.2.3." + std::to_string(i), kNull));
  }
  add(cases, "", leaf(many));
  add(cases, "too_many_extensions@extensions", leaf(concat(many, unknown)));
  add(cases, "unknown_critical_extension@extensions", leaf(critical("1.2.3", kNull)));
  CertificateBuilder free_ca = ca();
  free_ca.extensions = concat(kAki, kSki, extension("2.5.29.19", sequence(hex("01 01 ff"))));
  add(cases, "must_be_critical@basicConstraints", free_ca);
  CertificateBuilder critical_aki = leaf();
  critical_aki.extensions = concat(critical("2.5.29.35", kKeyIdentifier), kSan);
  add(cases, "must_not_be_critical@authorityKeyIdentifier", critical_aki);
  add(cases, "should_be_critical@keyUsage", leaf(extension("2.5.29.15", hex("03 02 07 80"))));
  CertificateBuilder critical_san = leaf();
  critical_san.extensions = concat(kAki, critical("2.5.29.17", sequence(dns_name("example.org"))));
  add(cases, "should_not_be_critical@subjectAltName", critical_san);
  add(cases, "malformed_extension@extKeyUsage", leaf(extension("2.5.29.37", sequence(kNull))));
  add(cases, "malformed_extension@extKeyUsage", leaf(extension("2.5.29.37", {})));
  CertificateBuilder negative_len = ca();
  negative_len.extensions =
      concat(kAki, kSki, critical("2.5.29.19", hex("30 06 01 01 ff 02 01 ff")));
  add(cases, "malformed_extension@basicConstraints", negative_len);
  add(cases, "malformed_extension@extensions", leaf(extension("1.2.3", {})));
  add(cases, "empty_sequence@extKeyUsage", leaf(extension("2.5.29.37", sequence())));
  add(cases, "empty_sequence@subjectAltName", with_name({}));
  CertificateBuilder no_ski = ca();
  no_ski.extensions = concat(kAki, kCa);
  add(cases, "no_subject_key_identifier@extensions", no_ski);
  CertificateBuilder no_aki = leaf();
  no_aki.extensions = kSan;
  add(cases, "no_authority_key_identifier@extensions", no_aki);
  CertificateBuilder no_san = leaf();
  no_san.extensions = kAki;
  add(cases, "no_subject_alt_name@extensions", no_san);
}

void add_constraints(std::vector<Case>& cases) {
  add(cases, "no_key_usage_bits@keyUsage", leaf(critical("2.5.29.15", hex("03 01 00"))));
  add(cases, "cert_sign_without_ca@keyUsage", leaf(critical("2.5.29.15", hex("03 02 02 04"))));
  add(cases, "path_len_without_ca@basicConstraints",
      leaf(extension("2.5.29.19", sequence(hex("02 01 00")))));
  CertificateBuilder no_sign = ca(critical("2.5.29.15", hex("03 02 01 02")));
  no_sign.extensions = concat(kAki, kSki, critical("2.5.29.15", hex("03 02 01 02")),
                              critical("2.5.29.19", hex("30 06 01 01 ff 02 01 00")));
  add(cases, "path_len_without_ca@basicConstraints", no_sign);
  add(cases, "precertificate@precertificatePoison",
      leaf(critical("1.3.6.1.4.1.11129.2.4.3", kNull)));
  const Octets constraints =
      sequence(tlv(der::context_constructed(0), sequence(test::dns_name("example.org"))));
  add(cases, "", ca(critical("2.5.29.30", constraints)));
  add(cases, "ca_extension_in_leaf@nameConstraints", leaf(critical("2.5.29.30", constraints)));
  add(cases, "wrong_form@nameConstraints",
      ca(critical("2.5.29.30", sequence(tlv(der::context(0), sequence(dns_name("a.example")))))));
  add(cases, "empty_sequence@nameConstraints", ca(critical("2.5.29.30", sequence())));
  add(cases, "bad_ip_address@nameConstraints",
      ca(critical("2.5.29.30", sequence(tlv(der::context_constructed(1),
                                            sequence(test::ip_address(Octets(4))))))));
  const Octets policy = sequence(test::oid("2.23.140.1.2.1"));
  add(cases, "", leaf(extension("2.5.29.32", sequence(policy))));
  add(cases, "repeated_policy@certificatePolicies",
      leaf(extension("2.5.29.32", sequence(policy, policy))));
  const auto with_points = [](const Octets& points) {
    return leaf(extension(test::kCrlDistributionPoints, sequence(points)));
  };
  const Octets reasons = tlv(der::context(1), hex("06 40"));
  add(cases, "incomplete_distribution_point@cRLDistributionPoints", with_points(sequence(reasons)));
  add(cases, "", with_points(test::distribution_point(test::uri("http://a.example/crl"))));
  add(cases, "bad_uri@cRLDistributionPoints",
      with_points(test::distribution_point(test::uri("a"))));
  add(cases, "empty_sequence@cRLDistributionPoints", with_points({}));
  add(cases, "bad_uri@authorityInfoAccess",
      leaf(extension(test::kAuthorityInfoAccess,
                     sequence(test::access_description(test::kOcsp, test::uri("a"))))));
  CertificateBuilder half_aki = leaf();
  half_aki.extensions =
      concat(kSan, extension("2.5.29.35", sequence(tlv(der::context(2), hex("01")))));
  add(cases, "incomplete_authority_key_identifier@authorityKeyIdentifier", half_aki);
}

std::vector<Case> all_cases() {
  std::vector<Case> cases;
  add_encodings(cases);
  add_fields(cases);
  add_keys(cases);
  add_names(cases);
  add_general_names(cases);
  add_extensions(cases);
  add_constraints(cases);
  return cases;
}

TEST(FindingsTest, EachDefectIsFoundAndNothingElse) {
  for (const Case& one : all_cases()) EXPECT_EQ(findings(one.certificate), one.expected);
}

TEST(FindingsTest, EveryCodeHasACase) {
  std::string all;
  for (const Case& one : all_cases()) all += one.expected + " ";
  for (std::size_t i = 0; i < kNumFindingCodes; ++i) {
    const std::string name(name_of(static_cast<FindingCode>(i)));
    EXPECT_NE(all.find(name + "@"), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace peercert
