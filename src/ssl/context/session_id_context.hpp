// SPDX-License-Identifier: Apache-2.0
// Which servers may resume each other's sessions.
#pragma once

#include <openssl/ssl.h>

namespace peercert::ssl {

/// Gives a server's context, or a connection, a session id context that is a digest of what the
/// context asks of clients: OpenSSL then resumes only sessions that were made under the same, and
/// has a full handshake with others. The same in every process with the same configuration. To be
/// called whenever that changes. Throws SSLError.
void set_session_id_context(SSL_CTX* ctx);
/// For the context that the connection has now.
void set_session_id_context(SSL* ssl);

}  // namespace peercert::ssl
