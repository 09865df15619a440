// SPDX-License-Identifier: Apache-2.0
// A real TLS peer whose every record can be replaced before it is protected and sent.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "crypto/openssl_ptr.hpp"
#include "hostile/record_cipher.hpp"
#include "hostile/wire.hpp"
#include "testing/private_ca.hpp"

namespace peercert::hostile {

/// The role of our side, that of the library under test. The peer has the other one.
enum class Side : std::uint8_t { client, server };

/// A context for the peer of `ours`, which presents the credential. It speaks one version and the
/// ciphers of RecordCipher.
SslCtxPtr make_peer_context(Side ours, std::uint16_t version, const ssl::Credential& credential);
/// One that is shared by all threads, with a certificate that our side trusts.
SSL_CTX* peer_context(Side ours, std::uint16_t version);

class TlsPeer {
 public:
  /// Sends what it wants in place of the record.
  using Tamper = std::function<void(TlsPeer&, const Plain&)>;

  TlsPeer(Wire& wire, SSL_CTX* context, Tamper tamper);
  TlsPeer(const TlsPeer&) = delete;
  TlsPeer& operator=(const TlsPeer&) = delete;

  /// To the end, or until our side gives up: throws PeerGone.
  void handshake();
  /// Answers what our side sends, such as a ClientHello for renegotiation. Never returns.
  void converse();

  /// Sends one record, protected if the connection is by now.
  void send(const Plain& plain);
  void send_handshake(std::uint8_t type, std::string_view body) {
    send({kHandshake, message(type, body)});
  }
  /// Protected, TLS 1.3 only: a TLSInnerPlaintext that need not be one.
  void send_inner(std::string_view inner) { wire_.send(seal_.value().seal_inner(inner)); }
  /// The octets of the record that send() would send.
  Octets sealed(const Plain& plain);
  /// What follows an own KeyUpdate.
  void update_keys() { seal_ = seal_.value().updated(); }

  Wire& wire() { return wire_; }
  SSL* ssl() { return ssl_.get(); }
  /// How many records the peer has wanted to send so far, the one at hand included.
  int num_records() const { return num_records_; }

 private:
  static void keep_secret(const SSL* ssl, const char* line);
  friend SslCtxPtr make_peer_context(Side, std::uint16_t, const ssl::Credential&);

  bool is_tls13() const { return SSL_version(ssl_.get()) == TLS1_3_VERSION; }
  void flush();
  void feed();
  void pass(std::string_view record);
  /// Whether a Finished begins in the next part of the handshake.
  bool holds_finished(std::string_view part);
  void protect_with(const RecordCipher& cipher);
  RecordCipher tls12_cipher() const;

  Wire& wire_;
  Tamper tamper_;
  SslPtr ssl_;
  Octets handshake_secret_{}, application_secret_{};
  std::optional<RecordCipher> open_{}, seal_{};  // nullopt: not yet protected
  std::size_t message_left_ = 0;                 // of the handshake message that is under way
  int num_records_ = 0;
};

}  // namespace peercert::hostile
