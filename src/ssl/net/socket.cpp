// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <unistd.h>

#include <peercert/ssl/error.hpp>
#include <peercert/ssl/socket.hpp>

#include "ssl/net/connect.hpp"
#include "ssl/net/deadline.hpp"
#include "ssl/net/idna.hpp"
#include "ssl/net/resolve.hpp"

namespace peercert::ssl {

namespace {

[[noreturn]] void throw_errno(int error, const std::string& subject) {
  throw std::system_error(error, std::generic_category(), subject);
}

Socket open_socket(int family, int flags) {
  Socket socket(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | flags, IPPROTO_TCP));
  if (socket.fileno() < 0) throw_errno(errno, "socket");
  return socket;
}

void enable(const Socket& socket, int level, int option) {
  const int on = 1;
  if (::setsockopt(socket.fileno(), level, option, &on, sizeof on) != 0) {
    throw_errno(errno, "setsockopt");
  }
}

using AddressFunction = int (*)(int, sockaddr*, socklen_t*);
SocketAddress ask_address(AddressFunction function, int fd, const char* name) {
  RawAddress address;
  if (function(fd, address.get(), &address.len) != 0) throw_errno(errno, name);
  return to_socket_address(address);
}

}  // namespace

std::string SocketAddress::str() const {
  const bool v6 = host.find(':') != host.npos;
  return (v6 ? "[" + host + "]:" : host + ":") + std::to_string(port);
}

Socket::Socket(Socket&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), timeout_(other.timeout_) {}

Socket& Socket::operator=(Socket&& other) noexcept {
  if (this != &other) {
    close();
    fd_ = std::exchange(other.fd_, -1);
    timeout_ = other.timeout_;
  }
  return *this;
}

Socket::~Socket() { close(); }

int Socket::detach() noexcept { return std::exchange(fd_, -1); }

void Socket::close() noexcept {
  // Not repeated after EINTR: on Linux the descriptor is gone, and its number may be another's.
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

void Socket::set_timeout(Timeout timeout) {
  if (timeout && timeout->count() < 0) throw ValueError("Timeout value out of range");
  const int flags = ::fcntl(fd_, F_GETFL);
  // With a timeout too the descriptor must not block: poll() does the waiting.
  const int wanted = timeout ? flags | O_NONBLOCK : flags & ~O_NONBLOCK;
  if (flags < 0 || (wanted != flags && ::fcntl(fd_, F_SETFL, wanted) != 0)) {
    throw_errno(errno, "fcntl");
  }
  timeout_ = timeout;
}

void Socket::shutdown(ShutdownHow how) const {
  static_assert(static_cast<int>(ShutdownHow::rd) == SHUT_RD);
  static_assert(static_cast<int>(ShutdownHow::wr) == SHUT_WR);
  static_assert(static_cast<int>(ShutdownHow::rdwr) == SHUT_RDWR);
  if (::shutdown(fd_, static_cast<int>(how)) != 0) throw_errno(errno, "shutdown");
}

SocketAddress Socket::getpeername() const { return ask_address(::getpeername, fd_, "getpeername"); }

SocketAddress Socket::getsockname() const { return ask_address(::getsockname, fd_, "getsockname"); }

Socket Socket::accept() const {
  const Deadline deadline(timeout_);
  for (;;) {
    Socket connection(::accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC));
    if (connection.fileno() >= 0) return connection;
    const int error = errno;
    if (error == EINTR || error == ECONNABORTED) continue;
    const bool would_block = error == EAGAIN || error == EWOULDBLOCK;
    if (!would_block || timeout_ == std::chrono::milliseconds(0)) throw_errno(error, "accept");
    if (!wait_until_ready(fd_, POLLIN, deadline)) throw TimeoutError("timed out");
  }
}

Socket create_connection(std::string_view host, std::uint16_t port, Timeout timeout) {
  const Deadline deadline(timeout);
  Socket socket = connect_first(resolve(to_a_labels(host), port, deadline), deadline);
  socket.set_timeout(timeout);
  return socket;
}

Socket create_server(std::string_view host, std::uint16_t port, int backlog) {
  const RawAddress address = resolve(std::string(host), port, Deadline(std::nullopt)).front();
  const std::string subject = to_socket_address(address).str();
  Socket socket = open_socket(address.family(), 0);
  enable(socket, SOL_SOCKET, SO_REUSEADDR);  // a restarted server gets its port at once
  if (address.family() == AF_INET6) enable(socket, IPPROTO_IPV6, IPV6_V6ONLY);
  if (::bind(socket.fileno(), address.get(), address.len) != 0) throw_errno(errno, subject);
  if (::listen(socket.fileno(), backlog) != 0) throw_errno(errno, subject);
  return socket;
}

}  // namespace peercert::ssl
