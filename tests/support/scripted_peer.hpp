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
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>
#include <gtest/gtest.h>

#include "scan/loop/start_tls_conversation.hpp"
#include "support/start_tls_scripts.hpp"

namespace peercert::scan {

using asio::ip::tcp;

/// What a peer does with its end of the connection, which is closed when it returns.
using Peer = std::function<asio::awaitable<void>(tcp::socket&)>;

inline asio::awaitable<void> serve(tcp::acceptor& acceptor, Peer peer) {
  tcp::socket socket = co_await acceptor.async_accept(asio::use_awaitable);
  socket.set_option(tcp::no_delay(true));
  co_await peer(socket);
}

inline asio::awaitable<void> talk(tcp::endpoint endpoint, StartTls protocol, std::string host,
                                  std::chrono::milliseconds patience,
                                  std::optional<Failure>& failure) {
  tcp::socket socket(co_await asio::this_coro::executor);
  co_await socket.async_connect(endpoint, asio::use_awaitable);
  Wait wait(socket.get_executor());
  wait.set_deadline(Clock::now() + patience);
  failure = co_await start_tls(protocol, wait, socket, host);
}

struct Converse {
  std::string host = scripts::kHost;
  const char* listen = "127.0.0.1";
  const char* to = "127.0.0.1";
  std::chrono::milliseconds patience = std::chrono::minutes(1);
};

/// How start_tls() ends with the peer.
inline std::optional<Failure> converse(StartTls protocol, Peer peer, const Converse& how = {}) {
  asio::io_context loop(1);
  tcp::acceptor acceptor(loop, {asio::ip::make_address(how.listen), 0});
  const tcp::endpoint endpoint(asio::ip::make_address(how.to), acceptor.local_endpoint().port());
  std::optional<Failure> failure;
  std::exception_ptr thrown;
  const auto keep = [&thrown](const std::exception_ptr& error) {
    if (error) thrown = error;
  };
  asio::co_spawn(loop, serve(acceptor, std::move(peer)), keep);
  asio::co_spawn(loop, talk(endpoint, protocol, how.host, how.patience, failure), keep);
  loop.run_for(std::chrono::minutes(1));
  EXPECT_TRUE(loop.stopped()) << "both wait";
  if (thrown) std::rethrow_exception(thrown);
  return failure;
}

/// Sends what the server has to say, and compares what the client says. A client that goes before
/// the end is what the tests with broken scripts are about.
inline asio::awaitable<void> play(tcp::socket& socket, std::vector<Said> lines, std::size_t piece) {
  for (const Said& said : lines) {
    asio::error_code error;
    std::string heard(said.bytes.size(), '\0');
    if (said.who == Who::client) {
      co_await asio::async_read(socket, asio::buffer(heard),
                                asio::redirect_error(asio::use_awaitable, error));
      if (!error) {
        EXPECT_EQ(heard, said.bytes);
      }
      continue;
    }
    for (std::size_t at = 0; at < said.bytes.size() && !error; at += piece) {
      const std::string part = said.bytes.substr(at, piece);
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

inline asio::awaitable<void> hear_out(tcp::socket& socket) {
  asio::error_code error;
  std::string heard(1024, '\0');
  while (!error) {
    co_await socket.async_read_some(asio::buffer(heard),
                                    asio::redirect_error(asio::use_awaitable, error));
  }
}

/// Says it, and then listens until the client goes.
inline asio::awaitable<void> say_and_listen(tcp::socket& socket, std::string text) {
  const std::vector<Said> lines(1, s(text));
  co_await play(socket, lines, text.size() + 1);
  co_await hear_out(socket);
}

/// Says it byte by byte after some time, and then listens until the client goes.
inline asio::awaitable<void> say_later(tcp::socket& socket, std::string text,
                                       std::chrono::microseconds after) {
  asio::steady_timer timer(co_await asio::this_coro::executor, after);
  co_await timer.async_wait(asio::use_awaitable);
  const std::vector<Said> lines(1, s(text));
  co_await play(socket, lines, 1);
  co_await hear_out(socket);
}

}  // namespace peercert::scan
