// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <new>
#include <span>

#include <peercert/ssl/error.hpp>
#include <peercert/ssl/ssl_session.hpp>

#include "ssl/connection/ssl_connection_state.hpp"

namespace peercert::ssl {

struct SSLSession::State {
  SslSessionPtr session;
  SslCtxPtr context;  // a reference of its own, so that no other context takes its address
};

namespace {

std::span<const unsigned char> id_of(const SSL_SESSION* session) noexcept {
  unsigned int len = 0;
  const unsigned char* id = SSL_SESSION_get_id(session, &len);
  return {id, len};
}

using EncodingPtr = OpenSSLPtr<unsigned char, free_octets>;

/// A copy: a fatal alert makes the connection's own session unusable, and a ragged end counts as
/// one. By way of its encoding, as Python's, so that a resumed connection has no chain that its
/// peer did not send. Null if there is nothing to resume yet.
SslSessionPtr copy(SSL_SESSION* session) {
  const DroppedErrors dropped;
  unsigned char* octets = nullptr;
  const int len = i2d_SSL_SESSION(session, &octets);
  if (len <= 0) return nullptr;
  const EncodingPtr encoding(octets);
  const unsigned char* begin = octets;
  SslSessionPtr copied(d2i_SSL_SESSION(nullptr, &begin, len));
  if (!copied) throw std::bad_alloc();
  return copied;
}

}  // namespace

SSLSession::SSLSession(std::shared_ptr<const State> state) noexcept : state_(std::move(state)) {}

std::vector<std::uint8_t> SSLSession::id() const {
  const std::span<const unsigned char> id = id_of(native_handle());
  return {id.begin(), id.end()};
}

std::chrono::sys_seconds SSLSession::time() const noexcept {
  return std::chrono::sys_seconds(std::chrono::seconds(SSL_SESSION_get_time(native_handle())));
}

std::chrono::seconds SSLSession::timeout() const noexcept {
  return std::chrono::seconds(SSL_SESSION_get_timeout(native_handle()));
}

std::chrono::seconds SSLSession::ticket_lifetime_hint() const noexcept {
  return std::chrono::seconds(SSL_SESSION_get_ticket_lifetime_hint(native_handle()));
}

bool SSLSession::has_ticket() const noexcept {
  return SSL_SESSION_has_ticket(native_handle()) == 1;
}

bool operator==(const SSLSession& a, const SSLSession& b) noexcept {
  return std::ranges::equal(id_of(a.native_handle()), id_of(b.native_handle()));
}

ssl_session_st* SSLSession::native_handle() const& noexcept { return state_->session.get(); }

OptionalOwner<SSLSession> SSLConnection::session() const {
  const SSL* ssl = native_handle();
  SSL_SESSION* current = ssl == nullptr ? nullptr : SSL_get0_session(ssl);
  SslSessionPtr session = current == nullptr ? nullptr : copy(current);
  if (!session) return std::nullopt;
  SSL_CTX* context = SSL_get_SSL_CTX(ssl);
  SSL_CTX_up_ref(context);
  return SSLSession(std::make_shared<const SSLSession::State>(
      SSLSession::State{std::move(session), SslCtxPtr(context)}));
}

void SSLConnection::set_session(const SSLSession& session) {
  SSL* ssl = state_->require().native_handle();
  if (session.state_->context.get() != SSL_get_SSL_CTX(ssl)) {
    throw ValueError("Session refers to a different SSLContext.");
  }
  if (server_side()) throw ValueError("Cannot set session for server-side SSLSocket.");
  if (SSL_is_init_finished(ssl) == 1) throw ValueError("Cannot set session after handshake.");
  // The handshake would go on with another session than it has begun with.
  if (SSL_in_before(ssl) != 1) throw ValueError("Cannot set session during handshake.");
  const SslSessionPtr own = copy(session.native_handle());
  clear_errors();
  if (SSL_set_session(ssl, own.get()) != 1) throw_last_error();
}

bool SSLConnection::session_reused() const noexcept {
  const SSL* ssl = native_handle();
  return ssl != nullptr && SSL_session_reused(ssl) == 1;
}

SessionStats SSLContext::session_stats() const noexcept {
  SSL_CTX* ctx = native_handle();
  return {.number = SSL_CTX_sess_number(ctx),
          .connect = SSL_CTX_sess_connect(ctx),
          .connect_good = SSL_CTX_sess_connect_good(ctx),
          .connect_renegotiate = SSL_CTX_sess_connect_renegotiate(ctx),
          .accept = SSL_CTX_sess_accept(ctx),
          .accept_good = SSL_CTX_sess_accept_good(ctx),
          .accept_renegotiate = SSL_CTX_sess_accept_renegotiate(ctx),
          .hits = SSL_CTX_sess_hits(ctx),
          .misses = SSL_CTX_sess_misses(ctx),
          .timeouts = SSL_CTX_sess_timeouts(ctx),
          .cache_full = SSL_CTX_sess_cache_full(ctx)};
}

std::size_t SSLContext::num_tickets() const noexcept {
  return SSL_CTX_get_num_tickets(native_handle());
}

void SSLContext::set_num_tickets(std::size_t num_tickets) {
  if (protocol() != Protocol::tls_server) throw ValueError("SSLContext is not a server context.");
  SSL_CTX_set_num_tickets(native_handle(), num_tickets);
}

}  // namespace peercert::ssl
