// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <peercert/peer/match.hpp>

#include "peer/ip_text.hpp"
#include "support/certificate_builder.hpp"

namespace peercert::test {
namespace {

struct Named {
  Octets der;
  CertificateView view;

  explicit Named(const Octets& extensions) {
    CertificateBuilder builder;
    builder.extensions = extensions;
    der = builder.build();
    view = *CertificateView::parse(der);
  }
};

MatchDefect host_defect(const Octets& name, std::string_view host) {
  const Named certificate(subject_alt_name(name));
  const MatchResult result = match_hostname(certificate.view, host);
  EXPECT_EQ(static_cast<bool>(result), result.defect == MatchDefect::none);
  return result.defect;
}

TEST(MatchHostname, Equal) {
  for (const std::string_view host : {"example.org", "EXAMPLE.org", "example.org."}) {
    EXPECT_EQ(host_defect(dns_name("Example.ORG"), host), MatchDefect::none) << host;
  }
  EXPECT_EQ(host_defect(dns_name("localhost"), "localhost"), MatchDefect::none);
  EXPECT_EQ(host_defect(dns_name("xn--nxasmq6b.example"), "xn--nxasmq6b.example"),
            MatchDefect::none);
}

// RFC 1035, 2.3.4.
TEST(MatchHostname, NamesHaveBounds) {
  const std::string label(63, 'a');
  const std::string host = label + "." + label + "." + label + "." + std::string(61, 'b');
  ASSERT_EQ(host.size(), 253U);
  const std::string base = host.substr(2);
  EXPECT_EQ(host_defect(dns_name(host), host), MatchDefect::none);
  EXPECT_EQ(host_defect(dns_name("*." + base), "a." + base), MatchDefect::none);
  EXPECT_EQ(host_defect(dns_name(host), host + "b"), MatchDefect::bad_reference);
  EXPECT_EQ(host_defect(dns_name("a"), label + "a"), MatchDefect::bad_reference);
  EXPECT_EQ(host_defect(dns_name(host + "b"), host), MatchDefect::malformed_names);
  EXPECT_EQ(host_defect(dns_name("*." + base + "b"), host), MatchDefect::malformed_names);
}

TEST(MatchHostname, NotEqual) {
  for (const std::string_view host :
       {"example.com", "a.example.org", "org", "example.org.org", "xample.org", "eexample.org"}) {
    EXPECT_EQ(host_defect(dns_name("example.org"), host), MatchDefect::not_equal) << host;
  }
}

TEST(MatchHostname, AWildcardIsOneWholeLabel) {
  EXPECT_EQ(host_defect(dns_name("*.example.org"), "a.example.org"), MatchDefect::none);
  EXPECT_EQ(host_defect(dns_name("*.example.org"), "xn--nxasmq6b.EXAMPLE.org."), MatchDefect::none);
  for (const std::string_view host : {"example.org", "a.b.example.org", "a.example.com", "org"}) {
    EXPECT_EQ(host_defect(dns_name("*.example.org"), host), MatchDefect::not_equal) << host;
  }
}

TEST(MatchHostname, AWildcardStandsAloneInFrontOfTwoLabels) {
  for (const std::string_view name :
       {"*", "*.", "*.org", "a*.example.org", "*a.example.org", "a.*.example.org", "*.*.org",
        "xn--*.example.org", "**.example.org", "example.*"}) {
    const MatchDefect defect = host_defect(dns_name(name), "a.example.org");
    EXPECT_TRUE(defect == MatchDefect::wildcard_not_allowed ||
                defect == MatchDefect::malformed_names)
        << name;
  }
  EXPECT_EQ(host_defect(dns_name("*.org"), "example.org"), MatchDefect::wildcard_not_allowed);
  EXPECT_EQ(host_defect(dns_name("f*.example.org"), "foo.example.org"),
            MatchDefect::wildcard_not_allowed);
}

TEST(MatchHostname, MalformedNamesNeverMatch) {
  const std::string with_nul("example.org\0.evil.example", 25);
  const std::string long_label(64, 'a');
  for (const std::string& name : {with_nul, std::string(), std::string("example.org."),
                                  std::string(".example.org"), std::string("a..example.org"),
                                  std::string("a_b.example.org"), std::string("-a.example.org"),
                                  long_label + ".example.org", std::string("\xc3\xa4.example.org"),
                                  std::string("192.0.2.1"), std::string("example.org ")}) {
    EXPECT_EQ(host_defect(dns_name(name), "example.org"), MatchDefect::malformed_names) << name;
  }
}

TEST(MatchHostname, TheReferenceIsAHostName) {
  for (const std::string_view host : {"", ".", "example.org..", ".example.org", "*.example.org",
                                      "a_b.example.org", "\xc3\xa4.example.org", "example.org:443",
                                      "[::1]", "1.2.3", "192.0.2.01", "fe80::1%eth0"}) {
    EXPECT_EQ(host_defect(dns_name("example.org"), host), MatchDefect::bad_reference) << host;
  }
  EXPECT_EQ(host_defect(dns_name("example.org"), std::string_view("example.org\0", 12)),
            MatchDefect::bad_reference);
}

TEST(MatchHostname, OtherTypesAreNotHosts) {
  EXPECT_EQ(host_defect(uri("example.org"), "example.org"), MatchDefect::no_name_of_type);
  EXPECT_EQ(host_defect(ip_address(hex("c0 00 02 01")), "192.0.2.1"), MatchDefect::none);
  EXPECT_EQ(host_defect(dns_name("192.0.2.1"), "192.0.2.1"), MatchDefect::no_name_of_type);
}

TEST(MatchHostname, TheCommonNameIsNoName) {
  const Named certificate{Octets{}};
  EXPECT_EQ(match_hostname(certificate.view, "example.org").defect,
            MatchDefect::no_subject_alt_name);
}

TEST(MatchHostname, TwoSubjectAltNamesAreNone) {
  const Octets names = subject_alt_name(dns_name("example.org"));
  EXPECT_EQ(match_hostname(Named(concat(names, names)).view, "example.org").defect,
            MatchDefect::bad_subject_alt_name);
  EXPECT_EQ(match_hostname(Named(extension(kSubjectAltName, hex("02 01 01"))).view, "a.b").defect,
            MatchDefect::bad_subject_alt_name);
}

TEST(MatchHostname, SaysHowManyWereLookedAt) {
  const Named certificate(subject_alt_name(dns_name("a.example"), uri("x:y"), dns_name("*"),
                                           dns_name("b.example"), dns_name("c.example")));
  const MatchResult missing = match_hostname(certificate.view, "d.example");
  EXPECT_EQ(missing.defect, MatchDefect::not_equal);
  EXPECT_EQ(missing.num_names, 4);
  EXPECT_EQ(missing.num_malformed, 1);
  const MatchResult found = match_hostname(certificate.view, "b.example");
  EXPECT_TRUE(found);
  EXPECT_EQ(found.num_names, 3);
}

MatchDefect ip_defect(std::string_view name, std::string_view address) {
  return match_ip(Named(subject_alt_name(ip_address(hex(name)))).view, address).defect;
}

TEST(MatchIp, Ipv4) {
  EXPECT_EQ(ip_defect("c0 00 02 01", "192.0.2.1"), MatchDefect::none);
  EXPECT_EQ(ip_defect("c0 00 02 01", "192.0.2.2"), MatchDefect::not_equal);
  EXPECT_EQ(ip_defect("c0 00 02 01 ff ff ff ff", "192.0.2.1"), MatchDefect::malformed_names);
  for (const std::string_view address : {"", "192.0.2", "192.0.2.1.1", "192.0.2.256", "192.0.2.01",
                                         "0xc0.0.2.1", "192.0.2.1 ", "3221225985", "192.0..1"}) {
    EXPECT_EQ(ip_defect("c0 00 02 01", address), MatchDefect::bad_reference) << address;
  }
}

TEST(MatchIp, Ipv6) {
  const std::string_view octets = "20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01";
  for (const std::string_view address : {"2001:db8::1", "2001:DB8::1", "2001:db8:0:0:0:0:0:1",
                                         "2001:0db8::0.0.0.1", "2001:db8:0::0:1"}) {
    EXPECT_EQ(ip_defect(octets, address), MatchDefect::none) << address;
  }
  for (const std::string_view address :
       {":", ":::", "2001:db8::1::", "2001:db8:0:0:0:0:0:0:1", "2001:db8:::1", "12345::", "::g",
        "2001:db8::1/64", "[2001:db8::1]", "1.2.3.4::", "::1.2.3", "0:0:0:0:0:0:0::1.2.3.4",
        "1:2:3:4:5:6:7::8", "1:2:3:4:5:6:7:", ":1:2:3:4:5:6:7"}) {
    EXPECT_EQ(ip_defect(octets, address), MatchDefect::bad_reference) << address;
  }
  EXPECT_EQ(ip_defect(octets, "2001:db8::2"), MatchDefect::not_equal);
  std::string long_address = "1";
  for (int i = 0; i < 100'000; ++i) long_address += ":1";
  EXPECT_EQ(ip_defect(octets, long_address), MatchDefect::bad_reference);
  EXPECT_EQ(ip_defect(octets, "::" + long_address), MatchDefect::bad_reference);
}

TEST(MatchIp, AMappedAddressIsNotItsIpv4Address) {
  const std::string_view mapped = "00 00 00 00 00 00 00 00 00 00 ff ff c0 00 02 01";
  EXPECT_EQ(ip_defect(mapped, "::ffff:192.0.2.1"), MatchDefect::none);
  EXPECT_EQ(ip_defect(mapped, "192.0.2.1"), MatchDefect::not_equal);
  EXPECT_EQ(ip_defect("c0 00 02 01", "::ffff:c000:201"), MatchDefect::not_equal);
}

TEST(IpAddressText, IsAsInRfc5952) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"0:0:0:0:0:0:0:0", "::"},
      {"0:0:0:0:0:0:0:1", "::1"},
      {"1:0:0:0:0:0:0:0", "1::"},
      {"2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
      {"1:0:2:0:3:0:4:0", "1:0:2:0:3:0:4:0"},
      {"1:0:0:2:0:0:0:3", "1:0:0:2::3"},
      {"192.0.2.10", "192.0.2.10"},
      {"::ffff:1.2.3.4", "::ffff:102:304"}};
  for (const auto& [given, text] : cases) {
    EXPECT_EQ(ip_address_text(parse_ip_address(given)->bytes()), text);
  }
  EXPECT_EQ(ip_address_text(hex("01 02 03")), "");
}

MatchDefect email_defect(const Octets& name, std::string_view address) {
  return match_email(Named(subject_alt_name(name)).view, address).defect;
}

Octets smtp_utf8(std::string_view text) {
  return other_name("1.3.6.1.5.5.7.8.9", tlv(der::kUtf8String, text));
}

TEST(MatchEmail, TheLocalPartIsExact) {
  EXPECT_EQ(email_defect(rfc822_name("Ann@Example.ORG"), "Ann@example.org"), MatchDefect::none);
  EXPECT_EQ(email_defect(rfc822_name("Ann@example.org"), "ann@example.org"),
            MatchDefect::not_equal);
  EXPECT_EQ(email_defect(rfc822_name("\"a b\"@example.org"), "\"a b\"@example.org"),
            MatchDefect::none);
  EXPECT_EQ(email_defect(dns_name("example.org"), "ann@example.org"), MatchDefect::no_name_of_type);
}

TEST(MatchEmail, TheHostHasABound) {
  const std::string label = "." + std::string(62, 'a');
  const std::string address = "ann@b" + label + label + label + label;  // 253 bytes after @
  EXPECT_EQ(email_defect(rfc822_name(address), address), MatchDefect::none);
  EXPECT_EQ(email_defect(rfc822_name(address), address + "a"), MatchDefect::bad_reference);
}

TEST(MatchEmail, MalformedAddressesNeverMatch) {
  const std::string with_nul("ann@example.org\0.evil.example", 29);
  for (const std::string& name :
       {with_nul, std::string("ann"), std::string("@example.org"), std::string("a@b@example.org"),
        std::string("<ann@example.org>"), std::string("ann@"), std::string("ann@*.org"),
        std::string("ann..b@example.org"), std::string("ann@example.org "),
        std::string("\xc3\xa4@example.org")}) {
    EXPECT_EQ(email_defect(rfc822_name(name), "ann@example.org"), MatchDefect::malformed_names)
        << name;
  }
  for (const std::string_view address : {"", "ann", "a@b@c.org", "ann@ex_ample.org",
                                         "ann@[1.2.3.4]", "ann@\xc3\xa4.org", "\xc3@example.org"}) {
    EXPECT_EQ(email_defect(rfc822_name("ann@example.org"), address), MatchDefect::bad_reference)
        << address;
  }
}

TEST(MatchEmail, Utf8LocalPartsAreInOtherNames) {
  const std::string_view address = "\xc3\xa4nn@example.org";
  EXPECT_EQ(email_defect(smtp_utf8("\xc3\xa4nn@EXAMPLE.org"), address), MatchDefect::none);
  EXPECT_EQ(email_defect(smtp_utf8("\xc3\x84nn@example.org"), address), MatchDefect::not_equal);
  EXPECT_EQ(email_defect(smtp_utf8("ann@example.org"), address), MatchDefect::malformed_names);
  EXPECT_EQ(email_defect(smtp_utf8("\xc3@example.org"), address), MatchDefect::malformed_names);
  EXPECT_EQ(email_defect(rfc822_name("ann@example.org"), address), MatchDefect::no_name_of_type);
  EXPECT_EQ(email_defect(smtp_utf8("ann@example.org"), "ann@example.org"),
            MatchDefect::no_name_of_type);
  EXPECT_EQ(email_defect(other_name("1.3.6.1.5.5.7.8.5", tlv(der::kUtf8String, address)), address),
            MatchDefect::no_name_of_type);
}

TEST(MatchDefect, HasASentence) {
  for (int i = 0; i <= static_cast<int>(MatchDefect::malformed_names); ++i) {
    EXPECT_FALSE(to_string(static_cast<MatchDefect>(i)).empty());
  }
}

}  // namespace
}  // namespace peercert::test
