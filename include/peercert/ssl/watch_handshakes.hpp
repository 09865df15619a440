// SPDX-License-Identifier: Apache-2.0
// Who the peers of connections are that a library makes, and keeps to itself.
#pragma once

#include <functional>
#include <string>

#include <peercert/ssl/peer_identity.hpp>

namespace peercert::ssl {

/// What watch_handshakes() is to do.
struct HandshakeWatch {
  /// Called with the identity of the peer when a handshake is done, or has failed for a reason that
  /// OpenSSL knows. Called again after a message that follows the handshake in TLS 1.3, such as a
  /// session ticket or a client's certificate. Runs within the handshake, on its thread, and must
  /// not use the connection. Exceptions are dropped. If the library has an info callback of its
  /// own, a failure in the call that starts the handshake is not reported.
  std::function<void(const PeerIdentity&)> ended{};
  /// Makes a client refuse unverified servers, whatever the library sets at any time: its verify
  /// mode, callbacks that override errors, a verification or an info callback of its own, a session
  /// of an unverified server, ciphers and keys that need no certificate. The handshake fails. In
  /// any case no data passes in either direction. If false, OpenSSL verifies, or not, as the
  /// library says.
  bool require_verified = true;
  /// The name or address that a client compares with the certificate if the library sends no SNI.
  /// With SNI, the client compares the name in it. Empty: without SNI, no name is compared.
  std::string server_hostname{};
};

/// Watches every handshake of the context's connections from now on; those of clients compare
/// names, RFC 9525. Only adds checks: names, flags, purpose, depth and callbacks of the application
/// stay, and its name and the watch's both have to match. Does what capture_verification(ctx) does,
/// which replaces a callback of SSL_CTX_set_cert_verify_callback(): OpenSSL does not reveal it.
/// Uses the context's info callback, and calls the one that was there before, or was set later. The
/// watch is destroyed with the context, or when another one takes its place. Call it before
/// connections are made. A connection that SSL_set_SSL_CTX() gives to another context is that
/// one's. Throws std::bad_alloc.
void watch_handshakes(ssl_ctx_st* ctx, HandshakeWatch watch);

}  // namespace peercert::ssl
