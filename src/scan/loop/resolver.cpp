// SPDX-License-Identifier: Apache-2.0
#include "scan/loop/resolver.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <span>
#include <stdexcept>
#include <utility>

#include <ares.h>
#include <arpa/nameser.h>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/steady_timer.hpp>
#include <netinet/in.h>
#include <sys/socket.h>

namespace peercert::scan {
namespace {

// c-ares asks each server this often, and waits this long for the first answer.
constexpr int kTries = 3;
constexpr int kFirstTimeoutMs = 1'500;
// How often c-ares is reminded of the time while questions are open.
constexpr std::chrono::milliseconds kTick{100};

struct FreeAddresses {
  void operator()(ares_addrinfo* info) const noexcept { ares_freeaddrinfo(info); }
};
struct FreeReply {
  void operator()(ares_mx_reply* reply) const noexcept { ares_free_data(reply); }
};

void require(int status, const char* what) {
  if (status == ARES_SUCCESS) return;
  throw std::runtime_error(std::string(what) + ": " + ares_strerror(status));
}

/// For as long as the process runs: ares_library_cleanup() would pull it from under other threads.
void start_library() {
  static const int status = ares_library_init(ARES_LIB_INIT_ALL);
  require(status, "c-ares");
}

asio::ip::address to_address(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
    return asio::ip::address_v4(ntohl(v4.sin_addr.s_addr));
  }
  const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
  asio::ip::address_v6::bytes_type octets;
  std::ranges::copy(v6.sin6_addr.s6_addr, octets.begin());
  return asio::ip::address_v6(octets, v6.sin6_scope_id);
}

/// One family after the other in turn, IPv6 first; each address once.
std::vector<asio::ip::address> interleave(const ares_addrinfo& info) {
  std::array<std::vector<asio::ip::address>, 2> of_family;
  for (const ares_addrinfo_node* node = info.nodes; node != nullptr; node = node->ai_next) {
    if (node->ai_family != AF_INET && node->ai_family != AF_INET6) continue;
    const asio::ip::address address = to_address(*node->ai_addr);
    auto& known = of_family[address.is_v4() ? 1 : 0];
    if (known.size() == kMaxAddresses) continue;
    if (std::ranges::find(known, address) == known.end()) known.push_back(address);
  }
  std::vector<asio::ip::address> mixed;
  for (std::size_t i = 0; i < std::max(of_family[0].size(), of_family[1].size()); ++i) {
    for (const auto& known : of_family) {
      if (i < known.size()) mixed.push_back(known[i]);
    }
  }
  return mixed;
}

int to_af(AddressFamily family) noexcept {
  switch (family) {
    case AddressFamily::any: return AF_UNSPEC;
    case AddressFamily::ipv4: return AF_INET;
    case AddressFamily::ipv6: return AF_INET6;
  }
  return AF_UNSPEC;
}

bool is_timeout(int status) noexcept {
  return status == ARES_ETIMEOUT || status == ARES_ECONNREFUSED;
}

/// An open question: shared by the coroutine that waits and by c-ares, whichever is done last.
template <class Answer>
struct Question {
  explicit Question(asio::io_context& loop) : answered(loop.get_executor()) {}

  Event answered;
  Lookup<Answer> lookup{};

  void answer(Lookup<Answer> result) {
    lookup = std::move(result);
    answered.set();
  }
};

template <class Answer>
Lookup<Answer> failure(int status) {
  return {{}, ares_strerror(status), is_timeout(status)};
}

Lookup<asio::ip::address> to_lookup(int status, const ares_addrinfo* info) {
  Lookup<asio::ip::address> lookup;
  if (status == ARES_SUCCESS && info != nullptr) lookup.answers = interleave(*info);
  if (!lookup.answers.empty()) return lookup;
  return failure<asio::ip::address>(status == ARES_SUCCESS ? ARES_ENODATA : status);
}

/// `domain` is its own mail host if it has no other: RFC 5321, 5.1.
Lookup<std::string> to_lookup(int status, std::span<const unsigned char> reply,
                              const std::string& domain) {
  ares_mx_reply* list = nullptr;
  if (status == ARES_SUCCESS) {
    status = ares_parse_mx_reply(reply.data(), static_cast<int>(reply.size()), &list);
  }
  const std::unique_ptr<ares_mx_reply, FreeReply> owner(list);
  if (status == ARES_ENODATA) return {{domain}};
  if (status != ARES_SUCCESS) return failure<std::string>(status);
  std::vector<std::pair<unsigned, std::string>> hosts;
  for (; list != nullptr; list = list->next) hosts.emplace_back(list->priority, list->host);
  std::ranges::stable_sort(hosts, {}, &std::pair<unsigned, std::string>::first);
  Lookup<std::string> lookup;
  for (auto& [preference, host] : hosts) {
    if (lookup.answers.size() == kMaxMailHosts) break;
    const bool is_known = std::ranges::find(lookup.answers, host) != lookup.answers.end();
    if (!host.empty() && host != "." && !is_known) lookup.answers.push_back(std::move(host));
  }
  if (lookup.answers.empty()) lookup.error = "the domain takes no mail (RFC 7505)";
  return lookup;
}

}  // namespace

/// c-ares on an event loop: its sockets are watched, and it is told the time.
class Resolver::Channel : public std::enable_shared_from_this<Resolver::Channel> {
 public:
  Channel(asio::io_context& loop, const ResolverOptions& options) : loop_(loop), tick_(loop) {
    start_library();
    ares_options settings{};
    settings.flags = ARES_FLAG_NOSEARCH;
    settings.tries = kTries;
    settings.timeout = kFirstTimeoutMs;
    settings.sock_state_cb = on_socket;
    settings.sock_state_cb_data = this;
    int mask = ARES_OPT_FLAGS | ARES_OPT_TRIES | ARES_OPT_TIMEOUTMS | ARES_OPT_SOCK_STATE_CB;
    std::string only_dns = "b";
    if (!options.servers.empty()) {
      settings.lookups = only_dns.data();
      mask |= ARES_OPT_LOOKUPS;
    }
    require(ares_init_options(&channel_, &settings, mask), "c-ares");
    if (options.servers.empty()) return;
    std::string list;
    for (const std::string& server : options.servers) list += (list.empty() ? "" : ",") + server;
    const int status = ares_set_servers_ports_csv(channel_, list.c_str());
    if (status != ARES_SUCCESS) ares_destroy(channel_);
    require(status, "a name server's address is not one");
  }
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;
  /// Answers the open questions with ARES_EDESTRUCTION.
  ~Channel() { ares_destroy(channel_); }

  asio::awaitable<Lookup<asio::ip::address>> addresses(std::string host, int family, Wait& wait);
  asio::awaitable<Lookup<std::string>> mail_hosts(std::string domain, Wait& wait);

 private:
  template <class Answer>
  struct Ticket;
  template <class Answer, class Put>
  asio::awaitable<Lookup<Answer>> ask(std::string name, Wait& wait, Put put);

  void begin_question() {
    if (open_questions_++ == 0) start_tick();
  }
  void end_question() noexcept {  // NOLINT(bugprone-exception-escape): cancel() has no failure
    if (--open_questions_ == 0) tick_.cancel();
  }

  struct Watch {
    explicit Watch(asio::io_context& loop, int fd) : descriptor(loop, fd) {}
    ~Watch() { release(); }
    /// c-ares closes it.
    void release() {
      if (descriptor.is_open()) descriptor.release();
    }
    asio::posix::stream_descriptor descriptor;
    bool wants_read = false, wants_write = false;
    bool reading = false, writing = false;
  };

  static void on_socket(void* self, ares_socket_t fd, int readable, int writable) {
    static_cast<Channel*>(self)->watch(fd, readable != 0, writable != 0);
  }

  void watch(int fd, bool readable, bool writable) {
    if (!readable && !writable) {
      const auto found = watches_.find(fd);
      if (found == watches_.end()) return;
      found->second->release();
      watches_.erase(found);
      return;
    }
    std::shared_ptr<Watch>& entry = watches_[fd];
    if (!entry) entry = std::make_shared<Watch>(loop_, fd);
    entry->wants_read = readable;
    entry->wants_write = writable;
    await_socket(fd, entry);
  }

  auto on_ready(int fd, const std::shared_ptr<Watch>& entry, bool Watch::*waiting) {
    return [self = weak_from_this(), fd, weak = std::weak_ptr(entry),
            waiting](const std::error_code& error) {
      const auto channel = self.lock();
      const auto watched = weak.lock();
      if (!channel || !watched || error || !watched->descriptor.is_open()) return;
      (*watched).*waiting = false;
      const bool readable = waiting == &Watch::reading;
      ares_process_fd(channel->channel_, readable ? fd : ARES_SOCKET_BAD,
                      readable ? ARES_SOCKET_BAD : fd);
      // c-ares may have closed it, and opened another with the same number.
      const auto found = channel->watches_.find(fd);
      if (found != channel->watches_.end() && found->second == watched) {
        channel->await_socket(fd, watched);
      }
    };
  }

  void await_socket(int fd, const std::shared_ptr<Watch>& entry) {
    using Socket = asio::posix::descriptor_base;
    if (entry->wants_read && !std::exchange(entry->reading, true)) {
      entry->descriptor.async_wait(Socket::wait_read, on_ready(fd, entry, &Watch::reading));
    }
    if (entry->wants_write && !std::exchange(entry->writing, true)) {
      entry->descriptor.async_wait(Socket::wait_write, on_ready(fd, entry, &Watch::writing));
    }
  }

  void start_tick() {
    tick_.expires_after(kTick);
    tick_.async_wait([self = weak_from_this()](const std::error_code& error) {
      const auto channel = self.lock();
      if (!channel || error) return;
      ares_process_fd(channel->channel_, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
      if (channel->open_questions_ > 0) channel->start_tick();
    });
  }

  asio::io_context& loop_;
  asio::steady_timer tick_;
  ares_channel channel_ = nullptr;
  std::map<int, std::shared_ptr<Watch>> watches_;
  std::size_t open_questions_ = 0;
};

/// What c-ares hands back with an answer.
template <class Answer>
struct Resolver::Channel::Ticket {
  Channel& channel;
  std::shared_ptr<Question<Answer>> question;
  std::string name{};

  /// To be called once, which ends it.
  void answer(Lookup<Answer> lookup) {
    const std::unique_ptr<Ticket> self(this);
    question->answer(std::move(lookup));
    channel.end_question();
  }
};

template <class Answer, class Put>
asio::awaitable<Lookup<Answer>> Resolver::Channel::ask(std::string name, Wait& wait, Put put) {
  if (!wait.is_over()) {
    const auto question = std::make_shared<Question<Answer>>(loop_);
    begin_question();
    put(*new Ticket<Answer>{*this, question, std::move(name)});
    if (!co_await wait.event(question->answered)) co_return std::move(question->lookup);
  }
  co_return Lookup<Answer>{{}, "no name server answered in time", true};
}

asio::awaitable<Lookup<asio::ip::address>> Resolver::Channel::addresses(std::string host,
                                                                        int family, Wait& wait) {
  using Answer = asio::ip::address;
  return ask<Answer>(std::move(host), wait, [family](Ticket<Answer>& ticket) {
    ares_addrinfo_hints hints{};
    hints.ai_family = family;
    hints.ai_socktype = SOCK_STREAM;
    // Sorting costs calls of the system for each of thousands, and the families are mixed anyway.
    hints.ai_flags = ARES_AI_NOSORT;
    const auto on_answer = [](void* argument, int status, int, ares_addrinfo* info) {
      const std::unique_ptr<ares_addrinfo, FreeAddresses> owner(info);
      static_cast<Ticket<Answer>*>(argument)->answer(to_lookup(status, info));
    };
    ares_getaddrinfo(ticket.channel.channel_, ticket.name.c_str(), nullptr, &hints, on_answer,
                     &ticket);
  });
}

asio::awaitable<Lookup<std::string>> Resolver::Channel::mail_hosts(std::string domain, Wait& wait) {
  return ask<std::string>(std::move(domain), wait, [](Ticket<std::string>& ticket) {
    const auto on_answer = [](void* argument, int status, int, unsigned char* reply, int len) {
      auto& answered = *static_cast<Ticket<std::string>*>(argument);
      answered.answer(to_lookup(status, {reply, static_cast<std::size_t>(len)}, answered.name));
    };
    ares_query(ticket.channel.channel_, ticket.name.c_str(), ns_c_in, ns_t_mx, on_answer, &ticket);
  });
}

Resolver::Resolver(asio::io_context& loop, const ResolverOptions& options)
    : channel_(std::make_shared<Channel>(loop, options)), family_(options.family) {}
Resolver::~Resolver() = default;

asio::awaitable<Lookup<asio::ip::address>> Resolver::addresses(const std::string& host,
                                                               Wait& wait) {
  std::error_code not_an_address;
  const asio::ip::address address = asio::ip::make_address(host, not_an_address);
  if (!not_an_address) co_return Lookup<asio::ip::address>{{address}};
  co_return co_await channel_->addresses(host, to_af(family_), wait);
}

asio::awaitable<Lookup<std::string>> Resolver::mail_hosts(const std::string& domain, Wait& wait) {
  return channel_->mail_hosts(domain, wait);
}

}  // namespace peercert::scan
