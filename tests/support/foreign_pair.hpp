// SPDX-License-Identifier: Apache-2.0
// For the tests: connections that OpenSSL's own API makes.
#pragma once

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "crypto/openssl_ptr.hpp"

namespace peercert::ssl {

/// A client and a server, both foreign: plain OpenSSL over a BIO pair.
struct ForeignPair {
  SslPtr client;
  SslPtr server;
  int client_result = 0;
  int server_result = 0;

  ForeignPair(SSL_CTX* client_context, SSL_CTX* server_context)
      : client(SSL_new(client_context)), server(SSL_new(server_context)) {
    BIO* client_bio = nullptr;
    BIO* server_bio = nullptr;
    BIO_new_bio_pair(&client_bio, 0, &server_bio, 0);
    SSL_set_bio(client.get(), client_bio, client_bio);
    SSL_set_bio(server.get(), server_bio, server_bio);
    SSL_set_connect_state(client.get());
    SSL_set_accept_state(server.get());
  }

  void step_client() { client_result = SSL_do_handshake(client.get()); }
  void step_server() { server_result = SSL_do_handshake(server.get()); }

  /// Both sides, until they are done or get no further.
  void handshake() {
    constexpr int kEnoughSteps = 10;
    for (int i = 0; i < kEnoughSteps; ++i) {
      step_client();
      step_server();
    }
    ERR_clear_error();
  }
};

}  // namespace peercert::ssl
