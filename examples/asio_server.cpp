// SPDX-License-Identifier: Apache-2.0
// Asio as a server that requires certificates of its clients, and tells each what its own says.
#include <iostream>

#include <asio.hpp>
#include <asio/ssl.hpp>

#include <peercert/adapters/asio.hpp>
#include <peercert/peercert.hpp>

std::string greet(const peercert::ssl::VerifiedPeer& client) {
  const auto cert = client.certificate();
  return "HTTP/1.0 200 OK\r\n\r\n" + to_python_repr(*to_peer_cert(cert.view()));
}

void serve(asio::ssl::stream<asio::ip::tcp::socket> stream) {
  asio::error_code error;
  stream.handshake(stream.server, error);
  const auto identity = peercert::ssl::peer_identity(stream);  // failed or not
  std::clog << identity.to_string() << '\n';
  std::string request;
  if (!error) asio::read_until(stream, asio::dynamic_buffer(request), "\r\n\r\n", error);
  if (error || !identity.verified()) return;
  asio::write(stream, asio::buffer(greet(*identity.verified())), error);
  stream.shutdown(error);
}

int main(int argc, char** argv) {  // NOLINT(bugprone-exception-escape): ends the program
  if (argc != 4) return std::cerr << "asio_server: CAFILE CHAIN KEY\n", 2;
  asio::ssl::context context(asio::ssl::context::tls_server);
  context.load_verify_file(argv[1]);
  context.use_certificate_chain_file(argv[2]);
  context.use_private_key_file(argv[3], asio::ssl::context::pem);
  peercert::ssl::require_verified_peers(context);
  asio::io_context io;
  asio::ip::tcp::acceptor acceptor(io, {asio::ip::address_v4::loopback(), 0});
  std::cout << acceptor.local_endpoint().port() << std::endl;
  for (;;) serve({acceptor.accept(), context});
}
