// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include <peercert/ssl/context.hpp>

#include "libcrypto/openssl_ptr.hpp"

namespace peercert::ssl {

struct SSLContext::State {
  SslCtxPtr ctx;
  Protocol protocol = Protocol::tls_client;
  bool check_hostname = false;
  bool post_handshake_auth = false;
  SniCallback sni_callback{};
  std::string alpn_protocols{};  // as in the ProtocolNameList of RFC 7301, 3.1
};

/// Appends the secrets of the context's connections to the file, in the form that Wireshark reads.
/// Throws std::system_error.
void set_keylog_file(SSL_CTX* ctx, const std::filesystem::path& path);

}  // namespace peercert::ssl
