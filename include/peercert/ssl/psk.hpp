// SPDX-License-Identifier: Apache-2.0
// Pre-shared keys in place of certificates: RFC 4279 for TLS 1.2, RFC 8446, 4.2.11, for TLS 1.3.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace peercert::ssl {

/// What a client answers: who it says it is, and the key that proves it.
struct ClientPsk {
  std::optional<std::string> identity{};  // UTF-8, at most 255 bytes; TLS 1.3 needs one
  std::vector<std::uint8_t> key{};        // at most 512 bytes; empty: there is none
};

/// A client calls this with the server's hint, UTF-8; nullopt if there is none, as in TLS 1.3. If
/// TLS 1.3 is allowed, it is called before the version is known, and again if the version is TLS
/// 1.2.
using PskClientCallback = std::function<ClientPsk(std::optional<std::string_view> hint)>;

/// A server calls this with the identity that the client gives, UTF-8; nullopt if none. Returns the
/// key that both share, at most 512 bytes, or an empty one if there is none: TLS 1.3 then continues
/// with a certificate. A TLS 1.3 server calls it for each pre-shared key that a client offers,
/// including those for resumption. So an unknown identity is no error.
using PskServerCallback =
    std::function<std::vector<std::uint8_t>(std::optional<std::string_view> identity)>;

}  // namespace peercert::ssl
