// SPDX-License-Identifier: Apache-2.0
// For the tests: the two ends of a connection without sockets, driven by one thread.
#pragma once

#include <exception>
#include <string>

#include "support/tls_pair.hpp"

namespace peercert::ssl {

/// What one end writes is what the other end reads.
struct BioPair {
  MemoryBIO to_client{};
  MemoryBIO to_server{};
  SSLObject client;
  SSLObject server;
  std::exception_ptr client_error{};
  std::exception_ptr server_error{};

  BioPair(const SSLContext& client_context, const SSLContext& server_context,
          BioOptions client_options = {.server_hostname = "localhost"})
      : client(client_context.wrap_bio(to_client, to_server, client_options)),
        server(server_context.wrap_bio(to_server, to_client, {.server_side = true})) {}

  /// Runs both handshakes to their ends. The errors are kept, not thrown.
  BioPair& handshake() {
    bool client_runs = true, server_runs = true;
    // Each flight is answered at once: more rounds than TLS has flights change nothing.
    for (int round = 0; round < 6 && (client_runs || server_runs); ++round) {
      if (client_runs) client_runs = go_on(client, client_error);
      if (server_runs) server_runs = go_on(server, server_error);
    }
    return *this;
  }

  /// As handshake(), and throws what the client, or else the server, threw.
  BioPair& connect() {
    handshake();
    if (client_error) std::rethrow_exception(client_error);
    if (server_error) std::rethrow_exception(server_error);
    return *this;
  }

  /// Whether the handshake is unfinished.
  static bool go_on(SSLObject& end, std::exception_ptr& error) {
    try {
      end.do_handshake();
    } catch (const SSLWantReadError&) {
      return true;
    } catch (...) {
      error = std::current_exception();
    }
    return false;
  }
};

}  // namespace peercert::ssl
