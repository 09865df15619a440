// SPDX-License-Identifier: Apache-2.0
// Asio as a client: verifies the server and its name, shows its certificate, and asks it something.
#include <iostream>

#include <asio.hpp>
#include <asio/ssl.hpp>

#include <peercert/adapters/asio.hpp>
#include <peercert/peercert.hpp>

int main(int argc, char** argv) try {
  if (argc != 4 && argc != 6) throw std::invalid_argument("HOST PORT CAFILE [CHAIN KEY]");
  asio::ssl::context context(asio::ssl::context::tls_client);
  context.load_verify_file(argv[3]);
  peercert::ssl::require_verified_peers(context);
  if (argc == 6) {
    context.use_certificate_chain_file(argv[4]);
    context.use_private_key_file(argv[5], asio::ssl::context::pem);
  }
  asio::io_context io;
  asio::ssl::stream<asio::ip::tcp::socket> stream(io, context);
  peercert::ssl::set_server_hostname(stream, argv[1]);  // else any name would do
  asio::connect(stream.next_layer(), asio::ip::tcp::resolver(io).resolve(argv[1], argv[2]));
  asio::error_code error;
  stream.handshake(stream.client, error);
  std::clog << peercert::ssl::peer_identity(stream).to_string() << '\n';  // failed or not
  if (error) throw std::runtime_error(error.message());
  std::cout << to_python_repr(*peercert::ssl::getpeercert(stream)) << '\n';

  asio::write(stream, asio::buffer("GET / HTTP/1.0\r\n\r\n", 18));
  std::string response;
  asio::read(stream, asio::dynamic_buffer(response), error);  // to the end
  std::cout << response << '\n';
} catch (const std::exception& error) {
  std::cerr << "asio_client: " << error.what() << '\n';
  return 1;
}
