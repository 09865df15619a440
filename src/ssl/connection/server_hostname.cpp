// SPDX-License-Identifier: Apache-2.0
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <peercert/ssl/error.hpp>
#include <peercert/ssl/server_hostname.hpp>

#include "ssl/connection/connection.hpp"
#include "ssl/connection/outcome.hpp"
#include "ssl/net/idna.hpp"

namespace peercert::ssl {

void set_server_hostname(ssl_st* ssl, const std::string& server_hostname) {
  const std::string host = to_a_labels(server_hostname);
  const std::string_view problem = server_hostname_problem(host);
  if (!problem.empty()) throw ValueError(std::string(problem));
  if (SSL_in_before(ssl) != 1) {
    throw ValueError(
        "set_server_hostname() comes too late, since the handshake has begun: call it before");
  }
  clear_errors();
  const ConnectionOptions options{.check_hostname = true,
                                  .host_flags = X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS,
                                  .server_hostname = host};
  if (!set_server_hostname(ssl, options)) throw_last_error();
  clear_errors();  // a2i_IPADDRESS() leaves an entry for what is not an address
  SSL_set_verify(ssl, SSL_get_verify_mode(ssl) | SSL_VERIFY_PEER, SSL_get_verify_callback(ssl));
}

}  // namespace peercert::ssl
