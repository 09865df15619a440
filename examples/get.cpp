// SPDX-License-Identifier: Apache-2.0
// Connects to a TLS server, verifies it, and prints Python's getpeercert().
#include <cstdlib>
#include <iostream>

#include <peercert/peercert.hpp>
#include <peercert/ssl/ssl.hpp>

using namespace peercert;
using namespace std::chrono_literals;

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: get HOST PORT CAFILE\n";
    return 2;
  }
  const std::string host = argv[1];
  const auto port = static_cast<std::uint16_t>(std::atoi(argv[2]));
  try {
    auto context = ssl::create_default_context(ssl::Purpose::server_auth, {.cafile = argv[3]});
    auto socket =
        context.wrap_socket(ssl::create_connection(host, port, 10s), {.server_hostname = host});
    std::cout << to_python_repr(*socket.getpeercert()) << '\n';
  } catch (const std::exception& error) {
    std::cerr << "get: " << host << ": " << error.what() << '\n';
    return 1;
  }
}
