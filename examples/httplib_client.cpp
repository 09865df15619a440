// SPDX-License-Identifier: Apache-2.0
// cpp-httplib as a client: verifies the server in the handshake, and shows who it is.
#include <iostream>

#include <httplib.h>

#include <peercert/adapters/httplib.hpp>
#include <peercert/peercert.hpp>

int main(int argc, char** argv) {  // NOLINT(bugprone-exception-escape): ends the program
  if (argc != 4 && argc != 6) {
    std::cerr << "usage: httplib_client HOST PORT CAFILE [CHAIN KEY]\n";
    return 2;
  }
  httplib::SSLClient client(argv[1], std::atoi(argv[2]));
  client.set_ca_cert_path(argv[3]);
  if (argc == 6) {  // SSLClient's own arguments for this send no intermediate certificates
    SSL_CTX_use_certificate_chain_file(client.ssl_context(), argv[4]);
    SSL_CTX_use_PrivateKey_file(client.ssl_context(), argv[5], SSL_FILETYPE_PEM);
  }
  const peercert::ssl::HttplibPeer peer(client);
  const auto result = client.Get("/");
  const auto identity = peer.identity();
  if (identity) std::clog << identity->to_string() << '\n';
  if (!result) {
    std::cerr << "httplib_client: " << to_string(result.error()) << '\n';
    return 1;
  }
  const peercert::Certificate server = identity->verified()->certificate();
  std::cout << to_python_repr(*to_peer_cert(server.view())) << '\n' << result->body << '\n';
}
