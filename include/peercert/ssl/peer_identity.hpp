// SPDX-License-Identifier: Apache-2.0
// Who the peer is, and whether anybody has verified that: for any connection of OpenSSL's.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <peercert/ssl/pin.hpp>
#include <peercert/x509/certificate.hpp>
#include <peercert/x509/spiffe.hpp>

struct ssl_st;      // OpenSSL's SSL
struct ssl_ctx_st;  // OpenSSL's SSL_CTX

namespace peercert::ssl {

/// What is known of a peer's certificate.
enum class Verdict : std::uint8_t {
  absent,      // the peer sent no certificate
  unverified,  // it sent one that nobody has verified, or that was accepted in spite of an error
  failed,      // the handshake was refused because of it
  verified,    // verified as the connection asked for, and the handshake is done
};
/// "verified". Static storage.
std::string_view to_string(Verdict verdict) noexcept;

/// What verification objected to.
struct VerifyError {
  int code = 0;             // OpenSSL's X509_V_ERR_* code, such as 10
  int depth = 0;            // of the certificate in the chain: 0 is the peer's own
  std::string message{};    // OpenSSL's sentence: "certificate has expired"
  std::string subject{};    // of that certificate, as to_text(NameView); cut at 256 bytes
  bool overridden = false;  // an application's callback accepted the certificate anyway

  friend bool operator==(const VerifyError&, const VerifyError&) = default;
};

/// A SpiffeResult that owns its texts.
struct PeerSpiffeId {
  /// The ID and its two parts.
  struct Id {
    std::string uri, trust_domain, path;  // as in SpiffeId
  };
  Id id{};                                   // empty if there is none
  SpiffeDefect defect = SpiffeDefect::none;  // why there is none

  /// Whether there is an ID.
  explicit operator bool() const noexcept { return defect == SpiffeDefect::none; }
};

/// A peer whose certificate was verified: what code that grants access should take. Only the
/// library makes one, of a connection whose verdict is verified. Copies share what they hold.
class VerifiedPeer {
 public:
  /// Shares the bytes with this, and outlives it.
  Certificate certificate() const noexcept;
  /// The chain as verification built it, the peer's certificate first and the trust anchor last;
  /// nullopt if the session that was resumed had no room for it.
  std::optional<std::vector<Der>> chain() const;
  /// The name that the connection asked for and that the certificate names: a host, an IP address
  /// or an e-mail address, never empty. nullopt if it asked for none, as servers do: then every
  /// peer that the trust anchors vouch for is verified.
  std::optional<std::string> name() const;
  /// The peer's SPIFFE ID, or why it has none. Throws std::bad_alloc.
  PeerSpiffeId spiffe_id() const;
  /// Whether the peer's key is one of the set's.
  bool matches_pin(const PinSet& pins) const;

 private:
  friend class PeerIdentity;
  struct State;
  explicit VerifiedPeer(std::shared_ptr<const State> state) noexcept;

  std::shared_ptr<const State> state_;
};

/// What is known of a connection's peer at one moment. Owns all of it, and outlives the connection.
/// Copies share what they hold.
class PeerIdentity {
 public:
  /// What is known of the certificate.
  Verdict verdict() const noexcept;
  /// Whether the connection resumed a session: what is known of the peer was then learned when the
  /// session was made.
  bool resumed() const noexcept;

  /// The peer's certificate, whatever the verdict; null if there is none, or none that can be
  /// decoded.
  const Certificate* certificate() const& noexcept PEERCERT_LIFETIMEBOUND;
  const Certificate* certificate() && = delete;
  /// The certificates as the peer sent them, its own first; empty if it sent none. nullopt: not
  /// available, since the session was resumed and has no record of them.
  const std::optional<std::vector<Der>>& chain_sent() const& noexcept PEERCERT_LIFETIMEBOUND;
  std::optional<std::vector<Der>> chain_sent() && { return std::as_const(*this).chain_sent(); }
  /// What verification objected to, in the order met. It goes on after an error only if the
  /// application's callback tells it to, and then at most 32 are kept.
  const std::vector<VerifyError>& errors() const& noexcept PEERCERT_LIFETIMEBOUND;
  std::vector<VerifyError> errors() && { return std::as_const(*this).errors(); }

  /// nullopt unless verdict() is verified. Lives as long as you like.
  std::optional<VerifiedPeer> verified() const noexcept;

  /// Why the verdict is what it is, in a sentence.
  const std::string& reason() const& noexcept PEERCERT_LIFETIMEBOUND;
  std::string reason() && { return std::as_const(*this).reason(); }
  /// The verdict, the peer and the reason, in one line for a log. Control characters of the
  /// certificate are escaped.
  std::string to_string() const;

 private:
  friend PeerIdentity peer_identity(const ssl_st* ssl);
  struct State;
  explicit PeerIdentity(std::shared_ptr<const State> state) noexcept;

  std::shared_ptr<const State> state_;
};

/// Who the peer of the connection is. At any time: before the handshake is done and after it
/// failed, too. Never verified unless the connection
///
/// * asked for it (SSL_VERIFY_PEER), and every check of X509_verify_cert() was passed: an error
///   that the application's callback overrode counts, and so does SSL_set_verify_result();
/// * has done its handshake, so that the peer has proven to hold the key;
/// * asks for the same now as in its handshake: what is asked for later has not been checked;
/// * if resumed, has a record with the session (capture_verification()) that says so, asks for the
///   same as the connection that made the session, trusts the same issuers and CRLs, and all
///   certificates of the chain are still within their validity. docs/identity.md lists what is
///   compared.
///
/// On a connection without capture_verification() the verdict is what the SSL proves by itself. It
/// is not verified if it was resumed, or if it or its X509_STORE has callbacks, which may have
/// overridden anything. Otherwise the chain that the peer sent is verified once more, in each call.
PeerIdentity peer_identity(const ssl_st* ssl);

/// Records the verification of each connection of this context for peer_identity(): its errors and
/// its chains, also after a failed handshake. The record stays with the session, so that a resumed
/// connection has it. Call it before connections are made. An SSLContext has done it already.
///
/// What is accepted stays the same, with the application's verify callback too; but a callback of
/// SSL_CTX_set_cert_verify_callback() is replaced: where there is one, use the other function. The
/// session's ticket appdata is left alone if the application has put its own there.
void capture_verification(ssl_ctx_st* ctx) noexcept;

/// The same for one connection, before its handshake. It takes the verify callback's place, and
/// calls it as before. A later SSL_set_verify() with a callback ends it.
void capture_verification(ssl_st* ssl) noexcept;

/// What a context of OpenSSL's own needs for peer_identity() to be able to say verified: asks for
/// verification (SSL_VERIFY_PEER), on a server refuses clients without a certificate
/// (SSL_VERIFY_FAIL_IF_NO_PEER_CERT), and does capture_verification(). The application's verify
/// callback remains. The caller still sets whom to trust, and on a client the name
/// (set_server_hostname()).
void require_verified_peers(ssl_ctx_st* ctx) noexcept;

}  // namespace peercert::ssl
