// SPDX-License-Identifier: Apache-2.0
// What Certificate Transparency logs have promised for the server's certificate: RFC 6962, 3.3.
#pragma once

#include <cstdint>
#include <vector>

#include <peercert/base/result.hpp>
#include <peercert/x509/extensions/signed_certificate_timestamps.hpp>

struct ssl_st;      // OpenSSL's SSL
struct ssl_ctx_st;  // OpenSSL's SSL_CTX

namespace peercert::ssl {

/// The three ways in which a server presents an SCT.
enum class SctSource : std::uint8_t { certificate, tls_extension, ocsp_staple };

/// One SCT, owned.
struct PresentedSct {
  SctSource source = SctSource::certificate;  // how the server presented it
  std::vector<std::uint8_t> octets{};         // a SignedCertificateTimestamp

  /// What the bytes say. Borrows them.
  SignedCertificateTimestamp view() const& noexcept PEERCERT_LIFETIMEBOUND;
  SignedCertificateTimestamp view() && = delete;
};

/// The SCTs of a client's connection, from wherever they came. Signatures are not verified: that
/// needs the logs' keys. One whose signature is empty proves nothing, and is left out. Of a list
/// that is malformed there are none. Empty before the handshake is done. A resumed connection has
/// those of the certificate alone.
std::vector<PresentedSct> signed_certificate_timestamps(const ssl_st* ssl);

/// The sources that have a list which is malformed, so that its SCTs are missing above; empty
/// before the handshake is done. Never SctSource::tls_extension: OpenSSL keeps such a list to
/// itself.
std::vector<SctSource> malformed_sct_lists(const ssl_st* ssl);

/// Has the client connections of the context ask for SCTs in the TLS extension, and for an OCSP
/// staple, which may hold some. Nothing is refused for what comes of it. Replaces a callback of
/// SSL_CTX_set_ct_validation_callback(). Throws SSLError if OpenSSL refuses, as where the extension
/// is handled by a callback of the application's.
void request_scts(ssl_ctx_st* ctx);

}  // namespace peercert::ssl
