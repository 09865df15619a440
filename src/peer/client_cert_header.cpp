// SPDX-License-Identifier: Apache-2.0
#include <peercert/peer/client_cert_header.hpp>

#include "peer/structured_field.hpp"

namespace peercert {
namespace {

bool is_certificate(const Der& der) noexcept {
  const Result<CertificateView> view = CertificateView::parse(der);
  return view && view->der().size() == der.size();
}

}  // namespace

std::string_view to_string(HeaderDefect defect) noexcept {
  switch (defect) {
    case HeaderDefect::none: return "no defect";
    case HeaderDefect::too_long: return "over 262144 octets";
    case HeaderDefect::too_many: return "too many certificates, elements or names";
    case HeaderDefect::bad_syntax: return "malformed";
    case HeaderDefect::bad_base64: return "malformed base64";
    case HeaderDefect::not_a_certificate: return "not a certificate";
    case HeaderDefect::bad_hash: return "the hash is not 64 hexadecimal digits";
    case HeaderDefect::repeated_key: return "a key is there twice";
  }
  return "";
}

HeaderResult<AssertedClient> parse_client_cert(std::string_view client_cert,
                                               std::string_view client_cert_chain) {
  AssertedClient client;
  if (client_cert.size() > kMaxClientCertHeaderLen ||
      client_cert_chain.size() > kMaxClientCertHeaderLen)
    return {{}, HeaderDefect::too_long};
  HeaderDefect defect = structured::parse_item(client_cert, client.certificate);
  if (defect != HeaderDefect::none) return {{}, defect};
  defect = structured::parse_list(client_cert_chain, client.chain);
  if (defect != HeaderDefect::none) return {{}, defect};
  bool are_certificates = is_certificate(client.certificate);
  for (const Der& der : client.chain) are_certificates = are_certificates && is_certificate(der);
  if (!are_certificates) return {{}, HeaderDefect::not_a_certificate};
  return {std::move(client)};
}

std::string to_client_cert(Bytes certificate) { return structured::byte_sequence(certificate); }

std::string to_client_cert_chain(const std::vector<Der>& chain) {
  std::string value;
  for (const Der& der : chain) {
    if (!value.empty()) value += ", ";
    value += structured::byte_sequence(der);
  }
  return value;
}

}  // namespace peercert
