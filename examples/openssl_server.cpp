// SPDX-License-Identifier: Apache-2.0
// Plain OpenSSL as a server that requires certificates of its clients, and tells each what its own
// says. Any server written around an SSL* asks in the same way.
#include <iostream>
#include <memory>

#include <openssl/ssl.h>

#include <peercert/peercert.hpp>
#include <peercert/ssl/getpeercert.hpp>

void serve(BIO* connection) {
  SSL* ssl = nullptr;
  BIO_get_ssl(connection, &ssl);
  if (BIO_do_handshake(connection) != 1) {
    std::cerr << "openssl_server: " << peercert::ssl::get_verify_result(ssl).message << '\n';
    return;
  }
  const auto cert = peercert::ssl::getpeercert(ssl);
  char request[4096];
  BIO_read(connection, request, sizeof request);
  BIO_puts(connection, ("HTTP/1.0 200 OK\r\n\r\n" + to_python_repr(*cert)).c_str());
  BIO_ssl_shutdown(connection);
}

int main(int argc, char** argv) {
  if (argc != 4) return std::cerr << "usage: openssl_server CAFILE CHAIN KEY\n", 2;
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());  // for as long as the program runs
  SSL_CTX_load_verify_file(context, argv[1]);
  SSL_CTX_use_certificate_chain_file(context, argv[2]);
  SSL_CTX_use_PrivateKey_file(context, argv[3], SSL_FILETYPE_PEM);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  BIO* acceptor = BIO_new_accept("127.0.0.1:0");
  BIO_set_accept_bios(acceptor, BIO_new_ssl(context, 0));
  if (BIO_do_accept(acceptor) != 1) return 1;  // listens; the next ones accept
  std::cout << BIO_get_accept_port(acceptor) << std::endl;
  while (BIO_do_accept(acceptor) == 1) {
    const std::unique_ptr<BIO, decltype(&BIO_free_all)> connection(BIO_pop(acceptor),
                                                                   &BIO_free_all);
    serve(connection.get());
  }
}
