// SPDX-License-Identifier: Apache-2.0
#include "support/webpki_cases.hpp"

namespace peercert::verify::test {
namespace {

constexpr std::string_view kPrivate = "1.2.3.4";  // an otherName that nobody knows
constexpr std::string_view kEmailAddress = "1.2.840.113549.1.9.1";

template <class... Bases>
Octets permitted(const Bases&... bases) {
  return tlv(der::context_constructed(0), concat(sequence(bases)...));
}
template <class... Bases>
Octets excluded(const Bases&... bases) {
  return tlv(der::context_constructed(1), concat(sequence(bases)...));
}

// The root has the constraint; the intermediate has no name that it concerns.
void constrain(Scenario& s, const Octets& lists) {
  s.root().set(kNameConstraints, sequence(lists), true);
}
void name_leaf(Scenario& s, const Octets& names) {
  s.leaf().subject = sequence();
  s.leaf().set(kSubjectAltName, sequence(names), true);
}
void check(Scenario& s, const Octets& lists, const Octets& names) {
  constrain(s, lists);
  name_leaf(s, names);
}

Octets range(std::string_view octets) { return ip_address(hex(octets)); }
Octets smtp_utf8(std::string_view text) {
  return other_name("1.3.6.1.5.5.7.8.9", tlv(der::kUtf8String, text));
}
Octets rdn(std::string_view type, const Octets& value) { return set(attribute(type, value)); }
Octets printable(std::string_view text) { return tlv(der::kPrintableString, text); }
Octets utf8(std::string_view text) { return tlv(der::kUtf8String, text); }

constexpr Case kNameConstraintCases[] = {
    {"nc-without-ca", "in a CA, not critical", kAccepted,
     [](Scenario& s) {
       s.intermediate().set(kNameConstraints, sequence(permitted(dns_name("example.org"))));
     }},
    {"nc-without-ca", "in a leaf", 0,
     [](Scenario& s) {
       s.leaf().set(kNameConstraints, sequence(permitted(dns_name("example.org"))), true);
     }},
    {"nc-malformed", "a minimum of 0", kAccepted,
     [](Scenario& s) {
       constrain(s, permitted(concat(dns_name("org"), tlv(der::context(0), hex("00")))));
     }},
    {"nc-malformed", "every form", kAccepted,
     [](Scenario& s) {
       constrain(s, excluded(dns_name(""), rfc822_name("a@a.example"), rfc822_name(".a.example"),
                             rfc822_name("a.example"), uri(".a.example"), uri("a.example"),
                             range("00 00 00 00 00 00 00 00"), range("0a 00 00 00 ff fe 00 00")));
       name_leaf(s, other_name(kPrivate, utf8("a")));
     }},
    {"nc-malformed", "a minimum of 1", 2,
     [](Scenario& s) {
       constrain(s, permitted(concat(dns_name("org"), tlv(der::context(0), hex("01")))));
     }},
    {"nc-malformed", "a maximum", 2,
     [](Scenario& s) {
       constrain(s, permitted(concat(dns_name("org"), tlv(der::context(1), hex("05")))));
     }},
    {"nc-malformed", "a dot in front of a dNSName", 2,
     [](Scenario& s) { constrain(s, excluded(dns_name(".a.example"))); }},
    {"nc-malformed", "a wildcard", 2,
     [](Scenario& s) { constrain(s, excluded(dns_name("*.a.example"))); }},
    {"nc-malformed", "an address without a mask", 1,
     [](Scenario& s) {
       s.intermediate().set(kNameConstraints, sequence(permitted(range("c0 00 02 01"))), true);
     }},
    {"nc-malformed", "a mask with a hole", 2,
     [](Scenario& s) { constrain(s, permitted(range("0a 00 00 00 ff 00 ff 00"))); }},
    {"nc-malformed", "a mask with a hole in an octet", 2,
     [](Scenario& s) { constrain(s, permitted(range("0a 00 00 00 ff f5 00 00"))); }},
    {"nc-malformed", "a mailbox with two @", 2,
     [](Scenario& s) { constrain(s, permitted(rfc822_name("a@b@a.example"))); }},
    {"nc-malformed", "a whole URI", 2,
     [](Scenario& s) { constrain(s, permitted(uri("https://a.example/"))); }},

    {"name-not-permitted", "the base", kAccepted,
     [](Scenario& s) { check(s, permitted(dns_name("A.example")), dns_name("a.EXAMPLE")); }},
    {"name-not-permitted", "below the base", kAccepted,
     [](Scenario& s) { check(s, permitted(dns_name("a.example")), dns_name("c.b.a.example")); }},
    {"name-not-permitted", "a wildcard over the base", kAccepted,
     [](Scenario& s) { check(s, permitted(dns_name("a.example")), dns_name("*.a.example")); }},
    {"name-not-permitted", "the second base", kAccepted,
     [](Scenario& s) {
       check(s, permitted(dns_name("b.example"), dns_name("a.example")), dns_name("a.example"));
     }},
    {"name-not-permitted", "another form", kAccepted,
     [](Scenario& s) {
       check(s, permitted(range("c0 00 02 00 ff ff ff 00")), dns_name("a.example"));
     }},
    {"name-not-permitted", "a self-issued intermediate", kAccepted,
     [](Scenario& s) {
       constrain(s, permitted(dns_name("example.org")));
       s.intermediate().subject = s.intermediate().issuer;
       s.intermediate().set_names(dns_name("a.example"));
     }},
    {"name-not-permitted", "another name with the base at its end", 0,
     [](Scenario& s) { check(s, permitted(dns_name("a.example")), dns_name("xa.example")); }},
    {"name-not-permitted", "above the base", 0,
     [](Scenario& s) { check(s, permitted(dns_name("a.example")), dns_name("example")); }},
    {"name-not-permitted", "a wildcard that matches the base, and others", 0,
     [](Scenario& s) { check(s, permitted(dns_name("b.a.example")), dns_name("*.a.example")); }},
    {"name-not-permitted", "the second name", 0,
     [](Scenario& s) {
       check(s, permitted(dns_name("a.example")),
             concat(dns_name("a.example"), dns_name("b.example")));
     }},
    {"name-not-permitted", "a self-issued leaf", 0,
     [](Scenario& s) {
       constrain(s, permitted(dns_name("a.example")));
       s.leaf().issuer = s.leaf().subject;
     }},
    {"name-not-permitted", "an intermediate's", 1,
     [](Scenario& s) {
       constrain(s, permitted(dns_name("example.org")));
       s.intermediate().set_names(dns_name("a.example"));
     }},
    {"name-not-permitted", "what the second CA narrows", 0,
     [](Scenario& s) {
       check(s, permitted(dns_name("a.example"), dns_name("b.example")), dns_name("a.example"));
       s.intermediate().set(kNameConstraints, sequence(permitted(dns_name("b.example"))), true);
     }},
    {"name-not-permitted", "what the second CA widens", 0,
     [](Scenario& s) {
       check(s, permitted(dns_name("b.example")), dns_name("a.example"));
       s.intermediate().set(kNameConstraints,
                            sequence(permitted(dns_name("b.example"), dns_name("a.example"))),
                            true);
     }},
    {"name-not-permitted", "an address in the range", kAccepted,
     [](Scenario& s) {
       check(s, permitted(range("c0 00 02 00 ff ff ff 00")), range("c0 00 02 ff"));
     }},
    {"name-not-permitted", "an address behind the range", 0,
     [](Scenario& s) {
       check(s, permitted(range("c0 00 02 00 ff ff ff 00")), range("c0 00 03 01"));
     }},
    {"name-not-permitted", "an IPv6 address where IPv4 is permitted", 0,
     [](Scenario& s) {
       check(s, permitted(range("00 00 00 00 00 00 00 00")), ip_address(Octets(16, 0)));
     }},
    {"name-not-permitted", "an IPv4 address where IPv6 is permitted", 0,
     [](Scenario& s) {
       check(s, permitted(ip_address(Octets(32, 0))), ip_address(hex("c0 00 02 01")));
     }},
    {"name-not-permitted", "an IPv6 address behind the range", 0,
     [](Scenario& s) {
       Octets range(16, 0x20);
       range.insert(range.end(), 16, 0xff);
       Octets next(16, 0x20);
       next.back() = 0x21;
       check(s, permitted(ip_address(range)), ip_address(next));
     }},
    {"name-not-permitted", "an IPv6 address that is the range", kAccepted,
     [](Scenario& s) {
       Octets range(16, 0x20);
       range.insert(range.end(), 16, 0xff);
       check(s, permitted(ip_address(range)), ip_address(Octets(16, 0x20)));
     }},
    {"name-not-permitted", "a mailbox below the host of a domain", 0,
     [](Scenario& s) {
       check(s, permitted(rfc822_name(".a.example")), rfc822_name("ann@a.example"));
     }},
    {"name-not-permitted", "the end of a host's label", 0,
     [](Scenario& s) {
       check(s, permitted(rfc822_name("a.example")), rfc822_name("ann@ba.example"));
     }},
    {"name-not-permitted", "a mailbox of the same local part on another host", 0,
     [](Scenario& s) {
       check(s, permitted(rfc822_name("ann@a.example")), rfc822_name("ann@b.example"));
     }},
    {"name-not-permitted", "a mailbox", kAccepted,
     [](Scenario& s) {
       check(s, permitted(rfc822_name("Ann@a.example")), rfc822_name("Ann@A.example"));
     }},
    {"name-not-permitted", "a mailbox on the host", kAccepted,
     [](Scenario& s) {
       check(s, permitted(rfc822_name("a.example")),
             concat(rfc822_name("ann@a.example"), smtp_utf8("\xc3\xa4@a.example")));
     }},
    {"name-not-permitted", "a mailbox below the domain", kAccepted,
     [](Scenario& s) {
       check(s, permitted(rfc822_name(".a.example")), rfc822_name("ann@b.a.example"));
     }},
    {"name-not-permitted", "another mailbox", 0,
     [](Scenario& s) {
       check(s, permitted(rfc822_name("Ann@a.example")), rfc822_name("ann@a.example"));
     }},
    {"name-not-permitted", "a mailbox on another host", 0,
     [](Scenario& s) {
       check(s, permitted(rfc822_name("a.example")), rfc822_name("ann@b.a.example"));
     }},
    {"name-not-permitted", "a mailbox that is not ASCII, on another host", 0,
     [](Scenario& s) {
       check(s, permitted(rfc822_name("a.example")), smtp_utf8("\xc3\xa4@b.example"));
     }},
    {"name-not-permitted", "an address in the subject", 0,
     [](Scenario& s) {
       constrain(s, permitted(rfc822_name("a.example")));
       s.leaf().subject = sequence(rdn(kEmailAddress, tlv(der::kIa5String, "ann@b.example")));
     }},
    {"name-not-permitted", "a URI on the host", kAccepted,
     [](Scenario& s) {
       check(s, permitted(uri("a.example")), uri("https://ann:x@A.example:443/b?c@d"));
     }},
    {"name-not-permitted", "a URI on another host", 0,
     [](Scenario& s) { check(s, permitted(uri("a.example")), uri("https://b.a.example/")); }},
    {"name-not-permitted", "a subject in the directory", kAccepted,
     [](Scenario& s) {
       constrain(s, permitted(directory_name(sequence(rdn("2.5.4.6", printable("EX")),
                                                      rdn("2.5.4.10", printable(" A  b"))))));
       const Octets country = rdn("2.5.4.6", printable("ex"));
       s.leaf().subject =
           sequence(country, rdn("2.5.4.10", utf8("a B ")), rdn("2.5.4.11", utf8("\xc3\xa4")));
       s.intermediate().subject = sequence(country, rdn("2.5.4.10", utf8("A b")));
     }},
    {"name-not-permitted", "a subject beside the directory", 0,
     [](Scenario& s) { constrain(s, permitted(directory_name(common_name("Intermediate")))); }},
    {"name-not-permitted", "a directoryName beside the directory", 0,
     [](Scenario& s) {
       constrain(s, permitted(directory_name(common_name("A")),
                              directory_name(common_name("Intermediate"))));
       name_leaf(s, directory_name(common_name("B")));
     }},
    {"name-not-permitted", "a NUL is not the end of a name", 0,
     [](Scenario& s) {
       constrain(s, permitted(directory_name(common_name("A")),
                              directory_name(common_name("Intermediate"))));
       name_leaf(s, directory_name(name_of(printable(std::string_view("A\0B", 3)))));
     }},

    {"name-not-permitted", "more attributes in an RDN than the directory has", 0,
     [](Scenario& s) {
       constrain(s, permitted(directory_name(common_name("A")),
                              directory_name(common_name("Intermediate"))));
       name_leaf(s, directory_name(sequence(
                        set(attribute("2.5.4.3", utf8("A")), attribute("2.5.4.10", utf8("B"))))));
     }},
    {"name-not-permitted", "fewer attributes in an RDN than the directory has", 0,
     [](Scenario& s) {
       constrain(s, permitted(directory_name(sequence(set(attribute("2.5.4.3", utf8("A")),
                                                          attribute("2.5.4.10", utf8("B"))))),
                              directory_name(common_name("Intermediate"))));
       name_leaf(s, directory_name(common_name("A")));
     }},
    {"name-not-permitted", "a value that begins as the directory's", 0,
     [](Scenario& s) {
       constrain(s, permitted(directory_name(name_of(printable("Exam"))),
                              directory_name(common_name("Intermediate"))));
       name_leaf(s, directory_name(name_of(utf8("Example"))));
     }},
    {"name-not-permitted", "the beginning of the directory's value", 0,
     [](Scenario& s) {
       constrain(s, permitted(directory_name(name_of(printable("Example"))),
                              directory_name(common_name("Intermediate"))));
       name_leaf(s, directory_name(name_of(utf8("Exam"))));
     }},
    {"name-not-permitted", "fewer RDNs than the directory has", 0,
     [](Scenario& s) {
       constrain(
           s,
           permitted(directory_name(sequence(rdn("2.5.4.3", utf8("A")), rdn("2.5.4.3", utf8("B")))),
                     directory_name(common_name("Intermediate"))));
       name_leaf(s, directory_name(common_name("A")));
     }},
    {"name-not-permitted", "the same value of another attribute", 0,
     [](Scenario& s) {
       constrain(s, permitted(directory_name(common_name("A")),
                              directory_name(common_name("Intermediate"))));
       name_leaf(s, directory_name(sequence(rdn("2.5.4.10", utf8("A")))));
     }},
    {"name-not-permitted", "whatever the commonName is", kAccepted,
     [](Scenario& s) {
       check(s, permitted(dns_name("a.example")), range("c0 00 02 01"));
       s.leaf().subject = common_name("b.example");
       s.leaf().set_critical(kSubjectAltName, false);
     }},
    {"name-excluded", "the commonName", kAccepted,
     [](Scenario& s) {
       check(s, excluded(dns_name("b.example")), range("c0 00 02 01"));
       s.leaf().subject = common_name("b.example");
       s.leaf().set_critical(kSubjectAltName, false);
     }},
    {"nc-malformed", "17 attributes in one RDN", 2,
     [](Scenario& s) {
       Octets attributes;
       for (int i = 0; i < 17; ++i) {
         attributes = concat(attributes, attribute("2.5.4.3", utf8(std::to_string(i))));
       }
       constrain(s, excluded(directory_name(sequence(set(attributes)))));
     }},
    {"nc-malformed", "16 attributes in one RDN", kAccepted,
     [](Scenario& s) {
       Octets attributes;
       for (int i = 0; i < 16; ++i) {
         attributes = concat(attributes, attribute("2.5.4.3", utf8(std::to_string(i))));
       }
       constrain(s, excluded(directory_name(sequence(set(attributes)))));
     }},
    {"nc-malformed", "a range of 6 octets", 2,
     [](Scenario& s) { constrain(s, permitted(range("0a 00 00 ff ff ff"))); }},
    {"name-excluded", "an address in the subject, beside other names", 0,
     [](Scenario& s) {
       constrain(s, excluded(rfc822_name("b.example")));
       s.leaf().subject = sequence(rdn(kEmailAddress, tlv(der::kIa5String, "ann@b.example")));
     }},
    {"name-excluded", "by the CA above the next", 0,
     [](Scenario& s) {
       check(s, excluded(dns_name("a.example")), dns_name("a.example"));
       s.intermediate().set(kNameConstraints, sequence(permitted(dns_name("a.example"))), true);
     }},
    {"name-excluded", "by the leaf's own constraints", kAccepted,
     [](Scenario& s) { check(s, excluded(dns_name("b.example")), dns_name("a.example")); }},
    {"name-excluded", "another name", kAccepted,
     [](Scenario& s) { check(s, excluded(dns_name("a.example")), dns_name("xa.example")); }},
    {"name-excluded", "two labels below what a wildcard matches", kAccepted,
     [](Scenario& s) { check(s, excluded(dns_name("c.b.a.example")), dns_name("*.a.example")); }},
    {"name-excluded", "the base", 0,
     [](Scenario& s) { check(s, excluded(dns_name("a.example")), dns_name("A.example")); }},
    {"name-excluded", "below everything", 0,
     [](Scenario& s) { check(s, excluded(dns_name("")), dns_name("a.example")); }},
    {"name-excluded", "a wildcard that matches the base", 0,
     [](Scenario& s) { check(s, excluded(dns_name("b.a.example")), dns_name("*.a.example")); }},
    {"name-excluded", "a wildcard below the base", 0,
     [](Scenario& s) { check(s, excluded(dns_name("example")), dns_name("*.a.example")); }},
    {"name-excluded", "permitted as well", 0,
     [](Scenario& s) {
       check(s, concat(permitted(dns_name("a.example")), excluded(dns_name("a.example"))),
             dns_name("a.example"));
     }},
    {"name-excluded", "any IPv6 address", 0,
     [](Scenario& s) { check(s, excluded(ip_address(Octets(32, 0))), ip_address(Octets(16, 1))); }},
    {"name-excluded", "a subject in the directory", 0,
     [](Scenario& s) {
       constrain(s, excluded(directory_name(sequence(rdn("2.5.4.3", printable("EXAMPLE.org"))))));
     }},
    {"name-excluded", "several attributes in another order", 0,
     [](Scenario& s) {
       const Octets a = attribute("2.5.4.10", utf8("A"));
       const Octets b = attribute("2.5.4.11", utf8("B"));
       constrain(s, excluded(directory_name(sequence(set(a, b)))));
       s.leaf().subject = sequence(set(b, a));
     }},

    {"name-not-evaluated", "no name of the form", kAccepted,
     [](Scenario& s) { constrain(s, excluded(other_name(kPrivate, utf8("a")))); }},
    {"name-not-evaluated", "another otherName", kAccepted,
     [](Scenario& s) {
       check(s, excluded(other_name(kPrivate, utf8("a"))), other_name("1.2.3.5", utf8("a")));
     }},
    {"name-not-evaluated", "an otherName", 0,
     [](Scenario& s) {
       check(s, excluded(other_name(kPrivate, utf8("a"))), other_name(kPrivate, utf8("b")));
     }},
    {"name-not-evaluated", "a registeredID", 0,
     [](Scenario& s) {
       check(s, permitted(registered_id(hex("2a 03"))), registered_id(hex("2a 03")));
     }},
    {"name-not-evaluated", "a URI without a host", 0,
     [](Scenario& s) { check(s, excluded(uri("a.example")), uri("urn:a.example")); }},
    {"name-not-evaluated", "a URI with an address", 0,
     [](Scenario& s) { check(s, excluded(uri("a.example")), uri("https://192.0.2.1/")); }},
    {"too-much-work", "1000 names and 1000 subtrees", kAccepted,
     [](Scenario& s) {
       Octets names, subtrees;
       for (int i = 0; i < 1000; ++i) {
         const std::string name = std::to_string(i) + ".example";
         names = concat(names, dns_name(name));
         subtrees = concat(subtrees, sequence(dns_name("x" + name)));
       }
       check(s, tlv(der::context_constructed(1), subtrees), names);
     }},
    {"too-much-work", "2000 names and 2000 subtrees", 0,
     [](Scenario& s) {
       Octets names, subtrees;
       for (int i = 0; i < 2000; ++i) {
         const std::string name = std::to_string(i) + ".example";
         names = concat(names, dns_name(name));
         subtrees = concat(subtrees, sequence(dns_name("x" + name)));
       }
       check(s, tlv(der::context_constructed(1), subtrees), names);
     }},
};

TEST(WebpkiNameConstraints, Cases) { check_cases(name_constraint_cases()); }

}  // namespace

std::span<const Case> name_constraint_cases() { return kNameConstraintCases; }

}  // namespace peercert::verify::test
