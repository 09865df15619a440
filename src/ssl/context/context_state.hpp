// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include <peercert/ssl/context.hpp>

#include "crypto/openssl_ptr.hpp"

namespace peercert::ssl {

struct SSLContext::State {
  SslCtxPtr ctx;
  Protocol protocol = Protocol::tls_client;
  bool check_hostname = false;
  bool hostname_checks_common_name = true;
  bool post_handshake_auth = false;
  SniCallback sni_callback{};
  PskClientCallback psk_client_callback{};
  PskServerCallback psk_server_callback{};
  std::filesystem::path keylog_filename{};
  std::string alpn_protocols{};  // as in the ProtocolNameList of RFC 7301, 3.1

  /// A context whose algorithms are another library context's; null: the default.
  static SSLContext make_context(Protocol protocol, OSSL_LIB_CTX* library) {
    return {protocol, library};
  }

  /// To be called when what the context asks of its peers has changed. Throws SSLError.
  void policy_has_changed();

  /// The same context for a connection, which has a part in it.
  static SSLContext share(const SSLContext& context) { return SSLContext(context.state_); }

  static const State& of(const SSLContext& context) noexcept { return *context.state_; }
};

/// The get_issuer that load_default_certs() puts into a store.
X509_STORE_CTX_get_issuer_fn lazy_get_issuer() noexcept;

/// Has the connection ask this context for pre-shared keys, if it has any.
void adopt_psk_callbacks(SSL* ssl, const SSLContext& context) noexcept;

/// Reads the file of trust anchors that load_default_certs() has left for later, if there is one.
void load_lazy_file(X509_STORE* store);

}  // namespace peercert::ssl
