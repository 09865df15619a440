// SPDX-License-Identifier: Apache-2.0
#include "ssl/net/connect.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>

#include <peercert/ssl/error.hpp>

#include "ssl/net/idna.hpp"

namespace peercert::ssl {

namespace {

/// Connects, and gives errno; ETIMEDOUT if the deadline comes first.
int connect_until(const Socket& socket, const RawAddress& address, const Deadline& deadline) {
  if (::connect(socket.fileno(), address.get(), address.len) == 0) return 0;
  // An interrupted connect() goes on like a non-blocking one.
  if (errno != EINPROGRESS && errno != EINTR) return errno;
  if (!wait_until_ready(socket.fileno(), POLLOUT, deadline)) return ETIMEDOUT;
  int error = 0;
  socklen_t len = sizeof error;
  return ::getsockopt(socket.fileno(), SOL_SOCKET, SO_ERROR, &error, &len) == 0 ? error : errno;
}

/// The attempt's share of what is left, so that an address that does not answer leaves time for
/// those behind it.
Deadline share_of(const Deadline& deadline, std::size_t num_addresses) {
  const Timeout left = deadline.remaining();
  if (!left) return deadline;
  return Deadline(*left / static_cast<std::chrono::milliseconds::rep>(num_addresses));
}

/// Connects to one address; an invalid Socket and the errno in `error` if that fails.
Socket try_connect(const RawAddress& address, const Deadline& deadline, int& error) {
  Socket socket(
      ::socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP));
  error = socket.fileno() < 0 ? errno : connect_until(socket, address, deadline);
  if (error != 0) socket.close();
  return socket;
}

int family_of(const Socket& socket) {
  int family = 0;
  socklen_t len = sizeof family;
  if (::getsockopt(socket.fileno(), SOL_SOCKET, SO_DOMAIN, &family, &len) == 0) return family;
  throw std::system_error(errno, std::generic_category(), "getsockopt");
}

}  // namespace

bool wait_until_ready(int fd, short events, const Deadline& deadline) {
  for (;;) {
    // Asked before poll(): a peer that keeps the descriptor ready must not outlast the deadline.
    const int timeout = deadline.poll_timeout();
    if (timeout == 0) return false;
    pollfd waiting{fd, events, 0};
    const int num_ready = ::poll(&waiting, 1, timeout);
    if (num_ready > 0) return true;
    if (num_ready < 0 && errno != EINTR)
      throw std::system_error(errno, std::generic_category(), "poll");
  }
}

Socket connect_first(const std::vector<RawAddress>& addresses, const Deadline& deadline) {
  std::string failures;
  int error = 0;
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    // The last error's text is left to the exceptions: std::system_error adds it by itself.
    if (i > 0) failures += ": " + std::generic_category().message(error) + ", ";
    Socket socket = try_connect(addresses[i], share_of(deadline, addresses.size() - i), error);
    if (error == 0) return socket;
    failures += to_socket_address(addresses[i]).str();
  }
  if (error != ETIMEDOUT) throw std::system_error(error, std::generic_category(), failures);
  throw TimeoutError(failures + ": " + std::generic_category().message(error));
}

void connect_socket(const Socket& socket, const SocketAddress& address, const Deadline& deadline) {
  const int family = family_of(socket);
  const auto addresses = resolve(to_a_labels(address.host), address.port, deadline);
  const auto found = std::ranges::find(addresses, family, &RawAddress::family);
  if (found == addresses.end()) throw gaierror(EAI_ADDRFAMILY, address.host);
  const std::string subject = to_socket_address(*found).str();
  int error = connect_until(socket, *found, deadline);
  if (error == 0) return;
  const bool non_blocking = socket.timeout() == std::chrono::milliseconds(0);
  if (error == ETIMEDOUT && non_blocking) error = EINPROGRESS;
  if (error == ETIMEDOUT) throw TimeoutError(subject + ": timed out");
  throw std::system_error(error, std::generic_category(), subject);
}

}  // namespace peercert::ssl
