// SPDX-License-Identifier: Apache-2.0
#include "hostile/wire.hpp"

#include <thread>
#include <utility>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>

namespace peercert::hostile {

namespace {

template <class Value>
void set_option(const ssl::Socket& socket, int level, int option, const Value& value) {
  ::setsockopt(socket.fileno(), level, option, &value, sizeof value);
}

}  // namespace

Wire::Wire(ssl::Socket socket) : socket_(std::move(socket)) {
  socket_.set_timeout(std::nullopt);
  const timeval patience{kPatience.count(), 0};
  set_option(socket_, SOL_SOCKET, SO_RCVTIMEO, patience);
  set_option(socket_, SOL_SOCKET, SO_SNDTIMEO, patience);
  set_option(socket_, IPPROTO_TCP, TCP_NODELAY, 1);
}

void Wire::send(std::string_view octets) const {
  while (!octets.empty()) {
    const ssize_t sent = ::send(socket_.fileno(), octets.data(), octets.size(), MSG_NOSIGNAL);
    if (sent <= 0) throw PeerGone{};
    octets.remove_prefix(static_cast<std::size_t>(sent));
  }
}

Octets Wire::receive_exactly(std::size_t len) const {
  Octets received(len, '\0');
  for (std::size_t at = 0; at < len;) {
    const ssize_t got = ::recv(socket_.fileno(), received.data() + at, len - at, 0);
    if (got <= 0) throw PeerGone{};
    at += static_cast<std::size_t>(got);
  }
  return received;
}

Octets Wire::receive() const {
  Octets received(kMaxFragmentLen, '\0');
  const ssize_t got = ::recv(socket_.fileno(), received.data(), received.size(), 0);
  if (got <= 0) throw PeerGone{};
  received.resize(static_cast<std::size_t>(got));
  return received;
}

Octets Wire::receive_record() const {
  const Octets header = receive_exactly(5);
  const auto high = static_cast<std::uint8_t>(header[3]);
  const auto low = static_cast<std::uint8_t>(header[4]);
  return header + receive_exactly(high * 256U + low);
}

void Wire::half_close() const { ::shutdown(socket_.fileno(), SHUT_WR); }

void Wire::reset() {
  set_option(socket_, SOL_SOCKET, SO_LINGER, linger{1, 0});
  socket_.close();
}

void Wire::drain() const {
  for (;;) receive();
}

void Wire::ignore() const {
  std::this_thread::sleep_for(std::chrono::seconds(1));
  drain();
}

void Wire::flood(std::string_view octets) const {
  const Octets many = repeat(octets, kMaxFragmentLen / octets.size() + 1);
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (std::chrono::steady_clock::now() < end) send(many);
  throw PeerGone{};
}

}  // namespace peercert::hostile
