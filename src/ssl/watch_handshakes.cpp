// SPDX-License-Identifier: Apache-2.0
#include <new>
#include <utility>

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <peercert/ssl/watch_handshakes.hpp>

#include "ssl/connection.hpp"

namespace peercert::ssl {

namespace {

using InfoCallback = void (*)(const SSL*, int, int);

/// What we keep with an SSL_CTX.
struct Watcher {
  HandshakeWatch watch;
  InfoCallback former;
};

void free_watcher(void*, void* watcher, CRYPTO_EX_DATA*, int, long, void*) {
  delete static_cast<Watcher*>(watcher);
}

int watcher_index() {
  static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, free_watcher);
  return index;
}

const Watcher* find_watcher(const SSL_CTX* ctx) {
  return static_cast<const Watcher*>(SSL_CTX_get_ex_data(ctx, watcher_index()));
}

int refuse_all(int, X509_STORE_CTX* context) {
  X509_STORE_CTX_set_error(context, X509_V_ERR_APPLICATION_VERIFICATION);
  return 0;
}

std::string expected_name(const SSL* ssl, const HandshakeWatch& watch) {
  const char* sni = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
  return sni == nullptr ? watch.server_hostname : sni;
}

/// False if the name cannot be compared.
bool compare_name(SSL* ssl, const std::string& name) {
  if (name.empty()) return true;
  return server_hostname_problem(name).empty() &&
         set_checked_name(ssl, name, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
}

/// On a client, before anything is sent.
void begin(SSL* ssl, const HandshakeWatch& watch) noexcept {
  const DroppedErrors guard;
  bool comparable = false;
  try {
    comparable = compare_name(ssl, expected_name(ssl, watch));
  } catch (...) {  // no memory: then nobody is who he should be
  }
  const int mode = SSL_get_verify_mode(ssl) | (watch.require_verified ? SSL_VERIFY_PEER : 0);
  SSL_set_verify(ssl, mode, comparable ? SSL_get_verify_callback(ssl) : refuse_all);
}

void end(const SSL* ssl, const HandshakeWatch& watch) noexcept try {
  if (watch.ended) watch.ended(peer_identity(ssl));
} catch (...) {  // nothing may be thrown through OpenSSL
}

void on_info(const SSL* ssl, int where, int result) noexcept {
  const Watcher* attached = find_watcher(SSL_get_SSL_CTX(ssl));
  if (attached == nullptr) return;
  if (attached->former != nullptr) attached->former(ssl, where, result);
  const bool starts = (where & SSL_CB_HANDSHAKE_START) != 0;
  // OpenSSL gives its callback a const SSL, and lets it change that: SSL_CTX_set_info_callback(3).
  if (starts && SSL_is_server(ssl) == 0) begin(const_cast<SSL*>(ssl), attached->watch);
  // Not SSL_CB_HANDSHAKE_DONE, which comes to a server before SSL_get_state() says so. A call that
  // only waits for the socket ends with a result below 1, as one that has failed does.
  const bool ends = (where & SSL_CB_EXIT) != 0 && (result == 1 || SSL_want(ssl) == SSL_NOTHING);
  if (ends) end(ssl, attached->watch);
}

}  // namespace

void watch_handshakes(ssl_ctx_st* ctx, HandshakeWatch watch) {
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
