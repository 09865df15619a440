// SPDX-License-Identifier: Apache-2.0
#include <peercert/ssl/context.hpp>
#include <peercert/ssl/conversions.hpp>
#include <peercert/ssl/error.hpp>
#include <peercert/ssl/server_certificate.hpp>

namespace peercert::ssl {

std::string get_server_certificate(std::string_view host, std::uint16_t port,
                                   const ServerCertificateOptions& options) {
  SSLContext context(Protocol::tls_client);
  context.set_check_hostname(false);
  if (options.ca_certs.empty()) {
    context.set_verify_mode(VerifyMode::none);
  } else {
    context.load_verify_locations({.cafile = options.ca_certs});
  }
  const SSLSocket server = context.wrap_socket(create_connection(host, port, options.timeout),
                                               {.server_hostname = std::string(host)});
  const std::optional<Der> der = server.getpeercert(binary_form);
  if (!der) throw SSLError(SSLErrorNumber::none, "", "", "the server sent no certificate");
  return der_cert_to_pem_cert(*der);
}

}  // namespace peercert::ssl
