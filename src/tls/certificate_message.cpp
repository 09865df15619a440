// SPDX-License-Identifier: Apache-2.0
#include "tls/certificate_message.hpp"

#include <peercert/x509/certificate.hpp>
#include <peercert/x509/tls_reader.hpp>

namespace peercert::tls {

/// Certificate, RFC 8446, 4.4.2:
///   opaque certificate_request_context<0..2^8-1>; CertificateEntry certificate_list<0..2^24-1>;
///   CertificateEntry: opaque cert_data<1..2^24-1>; Extension extensions<0..2^16-1>;
/// RFC 5246, 7.4.2, has neither the first nor the last. Four bytes of Handshake precede it.
CertificateMessage read_certificate_message(Bytes message, bool is_tls13) {
  constexpr std::size_t kHandshakeHeaderLen = 4;
  CertificateMessage read;
  der::Progress progress{.origin = message.data()};
  TlsReader reader(message, progress);
  reader.read(kHandshakeHeaderLen);
  if (is_tls13) reader.read(reader.read_number(1));
  TlsReader list(reader.read(reader.read_number(3)), progress);
  while (list.more()) {
    const Bytes certificate = list.read(list.read_number(3));
    if (is_tls13) list.read_vector();
    if (progress.failed()) break;
    ++read.num_sent;
    if (read.num_sent <= kMaxCertificates) read.certificates.push_back(certificate);
  }
  return read;
}

bool is_certificate(Bytes entry) {
  const Result<CertificateView> view = CertificateView::parse(entry);
  return view || (is_ber(view.error().code) && Certificate::from_der(entry));
}

}  // namespace peercert::tls
