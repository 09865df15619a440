// SPDX-License-Identifier: Apache-2.0
#include "support/webpki_cases.hpp"

namespace peercert::verify::test {
namespace {

void add_extensions(PathCertificateBuilder& certificate, int count) {
  for (int i = 0; i < count; ++i) certificate.add("1.2.3." + std::to_string(i), hex("05 00"));
}

Octets policies() { return sequence(sequence(oid("1.2.3"))); }
Octets mapping(std::string_view from, std::string_view to) {
  return sequence(sequence(oid(from), oid(to)));
}
Octets mapping_inhibited() { return sequence(tlv(der::context(1), hex("00"))); }
Octets ca_issuers() { return sequence(access_description(kCaIssuers, uri("http://a.example/"))); }
template <class... GeneralNames>
Octets points(const GeneralNames&... names) {
  return sequence(distribution_point(names...));
}

constexpr Case kExtensionCases[] = {
    {"too-much-work", "1000 extensions", kAccepted,
     [](Scenario& s) { add_extensions(s.leaf(), 1000); }},
    {"too-much-work", "2000 extensions", 0, [](Scenario& s) { add_extensions(s.leaf(), 2000); }},
    {"too-much-work", "2000 extensions, below a root of version 1", 0,
     [](Scenario& s) {
       add_extensions(s.leaf(), 2000);
       s.root().version = {};  // which is not looked at any more
     }},
    {"extension-repeated", "unknown ones", kAccepted,
     [](Scenario& s) {
       s.leaf().add("1.2.3.4", hex("05 00"));
       s.leaf().add("1.2.3.5", hex("05 00"));
     }},
    {"extension-repeated", "an unknown one", 0,
     [](Scenario& s) {
       s.leaf().add("1.2.3.4", hex("05 00"));
       s.leaf().add("1.2.3.4", hex("05 00"));
     }},
    {"extension-repeated", "the same basicConstraints, in a root", 2,
     [](Scenario& s) { s.root().add(kBasicConstraints, sequence(boolean(true)), true); }},
    {"unknown-critical-extension", "not critical", kAccepted,
     [](Scenario& s) { s.leaf().add("1.2.3.4", hex("05 00")); }},
    {"unknown-critical-extension", "certificatePolicies", kAccepted,
     [](Scenario& s) { s.leaf().add(kCertificatePolicies, policies(), true); }},
    {"unknown-critical-extension", "in a leaf", 0,
     [](Scenario& s) { s.leaf().add("1.2.3.4", hex("05 00"), true); }},
    {"unknown-critical-extension", "in a root", 2,
     [](Scenario& s) { s.root().add("1.2.3.4", hex("05 00"), true); }},
    {"unknown-critical-extension", "a precertificate", 0,
     [](Scenario& s) { s.leaf().add("1.3.6.1.4.1.11129.2.4.3", hex("05 00"), true); }},
    {"must-be-critical", "policyConstraints and inhibitAnyPolicy", kAccepted,
     [](Scenario& s) {
       s.intermediate().add(kPolicyConstraints, mapping_inhibited(), true);
       s.intermediate().add(kInhibitAnyPolicy, integer("00"), true);
     }},
    {"must-be-critical", "policyConstraints", 1,
     [](Scenario& s) { s.intermediate().add(kPolicyConstraints, mapping_inhibited()); }},
    {"must-be-critical", "inhibitAnyPolicy", 1,
     [](Scenario& s) { s.intermediate().add(kInhibitAnyPolicy, integer("00")); }},
    {"must-be-critical", "basicConstraints of a root", 2,
     [](Scenario& s) { s.root().set_critical(kBasicConstraints, false); }},
    {"must-be-critical", "basicConstraints of an intermediate", 1,
     [](Scenario& s) { s.intermediate().set_critical(kBasicConstraints, false); }},
    {"must-be-critical", "basicConstraints of a leaf", kAccepted,
     [](Scenario& s) { s.leaf().add(kBasicConstraints, sequence()); }},
    {"must-not-be-critical", "authorityInfoAccess", kAccepted,
     [](Scenario& s) { s.leaf().add(kAuthorityInfoAccess, ca_issuers()); }},
    {"must-not-be-critical", "critical authorityInfoAccess", 0,
     [](Scenario& s) { s.leaf().add(kAuthorityInfoAccess, ca_issuers(), true); }},
    {"must-not-be-critical", "authorityKeyIdentifier of a root", 2,
     [](Scenario& s) { s.root().set_critical(kAuthorityKeyIdentifier, true); }},
    {"must-not-be-critical", "subjectKeyIdentifier", 1,
     [](Scenario& s) { s.intermediate().set_critical(kSubjectKeyIdentifier, true); }},
    {"extension-malformed", "an unknown one", kAccepted,
     [](Scenario& s) { s.leaf().add("1.2.3.4", octets("malformed")); }},
    {"extension-malformed", "authorityInfoAccess", 0,
     [](Scenario& s) { s.leaf().add(kAuthorityInfoAccess, octets("malformed")); }},
    {"extension-malformed", "octets behind the value", 1,
     [](Scenario& s) { s.intermediate().set(kKeyUsage, concat(bits("06"), hex("05 00")), true); }},
    {"extension-malformed", "a negative number of certificates", 1,
     [](Scenario& s) { s.intermediate().add(kInhibitAnyPolicy, integer("ff"), true); }},
    {"extension-malformed", "a negative requireExplicitPolicy", 1,
     [](Scenario& s) {
       s.intermediate().add(kPolicyConstraints, sequence(tlv(der::context(0), hex("ff"))), true);
     }},
    {"extension-malformed", "a negative inhibitPolicyMapping", 1,
     [](Scenario& s) {
       s.intermediate().add(kPolicyConstraints, sequence(tlv(der::context(1), hex("ff"))), true);
     }},
    {"extension-malformed", "a negative pathLenConstraint", 1,
     [](Scenario& s) {
       s.intermediate().set(kBasicConstraints, sequence(boolean(true), integer("ff")), true);
     }},
    {"extension-empty", "one policy", kAccepted,
     [](Scenario& s) { s.leaf().add(kCertificatePolicies, policies()); }},
    {"extension-empty", "authorityInfoAccess", 0,
     [](Scenario& s) { s.leaf().add(kAuthorityInfoAccess, sequence()); }},
    {"extension-empty", "keyUsage", 0,
     [](Scenario& s) { s.leaf().set(kKeyUsage, tlv(der::kBitString, hex("00"))); }},
    {"extension-empty", "subjectAltName", 0,
     [](Scenario& s) { s.leaf().set(kSubjectAltName, sequence()); }},
    {"extension-empty", "certificatePolicies", 1,
     [](Scenario& s) { s.intermediate().add(kCertificatePolicies, sequence()); }},
    {"extension-empty", "policyMappings", 1,
     [](Scenario& s) { s.intermediate().add(kPolicyMappings, sequence(), true); }},
    {"extension-empty", "cRLDistributionPoints", 0,
     [](Scenario& s) { s.leaf().add(kCrlDistributionPoints, sequence()); }},
    {"extension-empty", "policyConstraints", 1,
     [](Scenario& s) { s.intermediate().add(kPolicyConstraints, sequence(), true); }},
    {"extension-empty", "nameConstraints", 1,
     [](Scenario& s) { s.intermediate().add(kNameConstraints, sequence(), true); }},
    {"extension-empty", "the lists of nameConstraints", 2,
     [](Scenario& s) {
       const Octets lists = concat(tlv(der::context_constructed(0), Octets{}),
                                   tlv(der::context_constructed(1), Octets{}));
       s.root().add(kNameConstraints, sequence(lists), true);
     }},
    {"aki-missing", "in a root", kAccepted,
     [](Scenario& s) { s.root().drop(kAuthorityKeyIdentifier); }},
    {"aki-missing", "in a leaf", 0, [](Scenario& s) { s.leaf().drop(kAuthorityKeyIdentifier); }},
    {"aki-missing", "in an intermediate", 1,
     [](Scenario& s) { s.intermediate().drop(kAuthorityKeyIdentifier); }},
    {"aki-missing", "in a trust anchor that is no root", kAccepted,
     [](Scenario& s) {
       s.certificates.pop_back();
       s.intermediate().drop(kAuthorityKeyIdentifier);
     }},
    {"aki-missing", "in a self-signed leaf that is trusted", kAccepted,
     [](Scenario& s) {
       s.certificates = {leaf_of("example.org", "example.org")};
       s.leaf().drop(kAuthorityKeyIdentifier);
     }},
    {"aki-missing", "in another leaf that is trusted", kAccepted,
     [](Scenario& s) {
       s.certificates = {leaf_of("example.org", "Intermediate")};
       s.leaf().drop(kAuthorityKeyIdentifier);
     }},
    {"aki-missing", "in a self-issued intermediate", 1,
     [](Scenario& s) {
       s.intermediate().subject = s.intermediate().issuer;
       s.intermediate().drop(kAuthorityKeyIdentifier);
     }},
    {"aki-form", "a keyIdentifier", kAccepted,
     [](Scenario& s) { s.leaf().set(kAuthorityKeyIdentifier, authority_key_identifier("other")); }},
    {"aki-form", "issuer and serial number as well", kAccepted,
     [](Scenario& s) {
       const Octets issuer = tlv(der::context_constructed(1), dns_name("example.org"));
       s.leaf().set(kAuthorityKeyIdentifier, sequence(tlv(der::context(0), hex("01")), issuer,
                                                      tlv(der::context(2), hex("01"))));
     }},
    {"aki-form", "none, in a root", kAccepted,
     [](Scenario& s) { s.root().set(kAuthorityKeyIdentifier, sequence()); }},
    {"aki-form", "none, in a leaf that is trusted", kAccepted,
     [](Scenario& s) {
       s.certificates = {leaf_of("example.org", "Intermediate")};
       s.leaf().set(kAuthorityKeyIdentifier, sequence());
     }},
    {"aki-form", "none", 0, [](Scenario& s) { s.leaf().set(kAuthorityKeyIdentifier, sequence()); }},
    {"aki-form", "an issuer without its serial number", 1,
     [](Scenario& s) {
       const Octets issuer = tlv(der::context_constructed(1), dns_name("example.org"));
       s.intermediate().set(kAuthorityKeyIdentifier,
                            sequence(tlv(der::context(0), hex("01")), issuer));
     }},
    {"aki-form", "a serial number as well", 0,
     [](Scenario& s) {
       s.leaf().set(kAuthorityKeyIdentifier,
                    sequence(tlv(der::context(0), hex("01")), tlv(der::context(2), hex("01"))));
     }},
    {"aki-names-more", "a keyIdentifier", kAccepted,
     [](Scenario& s) { s.leaf().set(kAuthorityKeyIdentifier, authority_key_identifier("other")); }},
    {"aki-names-more", "none, in a root", 2,
     [](Scenario& s) { s.root().set(kAuthorityKeyIdentifier, sequence()); }},
    {"aki-names-more", "a serial number as well, in a root", 2,
     [](Scenario& s) {
       s.root().set(kAuthorityKeyIdentifier, sequence(tlv(der::context(0), octets("Root")),
                                                      tlv(der::context(2), hex("01"))));
     }},
    {"aki-names-more", "issuer and serial number as well", 0,
     [](Scenario& s) {
       const Octets issuer = tlv(der::context_constructed(1), dns_name("example.org"));
       s.leaf().set(kAuthorityKeyIdentifier, sequence(tlv(der::context(0), hex("01")), issuer,
                                                      tlv(der::context(2), hex("01"))));
     }},
    {"aki-names-more", "an issuer as well, in a root", 2,
     [](Scenario& s) {
       const Octets issuer = tlv(der::context_constructed(1), dns_name("example.org"));
       s.root().set(kAuthorityKeyIdentifier,
                    sequence(tlv(der::context(0), octets("Root")), issuer));
     }},
    {"aki-of-root", "another key, in an intermediate", kAccepted,
     [](Scenario& s) {
       s.intermediate().set(kAuthorityKeyIdentifier, authority_key_identifier("other"));
     }},
    {"aki-of-root", "another key", 2,
     [](Scenario& s) { s.root().set(kAuthorityKeyIdentifier, authority_key_identifier("other")); }},
    {"ski-missing", "in a leaf", kAccepted,
     [](Scenario& s) { s.leaf().drop(kSubjectKeyIdentifier); }},
    {"ski-missing", "in an intermediate", 1,
     [](Scenario& s) { s.intermediate().drop(kSubjectKeyIdentifier); }},
    {"ski-missing", "in a root", 2, [](Scenario& s) { s.root().drop(kSubjectKeyIdentifier); }},
    {"crl-point-form", "two URIs", kAccepted,
     [](Scenario& s) {
       s.leaf().add(kCrlDistributionPoints, points(uri("http://a/"), uri("ldap://a/")));
     }},
    {"crl-point-form", "a URI and a dNSName", 0,
     [](Scenario& s) {
       s.leaf().add(kCrlDistributionPoints, points(uri("http://a/"), dns_name("a.example")));
     }},
    {"crl-point-form", "a cRLIssuer alone, in an intermediate", 1,
     [](Scenario& s) {
       const Octets issuer = tlv(der::context_constructed(2), dns_name("a.example"));
       s.intermediate().add(kCrlDistributionPoints, sequence(sequence(issuer)));
     }},
    {"crl-point-form", "reasons", 0,
     [](Scenario& s) {
       const Octets name = tlv(der::context_constructed(0), uri("http://a/"));
       const Octets reasons = tlv(der::context(1), hex("06 40"));
       s.leaf().add(kCrlDistributionPoints,
                    sequence(sequence(tlv(der::context_constructed(0), name), reasons)));
     }},
    {"crl-point-form", "in a root", kAccepted,
     [](Scenario& s) { s.root().add(kCrlDistributionPoints, points(dns_name("a.example"))); }},
    {"policy-mapped-to-any", "another policy", kAccepted,
     [](Scenario& s) { s.intermediate().add(kPolicyMappings, mapping("1.2.3", "1.2.4"), true); }},
    {"policy-mapped-to-any", "to anyPolicy", 1,
     [](Scenario& s) {
       s.intermediate().add(kPolicyMappings, mapping("1.2.3", "2.5.29.32.0"), true);
     }},
    {"policy-mapped-to-any", "from anyPolicy", 1,
     [](Scenario& s) {
       s.intermediate().add(kPolicyMappings, mapping("2.5.29.32.0", "1.2.3"), true);
     }},
};

TEST(WebpkiExtensions, Cases) { check_cases(extension_cases()); }

}  // namespace

std::span<const Case> extension_cases() { return kExtensionCases; }

}  // namespace peercert::verify::test
