// SPDX-License-Identifier: Apache-2.0
// For the tests: certificates, and the two ends of a connection over loopback.
#pragma once

#include <array>
#include <cstdint>
#include <exception>
#include <future>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include <peercert/ssl/ssl.hpp>

#include "testing/private_ca.hpp"

namespace peercert::ssl {

/// A CA, an intermediate one, and the two certificates that most tests use.
struct TestPki {
  Credential root;
  Credential intermediate;
  Credential server;  // for localhost, 127.0.0.1 and ::1
  Credential client;

  explicit TestPki(KeyType type = KeyType::p256)
      : root(Credential::root_ca("Test Root")),
        intermediate(
            root.issue({.key_type = type, .subject = {{"CN", "Test Intermediate"}}, .ca = true})),
        server(
            intermediate.issue({.key_type = type,
                                .subject = {{"O", "Test"}, {"CN", "localhost"}},
                                .subject_alt_name = {"DNS:localhost", "IP:127.0.0.1", "IP:::1"}})),
        client(intermediate.issue({.subject = {{"CN", "a client"}},
                                   .subject_alt_name = {"email:client@example.org"},
                                   .extended_key_usage = ExtendedKeyUsage::client_auth})) {}

  static const TestPki& shared() {
    static const TestPki pki;
    return pki;
  }

  /// A client's context that trusts the root, with all of create_default_context()'s checks.
  SSLContext client_context() const {
    return create_default_context(Purpose::server_auth,
                                  {.cafile = {}, .capath = {}, .cadata = root.certificate_pem()});
  }
  /// A server's context that presents `server`, and trusts the root for clients.
  SSLContext server_context() const { return server_context(server); }
  SSLContext server_context(const Credential& credential) const {
    SSLContext context = create_default_context(
        Purpose::client_auth, {.cafile = {}, .capath = {}, .cadata = root.certificate_pem()});
    load(context, credential);
    return context;
  }

  static void load(SSLContext& context, const Credential& credential) {
    context.load_cert_chain_data(credential.chain_pem(), credential.private_key_pem());
  }
};

inline const TestPki& pki() { return TestPki::shared(); }

struct SocketPair {
  Socket client;
  Socket server;
};

inline SocketPair connect_sockets() {
  using namespace std::chrono_literals;
  const Socket listener = create_server("127.0.0.1", 0);
  Socket client = create_connection("127.0.0.1", listener.getsockname().port, 30s);
  Socket server = listener.accept();
  server.set_timeout(30s);
  return {std::move(client), std::move(server)};
}

/// The two ends of one connection, and how their handshakes ended.
struct TlsPair {
  SSLSocket client;
  SSLSocket server;
  std::exception_ptr client_error{};
  std::exception_ptr server_error{};

  /// Makes the ends, without a handshake.
  TlsPair(const SSLContext& client_context, const SSLContext& server_context,
          const std::string& host, SocketPair sockets = connect_sockets())
      : client(client_context.wrap_socket(
            std::move(sockets.client),
            {.do_handshake_on_connect = false, .server_hostname = host})),
        server(server_context.wrap_socket(
            std::move(sockets.server), {.server_side = true, .do_handshake_on_connect = false})) {}

  /// Runs both handshakes to their ends. The errors are kept, not thrown.
  TlsPair& handshake() {
    auto server_side = std::async(std::launch::async, [this] { return attempt(server); });
    client_error = attempt(client);
    // A client that gave up would leave the server waiting.
    if (client_error) client.close();
    server_error = server_side.get();
    return *this;
  }

  static std::exception_ptr attempt(SSLSocket& side) {
    try {
      side.do_handshake();
    } catch (...) {
      return std::current_exception();
    }
    return nullptr;
  }
};

inline std::string text_of(std::span<const std::uint8_t> octets) {
  return {octets.begin(), octets.end()};
}
inline Bytes bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string read_some(SSLConnection& connection) {
  std::array<std::uint8_t, 64> buffer{};
  return text_of(std::span(buffer).first(connection.read(buffer)));
}

inline testing::AssertionResult contains(std::string_view text, std::string_view part) {
  if (text.find(part) != text.npos) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "no '" << part << "' in '" << text << "'";
}

/// The exception of type Error that `call` throws; it is a failure if it throws none.
template <class Error, class Call>
Error caught(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error;
  }
  throw std::logic_error("nothing was thrown");
}

template <class Error>
Error caught(const std::exception_ptr& error) {
  return caught<Error>([&] {
    if (error) std::rethrow_exception(error);
  });
}

}  // namespace peercert::ssl
