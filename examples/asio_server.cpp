// SPDX-License-Identifier: Apache-2.0
// Asio as a server that requires certificates of its clients, and tells each what its own says.
#include <iostream>

#include <asio.hpp>
#include <asio/ssl.hpp>

#include <peercert/adapters/asio.hpp>
#include <peercert/peercert.hpp>

using asio::ip::tcp;

void serve(tcp::socket socket, asio::ssl::context& context) try {
  asio::ssl::stream<tcp::socket> stream(std::move(socket), context);
  stream.handshake(stream.server);
  const auto cert = peercert::ssl::getpeercert(stream);
  std::string request;
  asio::read_until(stream, asio::dynamic_buffer(request), "\r\n\r\n");
  asio::write(stream, asio::buffer("HTTP/1.0 200 OK\r\n\r\n" + to_python_repr(*cert)));
  stream.shutdown();
} catch (const std::exception& error) {
  std::cerr << "asio_server: " << error.what() << '\n';
}

int main(int argc, char** argv) {
  if (argc != 4) return std::cerr << "usage: asio_server CAFILE CHAIN KEY\n", 2;
  asio::ssl::context context(asio::ssl::context::tls_server);
  context.load_verify_file(argv[1]);
  context.use_certificate_chain_file(argv[2]);
  context.use_private_key_file(argv[3], asio::ssl::context::pem);
  context.set_verify_mode(asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert);
  asio::io_context io;
  tcp::acceptor acceptor(io, {asio::ip::address_v4::loopback(), 0});
  std::cout << acceptor.local_endpoint().port() << std::endl;
  for (;;) serve(acceptor.accept(), context);
}
