// SPDX-License-Identifier: Apache-2.0
// Beast as a client: verifies the server and its name, shows its certificate, and what it answers.
#include <iostream>

#include <boost/beast.hpp>
#include <boost/beast/ssl.hpp>

#include <peercert/adapters/asio.hpp>
#include <peercert/peercert.hpp>

namespace asio = boost::asio;
namespace http = boost::beast::http;

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
  boost::beast::ssl_stream<boost::beast::tcp_stream> stream(io, context);
  peercert::ssl::set_server_hostname(stream, argv[1]);  // else any name would do
  stream.next_layer().connect(asio::ip::tcp::resolver(io).resolve(argv[1], argv[2]));
  boost::beast::error_code error;
  stream.handshake(asio::ssl::stream_base::client, error);
  std::clog << peercert::ssl::peer_identity(stream).to_string() << '\n';  // failed or not
  if (error) throw std::runtime_error(error.message());
  std::cout << to_python_repr(*peercert::ssl::getpeercert(stream)) << '\n';
  http::write(stream, http::request<http::empty_body>(http::verb::get, "/", 10));
  http::response<http::string_body> response;
  boost::beast::flat_buffer buffer;
  http::read(stream, buffer, response);
  std::cout << response.body() << '\n';
} catch (const std::exception& error) {
  return std::cerr << "beast_client: " << error.what() << '\n', 1;
}
