// SPDX-License-Identifier: Apache-2.0
// A dialogue over a socket: the only code of STARTTLS that waits.
#pragma once

#include <optional>
#include <string>

#include <asio/awaitable.hpp>
#include <asio/ip/tcp.hpp>

#include <peercert/scan/record.hpp>
#include <peercert/scan/start_tls.hpp>

#include "scan/loop/wait.hpp"

namespace peercert::scan {

/// Has the server at the other end of the connected socket change to TLS, until the deadline of
/// `wait`. `host` is its name, or its address, as XMPP tells the server. Nothing to do for
/// StartTls::none. Returns nullopt if the next byte is TLS's, else the failure of
/// Phase::start_tls: `start_tls` for what the server said, `timeout`, `closed`, `reset` or
/// `unreachable` for what became of the connection.
/// Throws std::invalid_argument for StartTls::automatic, which start_tls_of_port() resolves.
asio::awaitable<std::optional<Failure>> start_tls(StartTls protocol, Wait& wait,
                                                  asio::ip::tcp::socket& socket, std::string host);

}  // namespace peercert::scan
