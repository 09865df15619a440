// SPDX-License-Identifier: Apache-2.0
// A TLS server that tells each client who it is, over HTTP and as a line on standard output:
//
//   dict_server none|optional|required CERTFILE KEYFILE CAFILE
//
// The first line is the port on 127.0.0.1; each connection's is repr(getpeercert()), or the error.
#include <array>
#include <chrono>
#include <cstdio>
#include <exception>
#include <map>
#include <string>
#include <system_error>
#include <utility>

#include <peercert/peercert.hpp>
#include <peercert/ssl/ssl.hpp>

namespace {

namespace ssl = peercert::ssl;

// So that a client that stalls does not keep the next one waiting for ever.
constexpr std::chrono::seconds kPatience{10};

void say(const std::string& line) {
  std::puts(line.c_str());
  std::fflush(stdout);
}

ssl::SSLContext make_context(char** arguments) {
  static const std::map<std::string, ssl::VerifyMode> modes{
      {"none", ssl::VerifyMode::none},
      {"optional", ssl::VerifyMode::optional},
      {"required", ssl::VerifyMode::required}};
  ssl::SSLContext context(ssl::Protocol::tls_server);
  context.set_verify_mode(modes.at(arguments[0]));
  context.load_cert_chain(arguments[1], arguments[2]);
  context.load_verify_locations({.cafile = arguments[3]});
  return context;
}

std::string who_is(const ssl::SSLSocket& client) {
  const auto cert = client.getpeercert();
  return cert ? peercert::to_python_repr(*cert) : "None";
}

// Reads a request, answers it, and ends the connection as TLS wants it.
void answer(ssl::SSLSocket client, const std::string& line) {
  std::array<std::uint8_t, 4096> request{};
  if (client.read(request) == 0) return;
  const std::string response = "HTTP/1.0 200 OK\r\n\r\n" + line + "\n";
  client.write({reinterpret_cast<const std::uint8_t*>(response.data()), response.size()});
  client.unwrap().close();
}

void serve(const ssl::SSLContext& context, ssl::Socket socket) {
  socket.set_timeout(kPatience);
  ssl::SSLSocket client = context.wrap_socket(std::move(socket), {.server_side = true});
  const std::string line = who_is(client);
  say(line);
  try {
    answer(std::move(client), line);
  } catch (const std::system_error&) {
    // The client has left without a word, which is its right.
  }
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 5) {
    std::fputs("usage: dict_server none|optional|required CERTFILE KEYFILE CAFILE\n", stderr);
    return 2;
  }
  const ssl::SSLContext context = make_context(argv + 1);
  const ssl::Socket listener = ssl::create_server("127.0.0.1", 0);
  say(std::to_string(listener.getsockname().port));
  while (true) {
    try {
      serve(context, listener.accept());
    } catch (const ssl::SSLCertVerificationError& error) {
      say(error.reason() + " " + std::to_string(error.verify_code()) + " " +
          error.verify_message());
    } catch (const ssl::SSLError& error) {
      say(error.reason());
    } catch (const std::system_error& error) {
      say(error.code().message());
    }
  }
} catch (const std::exception& error) {
  std::fprintf(stderr, "dict_server: %s\n", error.what());
  return 1;
}
