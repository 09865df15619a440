// SPDX-License-Identifier: Apache-2.0
// Where the records of verification are kept.
#pragma once

#include <memory>
#include <optional>

#include <openssl/ssl.h>

#include "ssl/identity/verification_record.hpp"

namespace peercert::ssl {

/// Puts the record of a certificate that a client sent after its handshake into the tickets that
/// follow. For contexts of our own: OpenSSL has one callback for this, and does not tell whose.
void record_in_tickets(SSL_CTX* ctx) noexcept;

/// The application's verify callback: not ours that was put in its place. Null if it has none.
SSL_verify_cb application_callback(const SSL* ssl);

/// What was found in the connection's present handshake; null if nothing was recorded in it.
std::shared_ptr<const VerificationRecord> handshake_record(const SSL* ssl);

/// Whether the connection has been given another store than that of its handshake_record(), as
/// SSL_set_SSL_CTX() does.
bool has_another_store(const SSL* ssl) noexcept;

/// What was found when the connection's session was made; nullopt if it has no record, or one of
/// another certificate.
std::optional<VerificationRecord> session_record(const SSL* ssl);

}  // namespace peercert::ssl
