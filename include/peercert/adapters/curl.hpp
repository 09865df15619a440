// SPDX-License-Identifier: Apache-2.0
// For libcurl 7.80 or later that is built with OpenSSL, the same that peercert is linked with.
// Includes <curl/curl.h>.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include <curl/curl.h>

#include <peercert/ssl/error.hpp>
#include <peercert/ssl/optional_owner.hpp>
#include <peercert/ssl/watch_handshakes.hpp>

namespace peercert::ssl {

/// Who the peer of an easy handle's transfers is. curl lends its SSL* (CURLINFO_TLS_SSL_PTR) during
/// a transfer only, and closes the connection of one that failed: this asks in time.
///
/// Uses the handle's CURLOPT_SSL_CTX_FUNCTION and CURLOPT_PREREQFUNCTION with their data; must be
/// destroyed before the handle. What curl verifies stays as the handle's options say; OpenSSL
/// compares the host's name as well, and with CURLOPT_SSL_VERIFYPEER refuses another one even if
/// CURLOPT_SSL_VERIFYHOST is off. As for the handle itself, one thread at a time.
class CurlPeer {
 public:
  /// Decides on a peer before the request is sent; false stops the transfer.
  using Accept = std::function<bool(const PeerIdentity&)>;

  /// `accept` is asked before each request is sent, on a connection that is used again too: if it
  /// says no, throws, or there is no TLS, nothing is sent, and the transfer ends with
  /// CURLE_ABORTED_BY_CALLBACK. Throws ValueError if this libcurl lacks what is needed.
  explicit CurlPeer(CURL* curl, Accept accept = {}) : state_(std::make_shared<State>()) {
    state_->curl = curl;
    state_->accept = std::move(accept);
    if (curl_easy_setopt(curl, CURLOPT_SSL_CTX_FUNCTION, on_ssl_ctx) != CURLE_OK ||
        curl_easy_setopt(curl, CURLOPT_SSL_CTX_DATA, this) != CURLE_OK ||
        curl_easy_setopt(curl, CURLOPT_PREREQFUNCTION, on_prereq) != CURLE_OK ||
        curl_easy_setopt(curl, CURLOPT_PREREQDATA, this) != CURLE_OK) {
      detach();
      throw ValueError("libcurl is older than 7.80, or was not built with OpenSSL");
    }
  }
  ~CurlPeer() { detach(); }
  CurlPeer(const CurlPeer&) = delete;
  CurlPeer& operator=(const CurlPeer&) = delete;

  /// curl_easy_perform(); forgets the peer of an earlier transfer first.
  CURLcode perform() {
    clear();
    return curl_easy_perform(state_->curl);
  }
  /// To be called before a transfer that something else performs, such as curl_multi.
  void clear() noexcept { state_->identity.reset(); }

  /// The peer of the last request, which may be that of a redirection, and after a handshake that
  /// failed its peer: the server, or an HTTPS proxy. Verified only if curl's own checks were passed
  /// too. nullopt if there was no TLS, or no certificate that was worth a look.
  const OptionalOwner<PeerIdentity>& identity() const& noexcept PEERCERT_LIFETIMEBOUND {
    return state_->identity;
  }
  OptionalOwner<PeerIdentity> identity() && = delete;

 private:
  struct State {
    CURL* curl = nullptr;
    Accept accept{};
    OptionalOwner<PeerIdentity> identity{};
  };

  void detach() noexcept {
    curl_easy_setopt(state_->curl, CURLOPT_SSL_CTX_FUNCTION, nullptr);
    curl_easy_setopt(state_->curl, CURLOPT_PREREQFUNCTION, nullptr);
  }

  /// The host of the URL, if it is an address: curl sends no SNI for one. Else empty.
  static std::string address_in_url(CURL* curl) {
    const char* url = nullptr;
    curl_easy_getinfo(curl, CURLINFO_EFFECTIVE_URL, &url);
    const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parts(curl_url(), &curl_url_cleanup);
    char* part = nullptr;
    if (url == nullptr || !parts ||
        curl_url_set(parts.get(), CURLUPART_URL, url, CURLU_GUESS_SCHEME) != CURLUE_OK ||
        curl_url_get(parts.get(), CURLUPART_HOST, &part, 0) != CURLUE_OK) {
      return {};
    }
    std::string host = part;
    curl_free(part);
    if (host.front() == '[') return host.substr(1, host.size() - 2);  // IPv6
    return host.find_first_not_of("0123456789.") == host.npos ? host : std::string();
  }

  /// A new connection. The context may outlive this, in curl's cache of connections.
  static CURLcode on_ssl_ctx(CURL* curl, void* context, void* self) noexcept try {
    const auto keep_if_refused =
        [state = static_cast<CurlPeer*>(self)->state_](const PeerIdentity& identity) {
          // Whether a verified one is good enough curl has yet to say.
          if (identity.verdict() != Verdict::verified) state->identity = identity;
        };
    watch_handshakes(static_cast<ssl_ctx_st*>(context), {.ended = keep_if_refused,
                                                         .require_verified = false,
                                                         .server_hostname = address_in_url(curl)});
    return CURLE_OK;
  } catch (...) {
    return CURLE_OUT_OF_MEMORY;
  }

  /// A connection is about to be used: a new one that curl is content with, or an old one.
  static int on_prereq(void* self, char*, char*, int, int) noexcept try {
    State& state = *static_cast<CurlPeer*>(self)->state_;
    state.identity.reset();
    curl_tlssessioninfo* session = nullptr;
    if (curl_easy_getinfo(state.curl, CURLINFO_TLS_SSL_PTR, &session) == CURLE_OK &&
        session->backend == CURLSSLBACKEND_OPENSSL && session->internals != nullptr) {
      state.identity = peer_identity(static_cast<const ssl_st*>(session->internals));
    }
    const bool accepted = !state.accept || (state.identity && state.accept(*state.identity));
    return accepted ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
  } catch (...) {
    return CURL_PREREQFUNC_ABORT;
  }

  std::shared_ptr<State> state_;
};

}  // namespace peercert::ssl
