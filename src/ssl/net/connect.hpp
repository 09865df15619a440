// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <peercert/ssl/socket.hpp>

#include "ssl/net/deadline.hpp"
#include "ssl/net/resolve.hpp"

namespace peercert::ssl {

/// Waits until the descriptor is ready for POLLIN or POLLOUT, or has failed; false if the deadline
/// comes first. Signals do not disturb it. Throws std::system_error.
bool wait_until_ready(int fd, short events, const Deadline& deadline);

/// A non-blocking connection to the first address that accepts one, all of them within the
/// deadline. Throws TimeoutError or std::system_error for the last address, with what happened at
/// each.
Socket connect_first(const std::vector<RawAddress>& addresses, const Deadline& deadline);

/// Connects a socket to the host's first address of the socket's family, as Python's
/// socket.connect() does. Throws gaierror, TimeoutError, std::system_error
/// (errc::operation_in_progress if the socket does not block; once it is writable the same call
/// ends it).
void connect_socket(const Socket& socket, const SocketAddress& address, const Deadline& deadline);

}  // namespace peercert::ssl
