// SPDX-License-Identifier: Apache-2.0
// What an SSLSocket or SSLObject consists of, and how its calls of OpenSSL's are made.
#pragma once

#include <chrono>
#include <exception>
#include <string>
#include <utility>

#include <poll.h>

#include <peercert/ssl/context.hpp>
#include <peercert/ssl/error.hpp>
#include <peercert/ssl/ssl_connection.hpp>

#include "ssl/connection/connection.hpp"
#include "ssl/net/connect.hpp"
#include "ssl/net/deadline.hpp"

namespace peercert::ssl {

struct SSLConnection::State {
  SSLContext context;
  WrapOptions options;
  Socket socket{};  // not open in an SSLObject
  bool was_connected = false;
  Connection connection{};  // not open while listening or unconnected, and after close or unwrap

  bool is_sni_told = false;      // the context's sni_callback was called
  bool may_set_context = false;  // it is running

  SSLConnection* running = nullptr;     // whose call that may call back is running
  std::exception_ptr callback_error{};  // what a callback of that call threw

  /// Throws Python's errors for arguments that contradict each other or the context.
  State(const SSLContext& shared_context, WrapOptions own_options, Socket own_socket = {});

  /// What Connection::open() is told.
  ConnectionOptions connection_options() const;
  /// Another context from now on. Throws before it changes anything.
  void set_context(const SSLContext& other);
  /// To be called behind Connection::open() with what it gave.
  void finish_opening(const Outcome& outcome);
  /// The State that an SSL belongs to; null if some other code made it.
  static State* of(const SSL* ssl) noexcept;

  /// The connection. Python's errors: OSError if there never was one, ValueError if it is over.
  Connection& require(const char* when_closed = "Call on closed or unwrapped SSL socket.") {
    if (connection) return connection;
    if (!was_connected) static_cast<void>(socket.getpeername());
    throw ValueError(when_closed);
  }

  bool may_wait() const {
    return socket.fileno() >= 0 && socket.timeout() != std::chrono::milliseconds(0);
  }

  /// Repeats a call until it is done, waiting for the socket in between under one deadline. Throws
  /// what a callback has thrown.
  template <class Call>
  Outcome run(SSLConnection& connection_of, const char* operation, Call call) {
    return run(connection_of, operation, Deadline(socket.timeout()), call);
  }
  template <class Call>
  Outcome run(SSLConnection& connection_of, const char* operation, const Deadline& deadline,
              Call call) {
    running = &connection_of;
    connection.set_deadline(may_wait() ? deadline : Deadline(std::nullopt));
    for (;;) {
      const Outcome outcome = call();
      if (callback_error) std::rethrow_exception(std::exchange(callback_error, nullptr));
      const bool reading = outcome.status == Status::want_read;
      const bool unfinished = reading || outcome.status == Status::want_write;
      if (!unfinished || !may_wait()) return outcome;
      if (!wait_until_ready(socket.fileno(), reading ? POLLIN : POLLOUT, deadline)) {
        throw TimeoutError(std::string("The ") + operation + " operation timed out");
      }
    }
  }

  void require_ok(const Outcome& outcome) const {
    if (!outcome) throw_outcome(outcome, connection.native_handle(), options.server_hostname);
  }
};

}  // namespace peercert::ssl
