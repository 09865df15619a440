// SPDX-License-Identifier: Apache-2.0
// For clients of cpp-httplib. Includes none of its headers. On a server no adapter is needed:
// Request::ssl is the connection, for as long as the handler runs.
#pragma once

#include <concepts>
#include <memory>
#include <mutex>
#include <utility>

#include <peercert/ssl/error.hpp>
#include <peercert/ssl/optional_owner.hpp>
#include <peercert/ssl/watch_handshakes.hpp>

namespace peercert::ssl {

/// httplib::SSLClient, and httplib::Client for https.
template <class T>
concept HttplibClient = requires(const T& client) {
  { client.ssl_context() } -> std::convertible_to<ssl_ctx_st*>;
};

/// Who the server of a client is. httplib switches OpenSSL's verification off and looks at the
/// result after the handshake, so that the connection itself proves nothing; while this watches,
/// the handshake is refused already, and the name is compared there too, RFC 9525. httplib's own
/// checks remain. After enable_server_certificate_verification(false) OpenSSL verifies all the
/// same.
class HttplibPeer {
 public:
  /// Watches the client's connections from now on, for as long as the client lives. Replaces an
  /// earlier HttplibPeer of the client. Throws ValueError for a client without TLS.
  template <HttplibClient Client>
  explicit HttplibPeer(const Client& client) {
    ssl_ctx_st* context = client.ssl_context();
    if (context == nullptr) throw ValueError("the client has no SSL_CTX");
    watch_handshakes(context, {.ended = [last = last_](const PeerIdentity& identity) {
                       const std::lock_guard lock(last->mutex);
                       last->identity = identity;
                     }});
  }

  /// The peer of the client's last handshake, also if that failed; nullopt if there was none. The
  /// peer of a response is this one if no other thread uses the client. A redirection to another
  /// host is followed by a client that httplib makes for it, which is not seen here.
  OptionalOwner<PeerIdentity> identity() const {
    const std::lock_guard lock(last_->mutex);
    return last_->identity;
  }

 private:
  struct Last {
    std::mutex mutex{};
    OptionalOwner<PeerIdentity> identity{};
  };
  std::shared_ptr<Last> last_ = std::make_shared<Last>();  // with the client's context
};

}  // namespace peercert::ssl
