// SPDX-License-Identifier: Apache-2.0
#include "support/webpki_cases.hpp"

namespace peercert::verify::test {
namespace {

bool is_co_uk(std::string_view domain) noexcept { return domain == "co.uk"; }

// A leaf without a commonName, so that its names may be any.
template <class... GeneralNames>
void set_names(Scenario& s, const GeneralNames&... names) {
  s.leaf().subject = sequence(set(attribute("2.5.4.10", tlv(der::kUtf8String, "Example"))));
  s.leaf().set_names(names...);
}

void set_dns(Scenario& s, std::string_view name) { set_names(s, dns_name(name)); }

void set_common_name(Scenario& s, std::string_view name, const Octets& alt_name) {
  s.leaf().subject = common_name(name);
  s.leaf().set_names(alt_name);
}

constexpr Case kNameCases[] = {
    {"san-missing", "in a CA", kAccepted, [](Scenario& s) { s.root().drop(kSubjectAltName); }},
    {"san-missing", "in a leaf, with a commonName", 0,
     [](Scenario& s) { s.leaf().drop(kSubjectAltName); }},
    {"san-missing", "in a client with a subject", kAccepted,
     [](Scenario& s) {
       s.options.purpose = Purpose::client_auth;
       s.leaf().set(kExtKeyUsage, ext_key_usage("1.3.6.1.5.5.7.3.2"));
       s.leaf().drop(kSubjectAltName);
     }},
    {"san-missing", "in a client without a subject", 0,
     [](Scenario& s) {
       s.options.purpose = Purpose::client_auth;
       s.leaf().set(kExtKeyUsage, ext_key_usage("1.3.6.1.5.5.7.3.2"));
       s.leaf().subject = sequence();
       s.leaf().drop(kSubjectAltName);
     }},
    {"san-critical", "not critical beside a subject", kAccepted,
     [](Scenario& s) { s.leaf().set_critical(kSubjectAltName, false); }},
    {"san-critical", "critical beside a subject", 0,
     [](Scenario& s) { s.leaf().set_critical(kSubjectAltName, true); }},
    {"san-not-critical", "critical without a subject", kAccepted,
     [](Scenario& s) {
       s.leaf().subject = sequence();
       s.leaf().set_critical(kSubjectAltName, true);
     }},
    {"san-not-critical", "not critical without a subject", 0,
     [](Scenario& s) { s.leaf().subject = sequence(); }},
    {"san-dns-malformed", "digits and hyphens", kAccepted,
     [](Scenario& s) { set_dns(s, "0-a.1.example"); }},
    {"san-dns-malformed", "63 octets in a label", kAccepted,
     [](Scenario& s) { set_dns(s, std::string(63, 'a') + ".example"); }},
    {"san-dns-malformed", "anything in a root", kAccepted,
     [](Scenario& s) { s.root().set_names(dns_name("a_b")); }},
    {"san-dns-malformed", "64 octets in a label", 0,
     [](Scenario& s) { set_dns(s, std::string(64, 'a') + ".example"); }},
    {"san-dns-malformed", "254 octets", 0,
     [](Scenario& s) {
       const std::string label = std::string(62, 'a') + '.';
       set_dns(s, label + label + label + label + "aa");
     }},
    {"san-dns-malformed", "an underscore", 0, [](Scenario& s) { set_dns(s, "a_b.example"); }},
    {"san-dns-malformed", "nothing", 0, [](Scenario& s) { set_dns(s, ""); }},
    {"san-dns-malformed", "a dot in front", 0, [](Scenario& s) { set_dns(s, ".a.example"); }},
    {"san-dns-malformed", "a dot behind", 0, [](Scenario& s) { set_dns(s, "a.example."); }},
    {"san-dns-malformed", "an empty label", 0, [](Scenario& s) { set_dns(s, "a..example"); }},
    {"san-dns-malformed", "an IP address", 0, [](Scenario& s) { set_dns(s, "192.0.2.1"); }},
    {"san-dns-malformed", "not ASCII", 0, [](Scenario& s) { set_dns(s, "\xc3\xa4.example"); }},
    {"san-dns-malformed", "a NUL", 0,
     [](Scenario& s) { set_dns(s, std::string_view("a.example\0.b.example", 20)); }},
    {"san-dns-malformed", "in an intermediate", 1,
     [](Scenario& s) { s.intermediate().set_names(dns_name("a_b.example")); }},
    {"san-wildcard-misplaced", "the whole left-most label", kAccepted,
     [](Scenario& s) { set_dns(s, "*.a.example"); }},
    {"san-wildcard-misplaced", "a part of a label", 0,
     [](Scenario& s) { set_dns(s, "a*.a.example"); }},
    {"san-wildcard-misplaced", "a part of an A-label", 0,
     [](Scenario& s) { set_dns(s, "xn--*-1b3c148a.a.example"); }},
    {"san-wildcard-misplaced", "the second label", 0,
     [](Scenario& s) { set_dns(s, "a.*.example"); }},
    {"san-wildcard-misplaced", "alone", 0, [](Scenario& s) { set_dns(s, "*"); }},
    {"san-wildcard-over-public-suffix", "over a name under one", kAccepted,
     [](Scenario& s) {
       s.options.is_public_suffix = is_co_uk;
       set_dns(s, "*.example.co.uk");
     }},
    {"san-wildcard-over-public-suffix", "over a domain that nobody has a list for", kAccepted,
     [](Scenario& s) { set_dns(s, "*.co.uk"); }},
    {"san-wildcard-over-public-suffix", "a public suffix itself", kAccepted,
     [](Scenario& s) {
       s.options.is_public_suffix = is_co_uk;
       set_dns(s, "co.uk");
     }},
    {"san-wildcard-over-public-suffix", "over a top-level domain", 0,
     [](Scenario& s) { set_dns(s, "*.com"); }},
    {"san-wildcard-over-public-suffix", "over a domain of two labels", 0,
     [](Scenario& s) {
       s.options.is_public_suffix = is_co_uk;
       set_dns(s, "*.CO.uk");
     }},
    {"san-ip-malformed", "4 and 16 octets", kAccepted,
     [](Scenario& s) { set_names(s, ip_address(Octets(4, 1)), ip_address(Octets(16, 1))); }},
    {"san-ip-malformed", "8 octets", 0,
     [](Scenario& s) { set_names(s, ip_address(Octets(8, 1))); }},
    {"san-ip-malformed", "3 octets, in an intermediate", 1,
     [](Scenario& s) { s.intermediate().set_names(ip_address(Octets(3, 1))); }},
    {"san-ip-malformed", "none", 0, [](Scenario& s) { set_names(s, ip_address({})); }},
    {"san-email-malformed", "an address", kAccepted,
     [](Scenario& s) { set_names(s, rfc822_name("a.b@a.example")); }},
    {"san-email-malformed", "an underscore in front of the @", kAccepted,
     [](Scenario& s) { set_names(s, rfc822_name("a_b@a.example")); }},
    {"san-email-malformed", "an underscore behind the @", 0,
     [](Scenario& s) { set_names(s, rfc822_name("a@a_b.example")); }},
    {"san-email-malformed", "two @", 0,
     [](Scenario& s) { set_names(s, rfc822_name("a@b@a.example")); }},
    {"san-email-malformed", "a display name", 0,
     [](Scenario& s) { set_names(s, rfc822_name("A <a@a.example>")); }},
    {"san-uri-malformed", "a SPIFFE ID", kAccepted,
     [](Scenario& s) { set_names(s, uri("spiffe://a.example/b")); }},
    {"san-uri-malformed", "a relative reference", 0,
     [](Scenario& s) { set_names(s, uri("/index.html")); }},
    {"cn-not-in-san", "a dNSName", kAccepted,
     [](Scenario& s) { set_common_name(s, "a.example", dns_name("a.example")); }},
    {"cn-not-in-san", "an iPAddress", kAccepted,
     [](Scenario& s) {
       set_common_name(s, "2001:db8::1:0:0:1",
                       ip_address(hex("20 01 0d b8 00 00 00 00 00 01 00 00 00 00 00 01")));
     }},
    {"cn-not-in-san", "in a directoryName", 0,
     [](Scenario& s) { set_common_name(s, "A", directory_name(common_name("A"))); }},
    {"cn-not-in-san", "a mailbox", 0,
     [](Scenario& s) { set_common_name(s, "a@a.example", rfc822_name("a@a.example")); }},
    {"cn-not-in-san", "a URI", 0,
     [](Scenario& s) { set_common_name(s, "https://a.example/", uri("https://a.example/")); }},
    {"cn-not-in-san", "a wildcard", kAccepted,
     [](Scenario& s) { set_common_name(s, "*.a.example", dns_name("*.a.example")); }},
    {"cn-not-in-san", "a domain above a wildcard", 0,
     [](Scenario& s) { set_common_name(s, "a.example", dns_name("*.a.example")); }},
    {"cn-not-in-san", "a domain beside an address", 0,
     [](Scenario& s) { set_common_name(s, "a.example", ip_address(hex("c0 00 02 01"))); }},
    {"cn-not-in-san", "a client's", kAccepted,
     [](Scenario& s) {
       s.options.purpose = Purpose::client_auth;
       s.leaf().set(kExtKeyUsage, ext_key_usage("1.3.6.1.5.5.7.3.2"));
       set_common_name(s, "Ann", rfc822_name("ann@a.example"));
     }},
    {"cn-not-in-san", "another host", 0,
     [](Scenario& s) { set_common_name(s, "b.example", dns_name("a.example")); }},
    {"cn-not-in-san", "the end of a label", 0,
     [](Scenario& s) { set_common_name(s, "a.example", dns_name("ba.example")); }},
    {"cn-not-in-san", "a top-level domain", 0,
     [](Scenario& s) { set_common_name(s, "example", dns_name("a.example")); }},
    {"cn-not-in-san", "an address in hexadecimal", 0,
     [](Scenario& s) { set_common_name(s, "0xC0000201", ip_address(hex("c0 00 02 01"))); }},
    {"cn-not-in-san", "another case", 0,
     [](Scenario& s) { set_common_name(s, "A.example", dns_name("a.example")); }},
    {"cn-not-in-san", "an address with zeros in front", 0,
     [](Scenario& s) { set_common_name(s, "192.0.2.001", ip_address(hex("c0 00 02 01"))); }},
    {"cn-not-in-san", "an address in capitals", 0,
     [](Scenario& s) {
       set_common_name(s, "2001:DB8::1",
                       ip_address(hex("20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01")));
     }},
    {"cn-not-in-san", "one of two", 0,
     [](Scenario& s) {
       const Octets rdn = set(attribute("2.5.4.3", tlv(der::kUtf8String, "example.org")));
       const Octets other = set(attribute("2.5.4.3", tlv(der::kUtf8String, "example.com")));
       s.leaf().subject = sequence(rdn, other);
     }},
};

TEST(WebpkiNames, Cases) { check_cases(name_cases()); }

TEST(WebpkiNames, AMessageQuotesTheName) {
  Scenario scenario;
  set_dns(scenario, "a_b.example\n");
  const std::vector<Problem> problems = scenario.check();
  ASSERT_EQ(problems.size(), 1);
  EXPECT_NE(problems[0].message.find(R"("a_b.example\x0a")"), std::string::npos);
}

}  // namespace

std::span<const Case> name_cases() { return kNameCases; }

}  // namespace peercert::verify::test
