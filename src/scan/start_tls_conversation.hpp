// SPDX-License-Identifier: Apache-2.0
// What has to be said to a server so that TLS begins. Each function below is one protocol; the
// exchange stands above it, the server's lines behind "S:", ours behind "C:".
//
// All of them end at the last octet in front of the ClientHello, and throw what PlainStream does:
// PlainStreamError with ErrorClass::start_tls, and what the server said, if it does not offer TLS
// or does not speak the protocol. None goes on without TLS, and none sends more than it has to.
#pragma once

#include <string>

#include <asio/awaitable.hpp>

#include <peercert/scan/start_tls.hpp>

#include "scan/plain_stream.hpp"

namespace peercert::scan {

/// Has the server change to TLS. `host` is its name, or its address, as XMPP tells the server.
/// Nothing to do for StartTls::none. Throws PlainStreamError, asio::system_error (see PlainStream),
/// and std::invalid_argument for StartTls::automatic, which start_tls_of_port() resolves.
asio::awaitable<void> start_tls(StartTls protocol, PlainStream& stream, std::string host);

namespace conversation {

/// Throws: the server answered `said` where `wanted` was to be.
[[noreturn]] void refuse(std::string_view wanted, std::string_view said);

/// Whether `text` begins with the word, in any case, and something else or nothing follows it.
bool begins_with_word(std::string_view text, std::string_view word) noexcept;

asio::awaitable<void> smtp(PlainStream& stream);
asio::awaitable<void> lmtp(PlainStream& stream);
asio::awaitable<void> imap(PlainStream& stream);
asio::awaitable<void> pop3(PlainStream& stream);
asio::awaitable<void> ftp(PlainStream& stream);
asio::awaitable<void> sieve(PlainStream& stream);
asio::awaitable<void> nntp(PlainStream& stream);
asio::awaitable<void> irc(PlainStream& stream);

asio::awaitable<void> xmpp(PlainStream& stream, std::string host);
asio::awaitable<void> xmpp_server(PlainStream& stream, std::string host);

asio::awaitable<void> ldap(PlainStream& stream);
asio::awaitable<void> postgres(PlainStream& stream);
asio::awaitable<void> mysql(PlainStream& stream);
asio::awaitable<void> rdp(PlainStream& stream);

}  // namespace conversation
}  // namespace peercert::scan
