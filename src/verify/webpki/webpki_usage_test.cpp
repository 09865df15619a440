// SPDX-License-Identifier: Apache-2.0
#include "support/webpki_cases.hpp"

namespace peercert::verify::test {
namespace {

constexpr std::string_view kServerAuth = "1.3.6.1.5.5.7.3.1";
constexpr std::string_view kClientAuth = "1.3.6.1.5.5.7.3.2";
constexpr std::string_view kCodeSigning = "1.3.6.1.5.5.7.3.3";
constexpr std::string_view kAnyExtendedKeyUsage = "2.5.29.37.0";

void set_path_len(PathCertificateBuilder& ca, std::string_view content) {
  ca.set(kBasicConstraints, sequence(boolean(true), integer(content)), true);
}

void make_ca(PathCertificateBuilder& certificate) {
  certificate.set(kBasicConstraints, sequence(boolean(true)), true);
  certificate.set(kSubjectKeyIdentifier, tlv(der::kOctetString, hex("01")));
}

// A second intermediate between the first and the root.
void insert_intermediate(Scenario& s, std::string_view subject) {
  s.intermediate().issuer = common_name(subject);
  s.certificates.insert(s.certificates.begin() + 2, ca_of(subject, "Root"));
}

constexpr Case kUsageCases[] = {
    {"issuer-not-a-ca", "a path of one", kAccepted,
     [](Scenario& s) { s.certificates = {leaf_of("example.org", "example.org")}; }},
    {"issuer-not-a-ca", "no basicConstraints, in a root", 2,
     [](Scenario& s) { s.root().drop(kBasicConstraints); }},
    {"issuer-not-a-ca", "cA is false", 1,
     [](Scenario& s) { s.intermediate().set(kBasicConstraints, sequence(), true); }},
    {"key-usage-missing", "in a leaf", kAccepted, [](Scenario& s) { s.leaf().drop(kKeyUsage); }},
    {"key-usage-missing", "in an intermediate", 1,
     [](Scenario& s) { s.intermediate().drop(kKeyUsage); }},
    {"key-usage-missing", "in a root", 2, [](Scenario& s) { s.root().drop(kKeyUsage); }},
    {"key-cert-sign-missing", "not critical", kAccepted,
     [](Scenario& s) { s.root().set_critical(kKeyUsage, false); }},
    {"key-cert-sign-missing", "in an intermediate", 1,
     [](Scenario& s) { s.intermediate().set(kKeyUsage, bits("02"), true); }},
    {"key-cert-sign-missing", "in a root", 2,
     [](Scenario& s) { s.root().set(kKeyUsage, bits("02"), true); }},
    {"key-cert-sign-without-ca", "digitalSignature", kAccepted,
     [](Scenario& s) { s.leaf().add(kBasicConstraints, sequence()); }},
    {"key-cert-sign-without-ca", "in a leaf that is a CA", kAccepted,
     [](Scenario& s) {
       s.options.purpose = Purpose::client_auth;
       s.leaf().set(kExtKeyUsage, ext_key_usage(kClientAuth));
       make_ca(s.leaf());
       s.leaf().set(kKeyUsage, bits("84"), true);
     }},
    {"key-cert-sign-without-ca", "in a leaf", 0,
     [](Scenario& s) { s.leaf().set(kKeyUsage, bits("84"), true); }},
    {"path-len-without-ca", "in a CA", kAccepted,
     [](Scenario& s) { set_path_len(s.intermediate(), "00"); }},
    {"path-len-without-ca", "in a leaf that says it is a CA", 0,
     [](Scenario& s) {
       s.options.purpose = Purpose::client_auth;
       s.leaf().set(kExtKeyUsage, ext_key_usage(kClientAuth));
       make_ca(s.leaf());
       set_path_len(s.leaf(), "00");
     }},
    {"path-len-without-ca", "in a leaf", 0,
     [](Scenario& s) { s.leaf().add(kBasicConstraints, sequence(integer("00"))); }},
    {"path-too-long", "0 above a leaf", kAccepted,
     [](Scenario& s) { set_path_len(s.intermediate(), "00"); }},
    {"path-too-long", "1 above a CA", kAccepted, [](Scenario& s) { set_path_len(s.root(), "01"); }},
    {"path-too-long", "2^72 above a CA", kAccepted,
     [](Scenario& s) { set_path_len(s.root(), "01 00 00 00 00 00 00 00 00 00"); }},
    {"path-too-long", "a limit below that is larger", kAccepted,
     [](Scenario& s) {
       set_path_len(s.root(), "01");
       set_path_len(s.intermediate(), "02");
     }},
    {"path-too-long", "self-issued ones are not counted", kAccepted,
     [](Scenario& s) {
       insert_intermediate(s, "Root");
       set_path_len(s.root(), "01");
     }},
    {"path-too-long", "255 above a CA", kAccepted,
     [](Scenario& s) { set_path_len(s.root(), "00 ff"); }},
    {"path-too-long", "256 above a CA", kAccepted,
     [](Scenario& s) { set_path_len(s.root(), "01 00"); }},
    {"path-too-long", "0 above a CA", 2, [](Scenario& s) { set_path_len(s.root(), "00"); }},
    {"path-too-long", "1 above two", 3,
     [](Scenario& s) {
       insert_intermediate(s, "Second");
       set_path_len(s.root(), "01");
     }},
    {"ca-as-leaf", "a client's", kAccepted,
     [](Scenario& s) {
       s.options.purpose = Purpose::client_auth;
       s.leaf().set(kExtKeyUsage, ext_key_usage(kClientAuth));
       make_ca(s.leaf());
     }},
    {"ca-as-leaf", "a server's", 0, [](Scenario& s) { make_ca(s.leaf()); }},
    {"eku-missing", "in a CA", kAccepted, [](Scenario& s) { s.root().drop(kExtKeyUsage); }},
    {"eku-missing", "in a leaf", 0, [](Scenario& s) { s.leaf().drop(kExtKeyUsage); }},
    {"eku-mismatch", "both", kAccepted,
     [](Scenario& s) {
       s.leaf().set(kExtKeyUsage, sequence(oid(kServerAuth), oid(kClientAuth)));
       s.intermediate().set(kExtKeyUsage, sequence(oid(kServerAuth)));
     }},
    {"eku-mismatch", "anyExtendedKeyUsage in an intermediate", kAccepted,
     [](Scenario& s) { s.intermediate().set(kExtKeyUsage, ext_key_usage(kAnyExtendedKeyUsage)); }},
    {"eku-mismatch", "a client's for a client", kAccepted,
     [](Scenario& s) {
       s.options.purpose = Purpose::client_auth;
       s.leaf().set(kExtKeyUsage, ext_key_usage(kClientAuth));
     }},
    {"eku-mismatch", "a client's for a server", 0,
     [](Scenario& s) { s.leaf().set(kExtKeyUsage, ext_key_usage(kClientAuth)); }},
    {"eku-mismatch", "a server's for a client", 0,
     [](Scenario& s) { s.options.purpose = Purpose::client_auth; }},
    {"eku-mismatch", "anyExtendedKeyUsage in a client", 0,
     [](Scenario& s) {
       s.options.purpose = Purpose::client_auth;
       s.leaf().set(kExtKeyUsage, ext_key_usage(kAnyExtendedKeyUsage));
     }},
    {"eku-mismatch", "another purpose in an intermediate", 1,
     [](Scenario& s) { s.intermediate().set(kExtKeyUsage, ext_key_usage(kClientAuth)); }},
    {"eku-mismatch", "another purpose in a trust anchor that is no root", 1,
     [](Scenario& s) {
       s.certificates.pop_back();
       s.intermediate().set(kExtKeyUsage, ext_key_usage(kClientAuth));
     }},
    {"eku-mismatch", "another purpose in a root", 2,
     [](Scenario& s) { s.root().set(kExtKeyUsage, ext_key_usage(kClientAuth)); }},
    {"eku-mismatch", "none at all", kAccepted, [](Scenario& s) { s.leaf().drop(kExtKeyUsage); }},
    {"eku-critical", "in an intermediate", kAccepted,
     [](Scenario& s) { s.intermediate().set(kExtKeyUsage, ext_key_usage(kServerAuth), true); }},
    {"eku-critical", "in a server", 0,
     [](Scenario& s) { s.leaf().set_critical(kExtKeyUsage, true); }},
    {"eku-mixed", "an unknown purpose as well", kAccepted,
     [](Scenario& s) { s.leaf().set(kExtKeyUsage, sequence(oid(kServerAuth), oid("1.2.3"))); }},
    {"eku-mixed", "anyExtendedKeyUsage as well", 0,
     [](Scenario& s) {
       s.leaf().set(kExtKeyUsage, sequence(oid(kServerAuth), oid(kAnyExtendedKeyUsage)));
     }},
    {"eku-mixed", "emailProtection as well", 0,
     [](Scenario& s) {
       s.leaf().set(kExtKeyUsage, sequence(oid(kServerAuth), oid("1.3.6.1.5.5.7.3.4")));
     }},
    {"eku-mixed", "timeStamping as well", 0,
     [](Scenario& s) {
       s.leaf().set(kExtKeyUsage, sequence(oid(kServerAuth), oid("1.3.6.1.5.5.7.3.8")));
     }},
    {"eku-mixed", "OCSPSigning as well", 0,
     [](Scenario& s) {
       s.leaf().set(kExtKeyUsage, sequence(oid(kServerAuth), oid("1.3.6.1.5.5.7.3.9")));
     }},
    {"eku-mixed", "precertificate signing as well", 0,
     [](Scenario& s) {
       s.leaf().set(kExtKeyUsage, sequence(oid(kServerAuth), oid("1.3.6.1.4.1.11129.2.4.4")));
     }},
    {"eku-mixed", "a client's", kAccepted,
     [](Scenario& s) {
       s.options.purpose = Purpose::client_auth;
       s.leaf().set(kExtKeyUsage, sequence(oid(kClientAuth), oid("1.3.6.1.5.5.7.3.4")));
     }},
    {"eku-mixed", "codeSigning as well", 0,
     [](Scenario& s) {
       s.leaf().set(kExtKeyUsage, sequence(oid(kServerAuth), oid(kCodeSigning)));
     }},
    {"eku-in-root", "in a trust anchor that is no root", kAccepted,
     [](Scenario& s) {
       s.certificates.pop_back();
       s.intermediate().set(kExtKeyUsage, ext_key_usage(kServerAuth));
     }},
    {"eku-in-root", "in a root", 2,
     [](Scenario& s) { s.root().set(kExtKeyUsage, ext_key_usage(kServerAuth)); }},
};

TEST(WebpkiUsage, Cases) { check_cases(usage_cases()); }

}  // namespace

std::span<const Case> usage_cases() { return kUsageCases; }

}  // namespace peercert::verify::test
