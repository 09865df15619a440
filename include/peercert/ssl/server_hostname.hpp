// SPDX-License-Identifier: Apache-2.0
// Whom a connection is for, where something else than wrap_socket() makes it.
#pragma once

#include <string>

struct ssl_st;  // OpenSSL's SSL

namespace peercert::ssl {

/// To be called on a client's connection before its handshake: names the server in SNI (RFC 6066,
/// 3; not an address), and has verification compare the name or address with the certificate (RFC
/// 9525), as wrap_socket() with check_hostname does. Sets SSL_VERIFY_PEER on this connection, since
/// a name that does not match would stop nobody otherwise; the context, which getpeercert() asks,
/// keeps its mode. Replaces a host, or an address, that SSL_set1_host() or X509_VERIFY_PARAM has
/// set before, and only adds to its flags. Throws ValueError for what is neither a name nor an
/// address, and once the handshake has begun; SSLError where OpenSSL refuses.
void set_server_hostname(ssl_st* ssl, const std::string& server_hostname);

}  // namespace peercert::ssl
