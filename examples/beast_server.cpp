// SPDX-License-Identifier: Apache-2.0
// Beast over Boost.Asio's stream: a server that requires certificates of its clients.
#include <iostream>

#include <boost/asio/ssl.hpp>
#include <boost/beast.hpp>

#include <peercert/adapters/asio.hpp>
#include <peercert/peercert.hpp>

namespace asio = boost::asio;
namespace http = boost::beast::http;

void serve(asio::ssl::stream<asio::ip::tcp::socket> stream) {
  boost::beast::error_code error;
  stream.handshake(stream.server, error);
  const auto identity = peercert::ssl::peer_identity(stream);  // failed or not
  std::clog << identity.to_string() << '\n';
  http::request<http::empty_body> request;
  boost::beast::flat_buffer buffer;
  if (!error) http::read(stream, buffer, request, error);
  if (error || !identity.verified()) return;
  const std::string cert = to_python_repr(*peercert::ssl::getpeercert(stream));
  http::write(stream, http::response<http::string_body>(http::status::ok, 10, cert), error);
  stream.shutdown(error);
}

int main(int argc, char** argv) {  // NOLINT(bugprone-exception-escape): ends the program
  if (argc != 4) return std::cerr << "beast_server: CAFILE CHAIN KEY\n", 2;
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
