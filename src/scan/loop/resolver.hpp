// SPDX-License-Identifier: Apache-2.0
// Names to addresses, many at a time, by c-ares.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <asio/awaitable.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/address.hpp>

#include <peercert/scan/options.hpp>

#include "scan/loop/wait.hpp"

namespace peercert::scan {

/// What is kept of an answer: of each family's addresses, and of a domain's hosts.
inline constexpr std::size_t kMaxAddresses = 256;
inline constexpr std::size_t kMaxMailHosts = 32;

/// How a lookup ended.
template <class Answer>
struct Lookup {
  std::vector<Answer> answers{};
  std::string error{};     // a sentence, if there are none
  bool timed_out = false;  // no name server answered in time
};

/// A resolver for one event loop, and for coroutines that run there. What is asked is taken for
/// whole: nothing is appended to it (RFC 1535).
class Resolver {
 public:
  /// Throws std::runtime_error if the options name a server that is none, or c-ares cannot start.
  Resolver(asio::io_context& loop, const ResolverOptions& options);
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;
  ~Resolver();

  /// The addresses of a host, at most kMaxAddresses of each family, those of one family mixed with
  /// those of the other as RFC 8305, 4, wants them, IPv6 first. An address is its own answer, and
  /// nobody is asked.
  asio::awaitable<Lookup<asio::ip::address>> addresses(const std::string& host, Wait& wait);

  /// The hosts that take a domain's mail, most preferred first, each once, kMaxMailHosts at most:
  /// RFC 5321, 5.1. The domain itself if it has no MX; none if it says that it takes no mail (RFC
  /// 7505).
  asio::awaitable<Lookup<std::string>> mail_hosts(const std::string& domain, Wait& wait);

 private:
  class Channel;
  std::shared_ptr<Channel> channel_;
  AddressFamily family_;
};

}  // namespace peercert::scan
