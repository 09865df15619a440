// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <new>
#include <utility>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <peercert/ssl/error.hpp>
#include <peercert/ssl/watch_handshakes.hpp>

#include "ssl/connection/connection.hpp"
#include "ssl/identity/verify_capture.hpp"
#include "ssl/identity/verify_profile.hpp"
#include "ssl/identity/watch.hpp"

namespace peercert::ssl {

namespace {

using InfoCallback = void (*)(const SSL*, int, int);
using SecurityCallback = int (*)(const SSL*, const SSL_CTX*, int, int, int, void*, void*);

/// Of an extension that is never sent (RFC 8446, 11: private use). OpenSSL asks what to send in it
/// for each ClientHello, and no library can take that away again.
constexpr unsigned int kHookExtension = 0xFF7C;

/// What we keep with an SSL_CTX.
struct Watcher {
  HandshakeWatch watch;
  InfoCallback former;
};

/// What we keep with the SSL of a client, from its first ClientHello on.
struct Watched {
  std::string name{};
  InfoCallback former_info = nullptr;          // of the SSL, where it was replaced
  SecurityCallback former_security = nullptr;  // where it was replaced
  bool is_told = false;                        // that the handshake is done
  bool is_refused = false;                     // the server, without a signature to be asked about
};

void free_watcher(void*, void* watcher, CRYPTO_EX_DATA*, int, long, void*) {
  delete static_cast<Watcher*>(watcher);
}
void free_watched(void*, void* watched, CRYPTO_EX_DATA*, int, long, void*) {
  delete static_cast<Watched*>(watched);
}
/// SSL_dup() copies the callbacks, which need what was there before them.
int copy_watched(CRYPTO_EX_DATA*, const CRYPTO_EX_DATA*, void** copied, int, long, void*) {
  const auto* original = static_cast<const Watched*>(*copied);
  if (original == nullptr) return 1;
  auto* copy = new (std::nothrow) Watched;
  if (copy != nullptr) copy->former_info = original->former_info;
  if (copy != nullptr) copy->former_security = original->former_security;
  *copied = copy;
  return copy == nullptr ? 0 : 1;
}

int watcher_index() {
  static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, free_watcher);
  return index;
}
int watched_index() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, copy_watched, free_watched);
  return index;
}

const Watcher* find_watcher(const SSL_CTX* ctx) {
  return static_cast<const Watcher*>(SSL_CTX_get_ex_data(ctx, watcher_index()));
}
/// The watch of a client's connection; null if there is none.
const HandshakeWatch* client_watch(const SSL* ssl) {
  const Watcher* watcher = SSL_is_server(ssl) == 1 ? nullptr : find_watcher(SSL_get_SSL_CTX(ssl));
  return watcher == nullptr ? nullptr : &watcher->watch;
}
Watched* find_watched(const SSL* ssl) {
  return static_cast<Watched*>(SSL_get_ex_data(ssl, watched_index()));
}
/// Throws std::bad_alloc.
Watched& watched_of(SSL* ssl) {
  if (Watched* present = find_watched(ssl)) return *present;
  auto made = std::make_unique<Watched>();
  if (SSL_set_ex_data(ssl, watched_index(), made.get()) != 1) throw std::bad_alloc();
  return *made.release();
}

std::string expected_name(const SSL* ssl, const HandshakeWatch& watch) {
  const char* sni = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
  return sni == nullptr ? watch.server_hostname : sni;
}

bool is_first_handshake(const SSL* ssl) {
  unsigned char octet = 0;
  return SSL_get_finished(ssl, &octet, 1) == 0;
}

/// Whether the session that the connection offers, if any, is that of a verified peer.
bool may_resume(const SSL* ssl) {
  const SSL_SESSION* session = SSL_get_session(ssl);
  const bool is_offered = session != nullptr && SSL_SESSION_is_resumable(session) == 1;
  return !is_offered || !is_first_handshake(ssl) || resumption_objection(ssl).empty();
}

/// Whether a server that uses the cipher sends a certificate.
bool has_certificate(const SSL_CIPHER* cipher) {
  switch (SSL_CIPHER_get_auth_nid(cipher)) {
    case NID_auth_null:
    case NID_auth_psk:
    case NID_auth_srp: return false;
    default: return true;
  }
}

bool has_verified_server(const SSL* ssl) {
  const auto record = handshake_record(ssl);
  return record != nullptr && record->required && record->passed;
}

/// Refuses ciphers without a certificate, and the server's signature if its certificate was not
/// verified by us: then something has replaced the verification.
int on_security(const SSL* ssl, const SSL_CTX* ctx, int operation, int bits, int nid, void* other,
                void* data) noexcept {
  const Watched* watched = ssl == nullptr ? nullptr : find_watched(ssl);
  if (watched == nullptr || watched->former_security == nullptr) return 0;
  const int answer = watched->former_security(ssl, ctx, operation, bits, nid, other, data);
  if (answer == 0 || !requires_verified_peer(ssl)) return answer;
  switch (operation) {
    case SSL_SECOP_CIPHER_SUPPORTED:
    case SSL_SECOP_CIPHER_SHARED:
    case SSL_SECOP_CIPHER_CHECK:
      return has_certificate(static_cast<const SSL_CIPHER*>(other)) ? answer : 0;
    case SSL_SECOP_SIGALG_CHECK: return has_verified_server(ssl) ? answer : 0;
    default: return answer;
  }
}

/// Leaves the server no way to be accepted but by a certificate that is verified.
void require_certificate(SSL* ssl, Watched& watched) {
  SSL_set_verify(ssl, SSL_get_verify_mode(ssl) | SSL_VERIFY_PEER, SSL_get_verify_callback(ssl));
  SSL_set_psk_client_callback(ssl, nullptr);
  SSL_set_psk_use_session_callback(ssl, nullptr);
  SSL_set_session_secret_cb(ssl, nullptr, nullptr);
  const SecurityCallback present = SSL_get_security_callback(ssl);
  if (present == on_security) return;
  watched.former_security = present;
  SSL_set_security_callback(ssl, on_security);
}

void on_info(const SSL* ssl, int where, int result) noexcept;

/// Has on_info() called, and what a library has put in its place after watch_handshakes().
void restore_info_callback(SSL* ssl, Watched& watched) {
  const InfoCallback of_ssl = SSL_get_info_callback(ssl);
  const InfoCallback in_effect =
      of_ssl == nullptr ? SSL_CTX_get_info_callback(SSL_get_SSL_CTX(ssl)) : of_ssl;
  if (in_effect == on_info) return;
  watched.former_info = of_ssl;
  SSL_set_info_callback(ssl, on_info);
}

/// The callback that would be called if this connection were not watched.
InfoCallback former_info_callback(const SSL* ssl, const Watcher* watcher, const Watched* watched) {
  if (watched != nullptr && watched->former_info != nullptr) return watched->former_info;
  const InfoCallback of_context = SSL_CTX_get_info_callback(SSL_get_SSL_CTX(ssl));
  if (of_context != on_info) return of_context;
  return watcher == nullptr ? nullptr : watcher->former;
}

/// On a client, at the start of its handshake and for each ClientHello. False if there is no
/// memory: then nobody may be let through.
bool begin(SSL* ssl, const HandshakeWatch& watch) noexcept try {
  Watched& watched = watched_of(ssl);
  watched.name = expected_name(ssl, watch);
  watched.is_refused = false;
  restore_info_callback(ssl, watched);
  if (watch.require_verified) require_certificate(ssl, watched);
  return true;
} catch (...) {
  return false;
}

/// On a client, before anything is sent. What goes wrong here does so again in on_client_hello().
void start(SSL* ssl, const HandshakeWatch& watch) noexcept try {
  const DroppedErrors guard;
  if (!begin(ssl, watch) || !watch.require_verified) return;
  if (is_first_handshake(ssl) && !may_resume(ssl)) SSL_set_session(ssl, nullptr);
} catch (...) {  // nothing may be thrown through OpenSSL
}

/// Asked for the contents of kHookExtension: 0 sends none, and -1 ends the handshake.
int on_client_hello(SSL* ssl, unsigned int, unsigned int, const unsigned char**, std::size_t*,
                    X509*, std::size_t, int* alert, void*) noexcept try {
  const DroppedErrors guard;
  const HandshakeWatch* watch = client_watch(ssl);
  if (watch == nullptr) return 0;
  if (begin(ssl, *watch) && (!watch->require_verified || may_resume(ssl))) return 0;
  *alert = SSL_AD_HANDSHAKE_FAILURE;
  return -1;
} catch (...) {
  *alert = SSL_AD_INTERNAL_ERROR;
  return -1;
}

/// No data passes in either direction, and a handshake that has yet to read ends at that.
void shut(const SSL* ssl) noexcept {
  SSL_set_shutdown(const_cast<SSL*>(ssl), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
}

/// Whether the server has said all of its part in TLS 1.2, and was not verified by us. For RSA key
/// exchange it signs nothing (RFC 5246, 7.4.3), so that on_security() was not asked.
bool lacks_verified_server(const SSL* ssl, int where) noexcept {
  const bool has_said_all = (where & SSL_CB_LOOP) != 0 && SSL_get_state(ssl) == TLS_ST_CR_SRVR_DONE;
  return has_said_all && requires_verified_peer(ssl) && !has_verified_server(ssl);
}

void end(const SSL* ssl, const HandshakeWatch& watch) noexcept {
  bool is_verified = false;
  try {
    const PeerIdentity identity = peer_identity(ssl);
    is_verified = identity.verdict() == Verdict::verified;
    if (watch.ended) watch.ended(identity);
  } catch (...) {  // nothing may be thrown through OpenSSL
  }
  if (is_verified || !requires_verified_peer(ssl) || SSL_get_state(ssl) != TLS_ST_OK) return;
  shut(ssl);  // whatever way was found around all of the above
}

/// In each call for the handshake, which begins with an empty queue.
void say_refused() noexcept { ERR_raise(ERR_LIB_SSL, SSL_R_CERTIFICATE_VERIFY_FAILED); }

/// Has the handshake fail as it does where OpenSSL refuses a certificate.
void refuse(const SSL* ssl, const HandshakeWatch& watch, Watched* watched) noexcept {
  shut(ssl);
  if (watched != nullptr) watched->is_refused = true;
  end(ssl, watch);
  say_refused();
}

/// Whether this is the end of a handshake, or of a message after it.
bool is_end(const SSL* ssl, Watched* watched, int where, int result) {
  // A server is told SSL_CB_HANDSHAKE_DONE before SSL_get_state() says so; and a client, where a
  // library's callback was replaced just now, nothing but that.
  const bool is_done = (where & SSL_CB_HANDSHAKE_DONE) != 0 && watched != nullptr;
  const bool was_told = watched != nullptr && std::exchange(watched->is_told, is_done);
  // A call that only waits for the socket ends with a result below 1, as one that has failed does.
  const bool ends = (where & SSL_CB_EXIT) != 0 && (result == 1 || SSL_want(ssl) == SSL_NOTHING);
  return is_done || (ends && !was_told);
}

/// OpenSSL gives its callback a const SSL, and lets it change that: SSL_CTX_set_info_callback(3).
void on_info(const SSL* ssl, int where, int result) noexcept {
  const Watcher* watcher = find_watcher(SSL_get_SSL_CTX(ssl));
  const InfoCallback former = former_info_callback(ssl, watcher, find_watched(ssl));
  if (former != nullptr) former(ssl, where, result);
  if (watcher == nullptr) return;  // another SSL_CTX since the handshake began
  const bool starts = (where & SSL_CB_HANDSHAKE_START) != 0;
  if (starts && SSL_is_server(ssl) == 0) start(const_cast<SSL*>(ssl), watcher->watch);
  Watched* const watched = find_watched(ssl);
  if (lacks_verified_server(ssl, where)) return refuse(ssl, watcher->watch, watched);
  const bool was_refused = watched != nullptr && watched->is_refused;
  if (is_end(ssl, watched, where, result) && !was_refused) end(ssl, watcher->watch);
  if (was_refused && (where & SSL_CB_EXIT) != 0) say_refused();
}

/// The name or address to compare; empty if there is none.
std::string watched_name(const SSL* ssl) {
  const HandshakeWatch* watch = client_watch(ssl);
  if (watch == nullptr) return {};
  const Watched* watched = find_watched(ssl);
  return watched == nullptr ? expected_name(ssl, *watch) : watched->name;
}

/// Whether a certificate has the name as an iPAddress.
bool is_address(const std::string& name) noexcept {
  const DroppedErrors guard;  // a2i_IPADDRESS() leaves an entry for what is not an address
  return Asn1OctetStringPtr(a2i_IPADDRESS(name.c_str())) != nullptr;
}

int name_error(const std::string& name) {
  return is_address(name) ? X509_V_ERR_IP_ADDRESS_MISMATCH : X509_V_ERR_HOSTNAME_MISMATCH;
}

/// The strictest that the application, or its profile, has asked for.
unsigned int host_flags(const SSL* ssl) {
  const X509_VERIFY_PARAM* param = SSL_get0_param(const_cast<SSL*>(ssl));
  const unsigned int lenient = X509_CHECK_FLAG_ALWAYS_CHECK_SUBJECT;
  return (X509_VERIFY_PARAM_get_hostflags(param) & ~lenient) |
         profile_host_flags(SSL_get_SSL_CTX(ssl)) | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS;
}

}  // namespace

void add_watched_name(const SSL* ssl, VerifyPolicy& policy) {
  const std::string name = watched_name(ssl);
  if (name.empty()) return;
  if (is_address(name) && policy.ip.empty()) {
    policy.ip = name;
  } else if (std::ranges::find(policy.hosts, name) == policy.hosts.end()) {
    policy.hosts.push_back(name);
  }
}

int watched_name_error(const SSL* ssl, X509* leaf) {
  const std::string name = watched_name(ssl);
  if (name.empty()) return X509_V_OK;
  if (!server_hostname_problem(name).empty()) return X509_V_ERR_APPLICATION_VERIFICATION;
  const int result =
      is_address(name) ? X509_check_ip_asc(leaf, name.c_str(), 0)
                       : X509_check_host(leaf, name.data(), name.size(), host_flags(ssl), nullptr);
  return result == 1 ? X509_V_OK : name_error(name);
}

bool requires_verified_peer(const SSL* ssl) noexcept {
  const HandshakeWatch* watch = client_watch(ssl);
  return watch != nullptr && watch->require_verified;
}

void watch_handshakes(ssl_ctx_st* ctx, HandshakeWatch watch) {
  const DroppedErrors guard;
  if (SSL_CTX_has_client_custom_ext(ctx, kHookExtension) == 0 &&
      SSL_CTX_add_custom_ext(ctx, kHookExtension, SSL_EXT_CLIENT_HELLO, on_client_hello, nullptr,
                             nullptr, nullptr, nullptr) != 1) {
    throw std::bad_alloc();
  }
  const Watcher* present = find_watcher(ctx);
  const InfoCallback former = present == nullptr ? SSL_CTX_get_info_callback(ctx) : present->former;
  auto watcher = std::make_unique<Watcher>(Watcher{std::move(watch), former});
  if (SSL_CTX_set_ex_data(ctx, watcher_index(), watcher.get()) != 1) throw std::bad_alloc();
  static_cast<void>(watcher.release());
  delete present;
  capture_verification(ctx);
  SSL_CTX_set_info_callback(ctx, on_info);
}

}  // namespace peercert::ssl
