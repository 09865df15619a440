// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include <peercert/ssl/socket.hpp>

namespace peercert::ssl {

/// What get_server_certificate() takes besides host and port.
struct ServerCertificateOptions {
  std::filesystem::path ca_certs{};  // empty: the certificate is not verified
  Timeout timeout{};                 // for the connection, and again for the handshake
};

/// ssl.get_server_certificate(): the PEM of the certificate that a server presents to those who ask
/// for this host. Its name is never compared with the host, and it is verified with `ca_certs`
/// alone: to look at, not to rely on. Throws as create_connection() and do_handshake() do.
std::string get_server_certificate(std::string_view host, std::uint16_t port,
                                   const ServerCertificateOptions& options = {});

}  // namespace peercert::ssl
