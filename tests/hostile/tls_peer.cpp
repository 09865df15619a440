// SPDX-License-Identifier: Apache-2.0
#include "hostile/tls_peer.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "support/tls_pair.hpp"

namespace peercert::hostile {

namespace {

void require(bool ok) {
  if (!ok) throw std::runtime_error("hostile peer");
}

Octets from_hex(std::string_view hex) {
  Octets text;
  for (; hex.size() >= 2; hex.remove_prefix(2)) {
    text.push_back(static_cast<char>(std::stoi(std::string(hex.substr(0, 2)), nullptr, 16)));
  }
  return text;
}

template <class Function, class Object>
Octets get_octets(Function function, const Object* object) {
  Octets text(SSL_MAX_MASTER_KEY_LENGTH, '\0');
  text.resize(function(object, reinterpret_cast<unsigned char*>(text.data()), text.size()));
  return text;
}

}  // namespace

SslCtxPtr make_peer_context(Side ours, std::uint16_t version, const ssl::Credential& credential) {
  const bool peer_is_client = ours == Side::server;
  // The SSL_CTX of a context of our own, so that certificates are loaded in one way.
  ssl::SSLContext context(peer_is_client ? ssl::Protocol::tls_client : ssl::Protocol::tls_server);
  ssl::TestPki::load(context, credential);
  SSL_CTX* ctx = context.native_handle();
  SSL_CTX_up_ref(ctx);
  SslCtxPtr owned(ctx);
  SSL_CTX_set_verify(ctx, SSL_VERIFY_NONE, nullptr);
  require(SSL_CTX_set_min_proto_version(ctx, version) == 1);
  require(SSL_CTX_set_max_proto_version(ctx, version) == 1);
  require(SSL_CTX_set_ciphersuites(ctx, "TLS_AES_128_GCM_SHA256") == 1);
  require(SSL_CTX_set_cipher_list(ctx, "ECDHE+AES128+AESGCM:DHE+AES128+AESGCM") == 1);
  SSL_CTX_set_keylog_callback(ctx, TlsPeer::keep_secret);
  return owned;
}

SSL_CTX* peer_context(Side ours, std::uint16_t version) {
  const auto make = [](Side side, std::uint16_t of_version) {
    const ssl::TestPki& pki = ssl::TestPki::shared();
    return make_peer_context(side, of_version, side == Side::server ? pki.client : pki.server);
  };
  static const SslCtxPtr contexts[2][2] = {
      {make(Side::client, kTls12), make(Side::client, kTls13)},
      {make(Side::server, kTls12), make(Side::server, kTls13)}};
  return contexts[ours == Side::server][version == kTls13].get();
}

TlsPeer::TlsPeer(Wire& wire, SSL_CTX* context, Tamper tamper)
    : wire_(wire), tamper_(std::move(tamper)), ssl_(SSL_new(context)) {
  require(ssl_ != nullptr);
  SSL_set_app_data(ssl_.get(), this);
  SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  const bool is_client = SSL_CTX_get_ssl_method(context) == TLS_client_method();
  is_client ? SSL_set_connect_state(ssl_.get()) : SSL_set_accept_state(ssl_.get());
}

/// An SSL_CTX_keylog_cb_func: "LABEL client_random secret", in hexadecimal.
void TlsPeer::keep_secret(const SSL* ssl, const char* text) {
  auto* const self = static_cast<TlsPeer*>(SSL_get_app_data(ssl));
  const std::string_view line(text);
  const std::string_view own = SSL_is_server(ssl) == 1 ? "SERVER_" : "CLIENT_";
  const Octets secret = from_hex(line.substr(line.rfind(' ') + 1));
  if (line.starts_with(Octets(own) + "HANDSHAKE_TRAFFIC_SECRET ")) self->handshake_secret_ = secret;
  if (line.starts_with(Octets(own) + "TRAFFIC_SECRET_0 ")) self->application_secret_ = secret;
}

void TlsPeer::handshake() {
  for (;;) {
    const int result = SSL_do_handshake(ssl_.get());
    flush();
    if (result == 1) return;
    if (SSL_get_error(ssl_.get(), result) != SSL_ERROR_WANT_READ) wire_.drain();
    feed();
  }
}

void TlsPeer::converse() {
  for (;;) {
    char octets[kMaxFragmentLen];
    const int result = SSL_read(ssl_.get(), octets, sizeof octets);
    flush();
    if (result > 0) continue;
    if (SSL_get_error(ssl_.get(), result) != SSL_ERROR_WANT_READ) wire_.drain();
    feed();
  }
}

void TlsPeer::feed() {
  const Octets received = wire_.receive();
  BIO_write(SSL_get_rbio(ssl_.get()), received.data(), static_cast<int>(received.size()));
}

void TlsPeer::flush() {
  char* data = nullptr;
  const long len = BIO_get_mem_data(SSL_get_wbio(ssl_.get()), &data);
  const Octets all(data, static_cast<std::size_t>(len));
  static_cast<void>(BIO_reset(SSL_get_wbio(ssl_.get())));
  for (std::string_view rest = all; !rest.empty();) {
    const auto octet = [&](std::size_t at) { return static_cast<std::uint8_t>(rest[at]); };
    const std::size_t record_len = 5U + octet(3) * 256U + octet(4);
    pass(rest.substr(0, record_len));
    rest.remove_prefix(record_len);
  }
}

void TlsPeer::pass(std::string_view record) {
  const auto type = static_cast<std::uint8_t>(record.front());
  if (is_tls13() && type == kApplicationData && !open_) {
    protect_with(RecordCipher::tls13(handshake_secret_));
  }
  const bool is_protected = open_ && !(is_tls13() && type == kChangeCipherSpec);
  const Plain plain = is_protected ? open_->open(record) : Plain{type, Octets(record.substr(5))};
  ++num_records_;
  tamper_(*this, plain);
  const bool finished = is_protected && plain.type == kHandshake && holds_finished(plain.octets);
  if (is_tls13() && finished) protect_with(RecordCipher::tls13(application_secret_));
  if (!is_tls13() && type == kChangeCipherSpec) protect_with(tls12_cipher());
}

// A long message takes several records, which may begin with anything.
bool TlsPeer::holds_finished(std::string_view part) {
  constexpr std::size_t kHeaderLen = 4;
  bool found = false;
  for (;;) {
    const std::size_t len = std::min(message_left_, part.size());
    message_left_ -= len;
    part.remove_prefix(len);
    if (part.size() < kHeaderLen) return found;
    const auto octet = [&](std::size_t at) { return static_cast<std::uint8_t>(part[at]); };
    found = found || octet(0) == kFinished;
    message_left_ =
        kHeaderLen + (std::size_t{octet(1)} << 16 | std::size_t{octet(2)} << 8 | octet(3));
  }
}

void TlsPeer::protect_with(const RecordCipher& cipher) { open_ = seal_ = cipher; }

RecordCipher TlsPeer::tls12_cipher() const {
  return RecordCipher::tls12(get_octets(SSL_SESSION_get_master_key, SSL_get_session(ssl_.get())),
                             get_octets(SSL_get_client_random, ssl_.get()),
                             get_octets(SSL_get_server_random, ssl_.get()),
                             SSL_is_server(ssl_.get()) == 0);
}

Octets TlsPeer::sealed(const Plain& plain) {
  const bool is_protected = seal_ && !(is_tls13() && plain.type == kChangeCipherSpec);
  return is_protected ? seal_->seal(plain) : record(plain.type, plain.octets);
}

void TlsPeer::send(const Plain& plain) { wire_.send(sealed(plain)); }

}  // namespace peercert::hostile
