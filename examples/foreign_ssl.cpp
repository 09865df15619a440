// SPDX-License-Identifier: Apache-2.0
// A connection that plain OpenSSL made, and who is at its other end.
#include <iostream>
#include <memory>

#include <openssl/ssl.h>

#include <peercert/peercert.hpp>
#include <peercert/ssl/getpeercert.hpp>

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: foreign_ssl HOST PORT CAFILE\n";
    return 2;
  }
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()),
                                                                  &SSL_CTX_free);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_load_verify_file(context.get(), argv[3]);
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> bio(BIO_new_ssl_connect(context.get()),
                                                          &BIO_free_all);
  BIO_set_conn_hostname(bio.get(), argv[1]);
  BIO_set_conn_port(bio.get(), argv[2]);
  SSL* ssl = nullptr;
  BIO_get_ssl(bio.get(), &ssl);
  SSL_set_tlsext_host_name(ssl, argv[1]);
  SSL_set1_host(ssl, argv[1]);
  if (BIO_do_handshake(bio.get()) != 1) {
    std::cerr << "foreign_ssl: " << peercert::ssl::get_verify_result(ssl).message << '\n';
    return 1;
  }
  const auto cert = peercert::ssl::getpeercert(ssl);
  std::cout << (cert ? peercert::to_python_repr(*cert) : "None") << '\n';
}
