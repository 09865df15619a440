// SPDX-License-Identifier: Apache-2.0
// Whom a leaf names, by profile: every kind of name with every commonName under every constraint.
#include <gtest/gtest.h>
#include <openssl/err.h>

#include <peercert/verify/verifier.hpp>

#include "support/signed_certificate.hpp"
#include "verify/path/openssl_path.hpp"

namespace peercert::verify {
namespace {

using namespace peercert::test;

constexpr const char* kHost = "host.example";

struct NameCase {
  std::string alt_names;  // "": no subjectAltName
  std::string common_name;
  std::string constraint;  // of the intermediate; "": none

  std::string text() const { return alt_names + " | " + common_name + " | " + constraint; }
  bool has(std::string_view name) const { return alt_names.find(name) != alt_names.npos; }

  // RFC 9525: only subjectAltName names anybody, and so only that can be outside a constraint.
  bool is_within() const {
    const bool has_dns = has("DNS:");
    if (constraint.empty() || !has_dns) return true;
    const bool is_of_host = constraint.find(kHost) != constraint.npos;
    const bool is_excluded = constraint.starts_with("excluded");
    return (has("DNS:host.example") == is_of_host) != is_excluded;
  }
};

std::vector<NameCase> all_name_cases() {
  std::vector<NameCase> cases;
  for (const char* const alt_names :
       {"", "DNS:host.example", "DNS:other.example", "IP:192.0.2.1", "email:me@host.example",
        "URI:https://host.example/", "IP:192.0.2.1,DNS:host.example"}) {
    for (const char* const common_name : {kHost, "other.example", "Print server"}) {
      for (const char* const constraint :
           {"", "permitted;DNS:host.example", "permitted;DNS:other.example",
            "excluded;DNS:host.example"}) {
        cases.push_back({alt_names, common_name, constraint});
      }
    }
  }
  return cases;
}

/// The three certificates of a case.
struct NamedPath {
  std::vector<Der> der;

  explicit NamedPath(const NameCase& names) {
    const Signer root{"root"}, intermediate{"intermediate"}, leaf{names.common_name};
    SignedOptions leaf_options{.extensions = kLeafExtensions};
    leaf_options.extensions.pop_back();
    if (!names.alt_names.empty()) {
      leaf_options.extensions.emplace_back(NID_subject_alt_name, names.alt_names);
    }
    SignedOptions options;
    if (!names.constraint.empty()) {
      options.extensions.emplace_back(NID_name_constraints, "critical," + names.constraint);
    }
    der = {make_certificate(leaf, intermediate, leaf_options),
           make_certificate(intermediate, root, options), make_certificate(root, root, {})};
  }

  bool is_valid(VerifyProfile profile, bool is_for_host) const {
    Verifier verifier;
    EXPECT_EQ(verifier.add_trust_anchor(der[2]).code, Errc::ok);
    VerifyOptions options{.profile = profile, .at = kNow};
    if (is_for_host) options.name = ReferenceName{NameKind::hostname, kHost};
    const VerifyResult result = verifier.verify(der[0], std::span(der).subspan(1, 1), options);
    EXPECT_EQ(ERR_peek_error(), 0U);
    return result.is_valid();
  }

  /// Whether OpenSSL has it so, set up as Python's default context: the living oracle.
  bool openssl_accepts(bool is_for_host) const {
    std::vector<std::shared_ptr<X509>> x509s;
    for (const Der& each : der) {
      const std::uint8_t* at = each.data();
      x509s.push_back(own(d2i_X509(nullptr, &at, static_cast<long>(each.size())), X509_free));
    }
    const auto store = own(X509_STORE_new(), X509_STORE_free);
    X509_STORE_add_cert(store.get(), x509s[2].get());
    const X509StackPtr untrusted(sk_X509_new_null());
    sk_X509_push(untrusted.get(), x509s[1].get());
    const auto ctx = own(X509_STORE_CTX_new(), X509_STORE_CTX_free);
    X509_STORE_CTX_init(ctx.get(), store.get(), x509s[0].get(), untrusted.get());
    X509_STORE_CTX_set_default(ctx.get(), "ssl_server");
    X509_VERIFY_PARAM* const param = X509_STORE_CTX_get0_param(ctx.get());
    X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_X509_STRICT | X509_V_FLAG_PARTIAL_CHAIN);
    X509_VERIFY_PARAM_set_time(param, kNow.time_since_epoch().count());
    X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (is_for_host) X509_VERIFY_PARAM_set1_host(param, kHost, 0);
    const bool is_accepted = X509_verify_cert(ctx.get()) == 1;
    ERR_clear_error();
    return is_accepted;
  }
};

TEST(NameCheck, WebpkiNeverReadsTheCommonName) {
  for (const NameCase& names : all_name_cases()) {
    const NamedPath path(names);
    for (const VerifyProfile profile : {VerifyProfile::webpki, VerifyProfile::cabf}) {
      const bool has_rules = profile == VerifyProfile::webpki
                                 ? !names.alt_names.empty()
                                 : names.has("DNS:" + names.common_name);
      const bool is_valid = has_rules && names.is_within();
      EXPECT_EQ(path.is_valid(profile, false), is_valid) << names.text();
      EXPECT_EQ(path.is_valid(profile, true), is_valid && names.has("DNS:host.example"))
          << names.text();
    }
  }
}

TEST(NameCheck, OpensslsProfileReadsItAsPythonDoes) {
  int num_by_common_name = 0;
  for (const NameCase& names : all_name_cases()) {
    const NamedPath path(names);
    for (const bool is_for_host : {false, true}) {
      const bool is_accepted = path.openssl_accepts(is_for_host);
      EXPECT_EQ(path.is_valid(VerifyProfile::openssl, is_for_host), is_accepted) << names.text();
      if (is_for_host && is_accepted && !names.has("DNS:")) ++num_by_common_name;
    }
  }
  EXPECT_GT(num_by_common_name, 0);
}

TEST(NameCheck, OpensslTakesAnyTextForAHost) {
  const NamedPath path(
      {"DNS:my_service,DNS:*.example,DNS:a.b,IP:2001:db8::1,email:me@host.example", "other", ""});
  const auto problems = [&path](NameKind kind, const std::string& name, VerifyProfile profile) {
    return check_path(path.der,
                      {.profile = profile, .at = kNow, .name = ReferenceName{kind, name}});
  };
  using enum NameKind;
  for (const auto& [kind, name, is_named] :
       {std::tuple{hostname, "my_service", true},
        {hostname, "MY_SERVICE", true},
        {hostname, "a.example", false},  // X509_CHECK_FLAG_MULTI_LABEL_WILDCARDS aside
        {hostname, "a.b", true},
        {hostname, ".b", false},  // would be all below
        {hostname, "", false},
        {hostname, "2001:DB8::1", true},
        {hostname, "2001:db8::2", false},
        {ip, "2001:db8:0::1", true},
        {ip, "a.b", false},
        {ip, "", false},
        {email, "me@host.example", true},
        {email, "you@host.example", false},
        {email, "", false}}) {
    EXPECT_EQ(problems(kind, name, VerifyProfile::openssl).empty(), is_named) << name;
  }
  const std::string with_nul("a.b\0", 4);
  EXPECT_FALSE(problems(hostname, with_nul, VerifyProfile::openssl).empty());
  EXPECT_FALSE(
      problems(email, std::string("me@host.example\0", 16), VerifyProfile::openssl).empty());
  EXPECT_EQ(problems(hostname, "my_service", VerifyProfile::webpki).front().code,
            "hostname-mismatch");
  EXPECT_EQ(ERR_peek_error(), 0U);
}

TEST(NameCheck, OpensslKnowsNoPartialWildcards) {
  const NamedPath path({"DNS:h*.example,DNS:*.b.example", "other", ""});
  EXPECT_FALSE(path.is_valid(VerifyProfile::openssl, true));
  EXPECT_FALSE(path.openssl_accepts(true));
  const VerifyOptions options{.profile = VerifyProfile::openssl,
                              .at = kNow,
                              .name = ReferenceName{NameKind::hostname, "a.b.example"}};
  EXPECT_TRUE(check_path(path.der, options).empty());
}

}  // namespace
}  // namespace peercert::verify
