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
  std::optional<std::string> identity{};  // UTF-8, at most 255 octets; TLS 1.3 needs one
  std::vector<std::uint8_t> key{};        // at most 512 octets; empty: there is none
};

/// Told the server's hint, UTF-8; nullopt if there is none, as in TLS 1.3. Called before the
/// version is agreed on, unless that is TLS 1.2 at most, and again once it turns out to be TLS 1.2.
using PskClientCallback = std::function<ClientPsk(std::optional<std::string_view> hint)>;

/// Told whom the client says to be, UTF-8; nullopt if it does not say. Gives the key that the two
/// share, at most 512 octets, or an empty one if there is none: TLS 1.3 then goes on with a
/// certificate. A TLS 1.3 server is asked about each pre-shared key that a client offers, and what
/// a session is resumed with is one: that an identity is unknown is no error.
using PskServerCallback =
    std::function<std::vector<std::uint8_t>(std::optional<std::string_view> identity)>;

}  // namespace peercert::ssl
