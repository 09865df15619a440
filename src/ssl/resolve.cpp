// SPDX-License-Identifier: Apache-2.0
#include "ssl/resolve.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <condition_variable>
#include <csignal>
#include <cstring>
#include <memory>
#include <mutex>
#include <thread>

#include <netdb.h>
#include <netinet/in.h>

#include <peercert/ssl/error.hpp>

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

/// A lookup that its caller may stop waiting for.
struct Lookup {
  std::mutex mutex;
  std::condition_variable finished;
  std::optional<Answer> answer;
};

/// Signals stay with the application's threads: one that runs its handlers should not be ours.
std::thread start_without_signals(auto function) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  const std::unique_ptr<sigset_t, void (*)(sigset_t*)> restore(
      &before, [](sigset_t* mask) { pthread_sigmask(SIG_SETMASK, mask, nullptr); });
  return std::thread(std::move(function));
}

Answer look_up_until(const std::string& host, std::uint16_t port, const Deadline& deadline) {
  const auto lookup = std::make_shared<Lookup>();
  start_without_signals([lookup, host, port] {
    Answer answer = look_up(host, port, 0);
    const std::lock_guard lock(lookup->mutex);
    lookup->answer = std::move(answer);
    lookup->finished.notify_one();
  }).detach();

  std::unique_lock lock(lookup->mutex);
  const auto is_done = [&] { return lookup->answer.has_value(); };
  if (!lookup->finished.wait_for(lock, *deadline.remaining(), is_done)) {
    throw TimeoutError(host + ": the name's resolution timed out");
  }
  return std::move(*lookup->answer);
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
  if (answer.eai_code == EAI_NONAME) {
    answer = deadline.is_never() ? look_up(host, port, 0) : look_up_until(host, port, deadline);
  }
  if (answer.eai_code == EAI_SYSTEM) {
    throw std::system_error(answer.system_errno, std::generic_category(), host);
  }
  if (answer.eai_code != 0) throw gaierror(answer.eai_code, host);
  return std::move(answer.addresses);
}

}  // namespace peercert::ssl
