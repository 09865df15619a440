// SPDX-License-Identifier: Apache-2.0
// Plain OpenSSL, as any server around an SSL*: requires certificates, tells each what its own says.
#include <iostream>

#include <openssl/ssl.h>

#include <peercert/peercert.hpp>
#include <peercert/ssl/getpeercert.hpp>
#include <peercert/ssl/peer_identity.hpp>

void serve(BIO* connection) {
  SSL* ssl = nullptr;
  BIO_get_ssl(connection, &ssl);
  BIO_do_handshake(connection);
  const auto identity = peercert::ssl::peer_identity(ssl);  // failed or not
  std::clog << identity.to_string() << '\n';
  if (identity.verified()) {
    char request[4096];
    BIO_read(connection, request, sizeof request);
    const std::string dict = to_python_repr(*peercert::ssl::getpeercert(ssl));
    BIO_puts(connection, ("HTTP/1.0 200 OK\r\n\r\n" + dict).c_str());
    BIO_ssl_shutdown(connection);
  }
  BIO_free_all(connection);
}

int main(int argc, char** argv) {
  if (argc != 4) return std::cerr << "openssl_server: CAFILE CHAIN KEY\n", 2;
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());  // for as long as the program runs
  SSL_CTX_load_verify_file(context, argv[1]);
  SSL_CTX_use_certificate_chain_file(context, argv[2]);
  SSL_CTX_use_PrivateKey_file(context, argv[3], SSL_FILETYPE_PEM);
  peercert::ssl::require_verified_peers(context);
  BIO* acceptor = BIO_new_accept("127.0.0.1:0");
  BIO_set_accept_bios(acceptor, BIO_new_ssl(context, 0));
  if (BIO_do_accept(acceptor) != 1) return 1;  // listens; the next ones accept
  std::cout << BIO_get_accept_port(acceptor) << std::endl;
  while (BIO_do_accept(acceptor) == 1) serve(BIO_pop(acceptor));
}
