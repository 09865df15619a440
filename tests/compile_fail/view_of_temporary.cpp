// SPDX-License-Identifier: Apache-2.0
// A view of octets that are gone at the end of the statement.
// error: deleted function
#include <peercert/x509/certificate.hpp>

peercert::Der read_file();
void use(const peercert::CertificateView& certificate);

void show_file() {
#ifdef MISTAKE
  if (const auto certificate = peercert::CertificateView::parse(read_file())) use(*certificate);
#else
  const peercert::Der der = read_file();
  if (const auto certificate = peercert::CertificateView::parse(der)) use(*certificate);
#endif
}
