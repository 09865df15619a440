// SPDX-License-Identifier: Apache-2.0
#include <peercert/verify/webpki.hpp>

#include "verify/webpki/rules.hpp"

namespace peercert::verify {
namespace {

std::vector<Problem> check(std::span<const CertificateView> path, const WebpkiOptions& options,
                           VerifyProfile profile) {
  Report report(profile);
  report.expect(!path.empty(), RuleId::path_empty);
  std::vector<PathCertificate> certificates;
  certificates.reserve(path.size());
  for (const CertificateView& view : path) {
    certificates.emplace_back(view, certificates.size(), path.size());
  }
  for (const PathCertificate& certificate : certificates) {
    report.start(certificate.depth);
    check_fields(certificate, options.at, report);
    check_algorithms(certificate, report);
    check_extensions(certificate, report);
    check_usage(certificate, options.purpose, report);
    check_names(certificate, options, report);
    check_name_constraints(certificate, report);
    check_constrained_names(certificates, certificate, report);
    check_path_len(certificates, certificate, report);
    if (report.is_exhausted()) break;
  }
  return report.take();
}

}  // namespace

std::vector<Problem> check_webpki(std::span<const CertificateView> path,
                                  const WebpkiOptions& options) {
  return check(path, options, VerifyProfile::webpki);
}

std::vector<Problem> check_cabf(std::span<const CertificateView> path,
                                const WebpkiOptions& options) {
  return check(path, options, VerifyProfile::cabf);
}

}  // namespace peercert::verify
