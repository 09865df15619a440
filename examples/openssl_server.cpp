// SPDX-License-Identifier: Apache-2.0
// Plain OpenSSL, as any server around an SSL*: requires certificates, tells each what its own says.
#include <iostream>

#include <openssl/ssl.h>

#include <peercert/peercert.hpp>
#include <peercert/ssl/peer_identity.hpp>

/// Says what only a client may hear whose certificate was verified.
std::string greet(const peercert::ssl::VerifiedPeer& client) {
  return "HTTP/1.0 200 OK\r\n\r\n" + to_python_repr(*to_peer_cert(client.certificate().view()));
}

void serve(BIO* connection) {
  SSL* ssl = nullptr;
  BIO_get_ssl(connection, &ssl);
  BIO_do_handshake(connection);
  const auto identity = peercert::ssl::peer_identity(ssl);  // failed or not
  std::clog << identity.to_string() << '\n';
  if (identity.verified() == nullptr) return;
  char request[4096];
  BIO_read(connection, request, sizeof request);
  BIO_puts(connection, greet(*identity.verified()).c_str());
  BIO_ssl_shutdown(connection);
}

int main(int argc, char** argv) {
  if (argc != 4) return std::cerr << "openssl_server: CAFILE CHAIN KEY\n", 2;
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());  // for as long as the program runs
  SSL_CTX_load_verify_file(context, argv[1]);
  SSL_CTX_use_certificate_chain_file(context, argv[2]);
  SSL_CTX_use_PrivateKey_file(context, argv[3], SSL_FILETYPE_PEM);
  peercert::ssl::capture_verification(context);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  BIO* acceptor = BIO_new_accept("127.0.0.1:0");
  BIO_set_accept_bios(acceptor, BIO_new_ssl(context, 0));
  if (BIO_do_accept(acceptor) != 1) return 1;  // listens; the next ones accept
  std::cout << BIO_get_accept_port(acceptor) << std::endl;
  while (BIO_do_accept(acceptor) == 1) {
    BIO* connection = BIO_pop(acceptor);
    serve(connection);
    BIO_free_all(connection);
  }
}
