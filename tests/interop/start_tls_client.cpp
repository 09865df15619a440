// SPDX-License-Identifier: Apache-2.0
// Asks a server for TLS in its own protocol, shakes hands, and prints the SHA-256 of the
// certificate: start_tls_client PROTOCOL ADDRESS PORT NAME
#include <charconv>
#include <cstdio>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/use_awaitable.hpp>

#include <peercert/ssl/ssl.hpp>

#include "scan/loop/start_tls_conversation.hpp"

namespace {

namespace scan = peercert::scan;
namespace ssl = peercert::ssl;

asio::awaitable<void> connect(asio::ip::tcp::socket& socket, scan::StartTls protocol,
                              asio::ip::tcp::endpoint endpoint, std::string name) {
  co_await socket.async_connect(endpoint, asio::use_awaitable);
  scan::Wait wait(socket.get_executor());
  const std::optional<scan::Failure> failure =
      co_await scan::start_tls(protocol, wait, socket, name);
  if (failure) throw std::runtime_error(failure->message);
}

void print_certificate(ssl::Socket socket) {
  ssl::SSLContext context = ssl::SSLContext(ssl::Protocol::tls_client);
  context.set_check_hostname(false);
  context.set_verify_mode(ssl::VerifyMode::none);
  const ssl::SSLSocket tls = context.wrap_socket(std::move(socket));
  for (const std::uint8_t octet :
       peercert::crypto::sha256(tls.getpeercert(ssl::binary_form).value())) {
    std::printf("%02x", octet);
  }
  std::puts("");
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 5) return 2;
  const std::string port_text = argv[3];
  std::uint16_t port = 0;
  std::from_chars(port_text.data(), port_text.data() + port_text.size(), port);

  asio::io_context loop(1);
  asio::ip::tcp::socket socket(loop);
  std::exception_ptr failure;
  asio::co_spawn(loop,
                 connect(socket, scan::parse_start_tls(argv[1]).value(),
                         {asio::ip::make_address(argv[2]), port}, argv[4]),
                 [&failure](const std::exception_ptr& error) { failure = error; });
  loop.run();
  if (failure) std::rethrow_exception(failure);
  print_certificate(ssl::Socket(socket.release()));
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
