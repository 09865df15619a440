// SPDX-License-Identifier: Apache-2.0
#include "ssl/net/resolve.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>

#include <netdb.h>
#include <netinet/in.h>

#include <peercert/ssl/error.hpp>

#include "ssl/net/call_until.hpp"

namespace peercert::ssl {

namespace {

struct Answer {
  int eai_code = 0;
  int system_errno = 0;  // for EAI_SYSTEM
  std::vector<RawAddress> addresses{};
};

Answer look_up(const std::string& host, std::uint16_t port, int flags) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags | AI_NUMERICSERV;
  addrinfo* list = nullptr;
  Answer answer;
  answer.eai_code = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &list);
  answer.system_errno = errno;
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned(list, &::freeaddrinfo);
  for (const addrinfo* at = list; at != nullptr; at = at->ai_next) {
    RawAddress address;
    std::memcpy(&address.storage, at->ai_addr, at->ai_addrlen);
    address.len = at->ai_addrlen;
    answer.addresses.push_back(address);
  }
  return answer;
}

}  // namespace

SocketAddress to_socket_address(const RawAddress& address) {
  std::array<char, NI_MAXHOST> host{};
  std::array<char, NI_MAXSERV> service{};
  const int code = ::getnameinfo(address.get(), address.len, host.data(), host.size(),
                                 service.data(), service.size(), NI_NUMERICHOST | NI_NUMERICSERV);
  if (code != 0) throw gaierror(code, "getnameinfo");
  SocketAddress result;
  result.host = host.data();
  std::from_chars(service.data(), service.data() + std::strlen(service.data()), result.port);
  return result;
}

std::vector<RawAddress> resolve(const std::string& host, std::uint16_t port,
                                const Deadline& deadline) {
  if (host.find('\0') != host.npos) throw ValueError("host has an embedded null character");
  Answer answer = look_up(host, port, AI_NUMERICHOST);
  if (answer.eai_code == EAI_NONAME && deadline.is_never()) {
    answer = look_up(host, port, 0);
  } else if (answer.eai_code == EAI_NONAME) {
    auto in_time = call_until<Answer>(deadline, [=] { return look_up(host, port, 0); });
    if (!in_time) throw TimeoutError(host + ": the name's resolution timed out");
    answer = *std::move(in_time);
  }
  if (answer.eai_code == EAI_SYSTEM) {
    throw std::system_error(answer.system_errno, std::generic_category(), host);
  }
  if (answer.eai_code != 0) throw gaierror(answer.eai_code, host);
  return std::move(answer.addresses);
}

}  // namespace peercert::ssl
