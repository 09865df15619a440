// SPDX-License-Identifier: Apache-2.0
// cpp-httplib as a server that requires certificates of its clients, and tells each what its own
// says. Request::ssl is the connection, for as long as the handler runs.
#include <iostream>

#include <httplib.h>

#include <peercert/peercert.hpp>
#include <peercert/ssl/peer_identity.hpp>

/// Says what only a client may hear whose certificate was verified.
std::string greet(const peercert::ssl::VerifiedPeer& client) {
  const peercert::Certificate certificate = client.certificate();
  return to_python_repr(*to_peer_cert(certificate.view()));
}

int main(int argc, char** argv) {
  if (argc != 4) return std::cerr << "usage: httplib_server CAFILE CHAIN KEY\n", 2;
  httplib::SSLServer server(argv[2], argv[3], argv[1]);
  peercert::ssl::capture_verification(server.ssl_context());
  server.Get("/", [](const httplib::Request& request, httplib::Response& response) {
    const auto identity = peercert::ssl::peer_identity(request.ssl);
    std::clog << identity.to_string() << '\n';
    if (const auto client = identity.verified()) response.set_content(greet(*client), "text/plain");
  });
  std::cout << server.bind_to_any_port("127.0.0.1") << std::endl;
  server.listen_after_bind();
}
