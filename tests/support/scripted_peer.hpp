// SPDX-License-Identifier: Apache-2.0
// A peer of start_tls() that says what a test has written down, over a socket of 127.0.0.1.
#pragma once

#include <chrono>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <asio/buffer.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/read.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>
#include <gtest/gtest.h>

#include "scan/start_tls_conversation.hpp"

namespace peercert::scan {

using asio::ip::tcp;

enum class Who { server, client };

struct Said {
  Who who;
  std::string octets;
};

inline Said s(std::string octets) { return {Who::server, std::move(octets)}; }
inline Said c(std::string octets) { return {Who::client, std::move(octets)}; }

/// How start_tls() ended: nullopt for well.
struct Ending {
  ErrorClass error_class = ErrorClass::internal;
  std::string message{};
};

/// What a peer does with its end of the connection, which is closed when it returns.
using Peer = std::function<asio::awaitable<void>(tcp::socket&)>;

inline asio::awaitable<void> serve(tcp::acceptor& acceptor, Peer peer) {
  tcp::socket socket = co_await acceptor.async_accept(asio::use_awaitable);
  socket.set_option(tcp::no_delay(true));
  co_await peer(socket);
}

inline asio::awaitable<void> talk(tcp::endpoint endpoint, StartTls protocol, std::string host,
                                  std::optional<Ending>& ending) {
  tcp::socket socket(co_await asio::this_coro::executor);
  co_await socket.async_connect(endpoint, asio::use_awaitable);
  PlainStream stream(socket);
  try {
    co_await start_tls(protocol, stream, host);
  } catch (const PlainStreamError& error) {
    ending = Ending{error.error_class(), error.what()};
  }
}

inline std::optional<Ending> converse(StartTls protocol, Peer peer,
                                      std::string host = "h.example.test",
                                      const char* listen = "127.0.0.1",
                                      const char* to = "127.0.0.1") {
  asio::io_context loop(1);
  tcp::acceptor acceptor(loop, {asio::ip::make_address(listen), 0});
  const tcp::endpoint endpoint(asio::ip::make_address(to), acceptor.local_endpoint().port());
  std::optional<Ending> ending;
  std::exception_ptr failure;
  const auto keep = [&failure](const std::exception_ptr& error) {
    if (error) failure = error;
  };
  asio::co_spawn(loop, serve(acceptor, std::move(peer)), keep);
  asio::co_spawn(loop, talk(endpoint, protocol, std::move(host), ending), keep);
  loop.run_for(std::chrono::seconds(30));
  EXPECT_TRUE(loop.stopped()) << "both wait";
  if (failure) std::rethrow_exception(failure);
  return ending;
}

/// Sends what the server has to say, and compares what the client says. A client that goes before
/// the end is what the tests with broken scripts are about.
inline asio::awaitable<void> play(tcp::socket& socket, std::vector<Said> lines, std::size_t piece) {
  for (const Said& said : lines) {
    asio::error_code error;
    std::string heard(said.octets.size(), '\0');
    if (said.who == Who::client) {
      co_await asio::async_read(socket, asio::buffer(heard),
                                asio::redirect_error(asio::use_awaitable, error));
      if (!error) {
        EXPECT_EQ(heard, said.octets);
      }
      continue;
    }
    for (std::size_t at = 0; at < said.octets.size() && !error; at += piece) {
      const std::string part = said.octets.substr(at, piece);
      co_await asio::async_write(socket, asio::buffer(part),
                                 asio::redirect_error(asio::use_awaitable, error));
      co_await asio::post(asio::use_awaitable);  // so that the client sees them one by one
    }
  }
}

inline Peer player(std::vector<Said> lines, std::size_t piece = std::string::npos / 2) {
  return
      [lines = std::move(lines), piece](tcp::socket& socket) { return play(socket, lines, piece); };
}

/// Says one thing, and then another one as long as somebody listens.
inline asio::awaitable<void> chatter(tcp::socket& socket, std::string first, std::string again) {
  asio::error_code error;
  std::string text = first;
  while (!error) {
    co_await asio::async_write(socket, asio::buffer(text),
                               asio::redirect_error(asio::use_awaitable, error));
    text = again;
  }
}

inline Peer chatterbox(std::string first, std::string again) {
  return [first, again](tcp::socket& socket) { return chatter(socket, first, again); };
}

}  // namespace peercert::scan
