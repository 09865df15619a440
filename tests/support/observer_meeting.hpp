// SPDX-License-Identifier: Apache-2.0
// For the tests: an Observer and a server on the two ends of a connection.
#pragma once

#include <chrono>
#include <exception>
#include <future>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <poll.h>

#include "scan/capture/observer.hpp"
#include "support/certificate_presenter.hpp"
#include "support/tls_pair.hpp"

namespace peercert::ssl {

struct Meeting {
  Outcome outcome{};
  bool may_need_more = false;
  ExcessiveCost excessive_cost{};
  Observation seen{};
  std::exception_ptr server_error{};
};

inline ObserverContext observer_context(const std::string& root_pem, TLSVersion version,
                                        ObserverMode mode = ObserverMode::verify) {
  return {mode, [&](SSLContext& context) {
            context.load_verify_locations({.cafile = {}, .capath = {}, .cadata = root_pem});
            context.set_minimum_version(version);
            context.set_maximum_version(version);
          }};
}

/// A handshake with whatever `serve` does with the other end of a connection.
template <class Serve>
Meeting meet_peer(const ObserverContext& context, bool lean, Serve serve) {
  using namespace std::chrono_literals;
  SocketPair sockets = connect_sockets();
  auto server = std::async(std::launch::async, [&] { return serve(std::move(sockets.server)); });
  Observer observer;
  Meeting meeting;
  meeting.outcome = observer.open(context, lean, sockets.client.fileno(), "localhost");
  EXPECT_TRUE(meeting.outcome);
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  do {
    meeting.outcome = observer.do_handshake(deadline);
    pollfd readable{sockets.client.fileno(), POLLIN, 0};
    if (meeting.outcome.status == Status::want_read) ::poll(&readable, 1, 1000);
  } while (meeting.outcome.status == Status::want_read);
  meeting.may_need_more = observer.may_need_more(meeting.outcome);
  meeting.excessive_cost = observer.excessive_cost();
  meeting.seen = observer.observation();
  observer.reset();
  sockets.client.close();
  meeting.server_error = server.get();
  return meeting;
}

/// A handshake with a server of OpenSSL's.
inline Meeting meet(const ObserverContext& context, const SSLContext& server_context, bool lean) {
  return meet_peer(context, lean, [&](Socket socket) {
    SSLSocket tls = server_context.wrap_socket(
        std::move(socket), {.server_side = true, .do_handshake_on_connect = false});
    return TlsPair::attempt(tls);
  });
}

/// With a server that presents these and has no key: see present().
inline Meeting meet_presenter(const ObserverContext& context, bool lean,
                              const std::vector<Der>& entries) {
  return meet_peer(context, lean, [&](Socket socket) -> std::exception_ptr {
    test::present(std::move(socket), entries);
    return nullptr;
  });
}

}  // namespace peercert::ssl
