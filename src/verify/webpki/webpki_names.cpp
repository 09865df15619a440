// SPDX-License-Identifier: Apache-2.0
#include "peer/ip_text.hpp"
#include "peer/mailbox.hpp"
#include "verify/webpki/rules.hpp"
#include "x509/oids.hpp"

namespace peercert::verify {
namespace {

// Baseline Requirements, 3.2.2.6: no wildcard directly over what anybody may register under.
bool is_over_public_suffix(std::string_view name, PublicSuffixTest is_public_suffix) {
  const std::string_view base = name.substr(kWildcard.size());
  if (base.find('.') == std::string_view::npos) return true;
  if (is_public_suffix == nullptr) return false;
  std::string lower(base);
  std::ranges::transform(lower, lower.begin(), to_lower);
  return is_public_suffix(lower);
}

// RFC 5280, 4.2.1.6; Baseline Requirements, 7.1.2.7.12.
class NameRules {
 public:
  NameRules(PublicSuffixTest is_public_suffix, Report& report) noexcept
      : is_public_suffix_(is_public_suffix), report_(report) {}

  void check(const GeneralName& name) const {
    const std::string_view text = as_text(name.value);
    switch (name.type) {
      case GeneralNameType::dns_name: return check_dns(text, name.value);
      case GeneralNameType::ip_address:
        return expect(text.size() == kIpv4AddressLen || text.size() == kIpv6AddressLen,
                      RuleId::san_ip_malformed, name.value);
      case GeneralNameType::rfc822_name:
        return expect(is_mailbox(text, Underscores::refused), RuleId::san_email_malformed,
                      name.value);
      case GeneralNameType::uniform_resource_identifier:
        return expect(is_absolute_uri(text), RuleId::san_uri_malformed, name.value);
      default: return;
    }
  }

 private:
  void expect(bool holds, RuleId rule, Bytes name) const {
    if (!holds) report_.add(rule, quoted(name));
  }
  void check_dns(std::string_view text, Bytes name) const {
    const DnsNameForm form = dns_name_form(text);
    expect(form != DnsNameForm::malformed, RuleId::san_dns_malformed, name);
    expect(form != DnsNameForm::misplaced_wildcard, RuleId::san_wildcard_misplaced, name);
    if (form != DnsNameForm::wildcard) return;
    expect(!is_over_public_suffix(text, is_public_suffix_), RuleId::san_wildcard_over_public_suffix,
           name);
  }

  PublicSuffixTest is_public_suffix_;
  Report& report_;
};

// Baseline Requirements, 7.1.4.3: a copy of a dNSName, or an address as RFC 5952 writes it.
bool is_value_of(const GeneralName& name, Bytes common_name) {
  switch (name.type) {
    case GeneralNameType::ip_address: return ip_address_text(name.value) == as_text(common_name);
    case GeneralNameType::dns_name: return std::ranges::equal(name.value, common_name);
    default: return false;
  }
}

void check_common_name(Bytes common_name, GeneralNamesView names, Report& report) {
  for (const GeneralName name : names) {
    if (!report.may_compare(name.value.size())) return;
    if (is_value_of(name, common_name)) return;
  }
  report.add(RuleId::common_name_not_in_san, quoted(common_name));
}

void check_common_names(const PathCertificate& leaf, GeneralNamesView names, Report& report) {
  for (const RdnView rdn : leaf.view.subject()) {
    for (const Attribute attribute : rdn) {
      if (!oids::equal(attribute.type, oids::kCommonName)) continue;
      check_common_name(attribute.value, names, report);
    }
  }
}

// RFC 5280, 4.2.1.6; Baseline Requirements, 7.1.2.7.12: critical where there is no subject, and
// only there.
void check_criticality(const PathCertificate& leaf, Report& report) {
  const bool is_critical = leaf.subject_alt_name.is_critical();
  const bool has_subject = !leaf.view.subject().empty();
  report.expect(is_critical || has_subject, RuleId::san_not_critical);
  report.expect(!is_critical || !has_subject, RuleId::san_critical);
}

}  // namespace

void check_names(const PathCertificate& certificate, const WebpkiOptions& options, Report& report) {
  if (certificate.is_anchor()) return;
  const Found<SubjectAltName>& alt_name = certificate.subject_alt_name;
  if (certificate.is_leaf) {
    const bool is_needed =
        options.purpose == Purpose::server_auth || certificate.view.subject().empty();
    report.expect(alt_name.is_present() || !is_needed, RuleId::san_missing);
    if (alt_name.is_present()) check_criticality(certificate, report);
  }
  if (!alt_name) return;
  const NameRules rules(options.is_public_suffix, report);
  for (const GeneralName name : alt_name->names) rules.check(name);
  const bool is_server = certificate.is_leaf && options.purpose == Purpose::server_auth;
  if (is_server && report.asks(RuleId::common_name_not_in_san)) {
    check_common_names(certificate, alt_name->names, report);
  }
}

}  // namespace peercert::verify
