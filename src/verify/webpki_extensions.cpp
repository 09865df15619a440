// SPDX-License-Identifier: Apache-2.0
#include "verify/rules.hpp"
#include "x509/oids.hpp"

namespace peercert::verify {
namespace {

// RFC 5280, 4.2: a certificate holds no extension twice. Gives false if there are too many.
bool check_repetition(ExtensionsView extensions, Report& report) {
  std::vector<Bytes> seen;
  for (const Extension extension : extensions) {
    for (const Bytes oid : seen) {
      if (!report.may_compare(oid.size())) return false;
      report.expect(!oids::equal(oid, extension.oid), RuleId::extension_repeated);
    }
    seen.push_back(extension.oid);
  }
  return true;
}

}  // namespace

void check_extensions(const PathCertificate& certificate, Report& report) {
  check_repetition(certificate.view.extensions(), report);
}

}  // namespace peercert::verify
