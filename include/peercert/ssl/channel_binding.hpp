// SPDX-License-Identifier: Apache-2.0
// What ties an authentication above TLS, such as SCRAM-SHA-256-PLUS, to this very connection.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <peercert/base/result.hpp>

struct ssl_st;  // OpenSSL's SSL

namespace peercert::ssl {

/// The data of a channel binding, the same at both ends of the connection and of no other. The
/// types, by their names in IANA's registry:
///
/// * "tls-unique", RFC 5929, 3: the first Finished message of the latest handshake. Throws
///   ValueError where it does not name one connection: in TLS 1.3, and on a resumed session without
///   the extended master secret (RFC 7627, 1). Python gives bytes there anyway.
/// * "tls-server-end-point", RFC 5929, 4: the hash of the server's certificate, by its signature's
///   hash, SHA-256 for MD5 and SHA-1. Throws ValueError for a signature that has no single hash, as
///   Ed25519. A server that resumed a session takes the certificate that it would send now.
/// * "tls-exporter", RFC 9266: 32 bytes of keying material. Throws ValueError below TLS 1.3 if the
///   extended master secret is not in use.
///
/// nullopt before the handshake is done, as in Python, and for "tls-server-end-point" if the server
/// has no certificate. Throws ValueError for other types, SSLError if OpenSSL fails.
std::optional<std::vector<std::uint8_t>> get_channel_binding(const ssl_st* ssl,
                                                             std::string_view type = "tls-unique");

/// `len` bytes of keying material, the same at both ends, that only they can compute. RFC 5705;
/// RFC 8446, 7.5. Below TLS 1.3 an empty context is another one than none. Throws ValueError before
/// the handshake is done and if `len` is 0, SSLError if OpenSSL refuses, as it does a length that
/// TLS 1.3 cannot derive and the labels of TLS itself.
std::vector<std::uint8_t> export_keying_material(const ssl_st* ssl, std::string_view label,
                                                 std::size_t len,
                                                 std::optional<Bytes> context = std::nullopt);

}  // namespace peercert::ssl
