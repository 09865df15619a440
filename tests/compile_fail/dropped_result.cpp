// SPDX-License-Identifier: Apache-2.0
// A Result that nobody looks at.
// error: ignoring return.* value
#include <peercert/x509/certificate.hpp>

bool is_certificate(peercert::Bytes der) {
#ifdef MISTAKE
  peercert::CertificateView::parse(der);
  return true;
#else
  return peercert::CertificateView::parse(der).has_value();
#endif
}
