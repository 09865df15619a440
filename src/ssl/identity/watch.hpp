// SPDX-License-Identifier: Apache-2.0
// What watch_handshakes() asks of the connections of a context, for those that verify them.
#pragma once

#include <string>

#include <openssl/ssl.h>

#include "ssl/identity/verification_record.hpp"

namespace peercert::ssl {

/// Adds the name that the watch compares with the peer's certificate, beside what the application
/// has set. Throws std::bad_alloc.
void add_watched_name(const SSL* ssl, VerifyPolicy& policy);

/// X509_V_OK if the leaf has the watched name, or if there is none; else what is wrong. Throws
/// std::bad_alloc.
int watched_name_error(const SSL* ssl, X509* leaf);

/// Whether the connection may go on with a verified peer only.
bool requires_verified_peer(const SSL* ssl) noexcept;

/// Why the peer of the session that the connection offers would not be verified if the server
/// resumed it; empty if it would. Throws std::bad_alloc.
std::string resumption_objection(const SSL* ssl);

}  // namespace peercert::ssl
