// SPDX-License-Identifier: Apache-2.0
#include "verify/webpki/rules.hpp"
#include "x509/oids.hpp"

namespace peercert::verify {
namespace {

constexpr auto kAnyExtendedKeyUsage = der::make_oid<2, 5, 29, 37, 0>();
constexpr auto kServerAuth = der::make_oid<1, 3, 6, 1, 5, 5, 7, 3, 1>();
constexpr auto kClientAuth = der::make_oid<1, 3, 6, 1, 5, 5, 7, 3, 2>();
constexpr auto kCodeSigning = der::make_oid<1, 3, 6, 1, 5, 5, 7, 3, 3>();
constexpr auto kEmailProtection = der::make_oid<1, 3, 6, 1, 5, 5, 7, 3, 4>();
constexpr auto kTimeStamping = der::make_oid<1, 3, 6, 1, 5, 5, 7, 3, 8>();
constexpr auto kOcspSigning = der::make_oid<1, 3, 6, 1, 5, 5, 7, 3, 9>();
constexpr auto kPrecertificateSigning = der::make_oid<1, 3, 6, 1, 4, 1, 11129, 2, 4, 4>();

// Baseline Requirements, 7.1.2.7.10: not in a server's certificate.
constexpr Bytes kNotForServers[] = {kAnyExtendedKeyUsage, kCodeSigning, kEmailProtection,
                                    kTimeStamping,        kOcspSigning, kPrecertificateSigning};

Bytes purpose_oid(Purpose purpose) noexcept {
  return purpose == Purpose::server_auth ? Bytes(kServerAuth) : Bytes(kClientAuth);
}

bool contains(const ExtKeyUsage& usage, Bytes purpose) noexcept {
  return std::ranges::any_of(usage.purposes, [purpose](const der::AnyValue& each) {
    return oids::equal(each.content(), purpose);
  });
}

// RFC 5280, 4.2.1.12; Baseline Requirements, 7.1.2.7.10.
void check_leaf_ext_key_usage(const PathCertificate& leaf, Purpose purpose, Report& report) {
  const Found<ExtKeyUsage>& usage = leaf.ext_key_usage;
  report.expect(usage.is_present(), RuleId::ext_key_usage_missing);
  if (!usage) return;
  report.expect(contains(*usage.value, purpose_oid(purpose)), RuleId::ext_key_usage_mismatch);
  if (purpose != Purpose::server_auth) return;
  report.expect(!usage.is_critical(), RuleId::ext_key_usage_critical);
  const bool is_mixed = std::ranges::any_of(
      kNotForServers, [&usage](Bytes other) { return contains(*usage.value, other); });
  report.expect(!is_mixed, RuleId::ext_key_usage_mixed);
}

// RFC 5280, 4.2.1.12: what a CA's key may be used for limits those below it, as everybody has it.
// Baseline Requirements, 7.1.2.1.2: a root has none.
void check_ca_ext_key_usage(const PathCertificate& ca, Purpose purpose, Report& report) {
  const Found<ExtKeyUsage>& usage = ca.ext_key_usage;
  report.expect(!usage.is_present() || !ca.is_root(), RuleId::ext_key_usage_in_root);
  if (!usage) return;
  const bool is_allowed =
      contains(*usage.value, purpose_oid(purpose)) || contains(*usage.value, kAnyExtendedKeyUsage);
  report.expect(is_allowed, RuleId::ext_key_usage_mismatch);
}

// RFC 5280, 4.2.1.3 and 4.2.1.9.
void check_issuer(const PathCertificate& ca, Report& report) {
  report.expect(ca.is_ca(), RuleId::issuer_not_a_ca);
  report.expect(!ca.basic_constraints.is_present() || ca.basic_constraints.is_critical(),
                RuleId::must_be_critical, "basicConstraints");
  report.expect(ca.key_usage.is_present(), RuleId::key_usage_missing);
  report.expect(!ca.key_usage || ca.signs_certificates(), RuleId::key_cert_sign_missing);
}

// RFC 5280, 4.2.1.9: "cA" goes with keyCertSign, and pathLenConstraint with both.
void check_consistency(const PathCertificate& certificate, Report& report) {
  const bool signs = certificate.signs_certificates();
  report.expect(!certificate.is_leaf || !signs || certificate.is_ca(),
                RuleId::key_cert_sign_without_ca);
  const Found<BasicConstraints>& constraints = certificate.basic_constraints;
  if (!constraints || !constraints->path_len_constraint) return;
  report.expect((constraints->path_len_constraint->front() & 0x80) == 0,
                RuleId::extension_malformed, "basicConstraints");
  report.expect(certificate.is_ca() && signs, RuleId::path_len_without_ca);
}

}  // namespace

void check_usage(const PathCertificate& certificate, Purpose purpose, Report& report) {
  check_consistency(certificate, report);
  if (!certificate.is_leaf) {
    check_issuer(certificate, report);
    return check_ca_ext_key_usage(certificate, purpose, report);
  }
  check_leaf_ext_key_usage(certificate, purpose, report);
  report.expect(purpose != Purpose::server_auth || !certificate.is_ca(), RuleId::ca_as_leaf);
}

// RFC 5280, 4.2.1.9: how many CAs that are not self-issued stand between a CA and the leaf.
void check_path_len(std::span<const PathCertificate> path, const PathCertificate& ca,
                    Report& report) {
  if (!ca.is_ca() || !ca.basic_constraints->path_len_constraint || ca.is_leaf) return;
  const auto below = path.subspan(1, static_cast<std::size_t>(ca.depth) - 1);
  const auto num_below =
      static_cast<std::size_t>(std::ranges::count(below, false, &PathCertificate::is_self_issued));
  const Bytes path_len = *ca.basic_constraints->path_len_constraint;
  report.expect(num_below <= limit_of(path_len, path.size()), RuleId::path_too_long);
}

}  // namespace peercert::verify
