// SPDX-License-Identifier: Apache-2.0
// What the issuer's OCSP responder says of the server's certificate, sent by the server itself:
// RFC 6066, 8, and RFC 8446, 4.4.2.1. The response is that of RFC 6960.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <peercert/base/result.hpp>

struct ssl_st;      // OpenSSL's SSL
struct ssl_ctx_st;  // OpenSSL's SSL_CTX

namespace peercert::ssl {

/// CertStatus, RFC 6960, 4.2.1.
enum class OcspStatus : std::uint8_t { good, revoked, unknown };

/// What a stapled OCSP response is worth.
enum class OcspVerdict : std::uint8_t {
  absent,    // none was sent, as on every resumed connection, or none was asked for
  unusable,  // nothing that it says can be relied on: OcspStaple::problem
  good,      // verified, fresh, and of this certificate; likewise those below
  revoked,
  unknown,  // the responder does not know the certificate
};
/// "unusable". Static storage.
std::string_view to_string(OcspVerdict verdict) noexcept;

/// How far the responder's clock may be off, and how old a response without nextUpdate may be.
inline constexpr std::chrono::seconds kOcspClockSkew = std::chrono::minutes(5);
/// A response without nextUpdate is stale once thisUpdate is older.
inline constexpr std::chrono::seconds kOcspMaxAge = std::chrono::hours(24 * 7);

/// A stapled response. All but the verdict and the problem is what the response claims, and is
/// there as far as it can be read, whatever the verdict.
struct OcspStaple {
  OcspVerdict verdict = OcspVerdict::absent;  // what to rely on
  std::string problem{};                      // one sentence, if the verdict is unusable
  std::vector<std::uint8_t> octets{};         // the OCSPResponse as it was sent

  std::string responder{};  // its name, or "key" and the hash of its key in hexadecimal
  std::optional<std::chrono::sys_seconds> produced_at{};  // when it was signed
  // Of the answer for this certificate, if there is one.
  std::optional<OcspStatus> status{};  // what it says
  /// RFC 6960, 4.2.2.1: when the status was right, and when a newer one comes.
  std::optional<std::chrono::sys_seconds> this_update{}, next_update{};
  std::optional<std::chrono::sys_seconds> revocation_time{};  // when it was revoked
  std::optional<int> revocation_reason{};                     // CRLReason, RFC 5280, 5.3.1
};

/// The response that the server sent with its certificate. To be relied on, it has to be signed by
/// the certificate's issuer, or by a responder whom the issuer has certified for id-kp-OCSPSigning
/// under a trust anchor of the context, to be of this certificate, and to be fresh. That does not
/// verify the certificate itself: see peer_identity(). RFC 6960, 3.2. A connection does not fail
/// because of what a staple says, or because there is none.
OcspStaple ocsp_staple(const ssl_st* ssl);

/// Whether the client connections of the context ask for a staple, as they do not at first.
void request_ocsp_staple(ssl_ctx_st* ctx, bool on = true) noexcept;

/// The DER of the OCSPResponse that the server connections of the context send to clients that ask;
/// empty: none. It is not checked. Call it first before connections are made, and then again from
/// any thread. Replaces a callback of SSL_CTX_set_tlsext_status_cb(). Throws std::bad_alloc.
void set_ocsp_staple(ssl_ctx_st* ctx, Bytes response);

}  // namespace peercert::ssl
