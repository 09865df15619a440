// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <future>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include <peercert/render/python_repr.hpp>
#include <peercert/ssl/ssl.hpp>

#include "cli/terminal.hpp"
#include "commands.hpp"
#include "render/json_object.hpp"
#include "testing/private_ca.hpp"

namespace peercert::tool {
namespace {

using ssl::SSLContext;
using ssl::SSLSocket;

// Long enough for any machine; only there so that a fault ends the demo instead of stopping it.
constexpr std::chrono::seconds kTimeout{30};

constexpr const char* kNextSteps = R"(Try next:
  peercert example.org                      a server on the Internet, verified
  peercert --verify none HOST:PORT          whatever answers there, looked at only
  peercert --format python HOST             just the dict
  peercert decode FILE                      certificates in a file
  peercert --help
)";

// The three parties, new for each run.
struct Cast {
  ssl::Credential authority = ssl::Credential::root_ca("Demo Root");
  ssl::Credential server = authority.issue(
      {.subject = {{"O", "Demo"}, {"CN", "server.example"}},
       .subject_alt_name = {"DNS:server.example", "DNS:*.server.example", "IP:127.0.0.1"},
       .extended_key_usage = ssl::ExtendedKeyUsage::server_auth});
  ssl::Credential client = authority.issue(
      {.subject = {{"O", "Demo"}, {"CN", "Alice"}},
       .subject_alt_name = {"email:alice@client.example", "URI:spiffe://client.example/alice"},
       .extended_key_usage = ssl::ExtendedKeyUsage::client_auth});
};

SSLContext make_context(ssl::Purpose purpose, const Cast& cast, const ssl::Credential& own) {
  SSLContext context =
      ssl::create_default_context(purpose, {.cadata = cast.authority.certificate_pem()});
  context.load_cert_chain_data(own.chain_pem(), own.private_key_pem());
  return context;
}

// What getpeercert() gives, in Python's words.
std::string answer(const SSLSocket& socket) try {
  const std::optional<PeerCert> dict = socket.getpeercert();
  return dict ? to_python_repr(*dict) : "None";
} catch (const ssl::ValueError& error) {
  return fmt::format("ValueError: {}", error.what());
}

// One conversation, seen from both ends.
struct Conversation {
  std::string client_before;
  std::string client;
  std::string server;
  std::string description;
  Der der;
};

Conversation converse(const SSLContext& server_context, const SSLContext& client_context) {
  ssl::Socket listener = ssl::create_server("127.0.0.1", 0);
  listener.set_timeout(kTimeout);
  const ssl::SocketAddress address = listener.getsockname();
  auto server_answer = std::async(std::launch::async, [&] {
    ssl::Socket accepted = listener.accept();
    accepted.set_timeout(kTimeout);
    return answer(server_context.wrap_socket(std::move(accepted), {.server_side = true}));
  });

  Conversation heard;
  SSLSocket client = client_context.wrap_socket(
      ssl::create_connection(address.host, address.port, kTimeout),
      {.do_handshake_on_connect = false, .server_hostname = "server.example"});
  heard.client_before = answer(client);
  client.do_handshake();
  heard.client = answer(client);
  heard.der = client.getpeercert(ssl::binary_form).value_or(Der{});
  heard.description = fmt::format("{}, {}, {}", address.str(), client.version().value_or("no TLS"),
                                  client.cipher().value_or(ssl::Cipher{}).name);
  heard.server = server_answer.get();
  return heard;
}

// The dict with a line for each key.
std::string spread(std::string repr) {
  for (const std::string_view key :
       {"issuer", "version", "serialNumber", "notBefore", "notAfter", "subjectAltName"}) {
    const std::size_t at = repr.find(fmt::format(", '{}': ", key));
    if (at != std::string::npos) repr.replace(at, 2, ",\n ");
  }
  return repr;
}

class Stage {
 public:
  void show(std::string_view question, std::string_view answer) {
    std::string lines =
        fmt::format("{} {}\n   ", style_.good(std::to_string(++number_)), style_.bold(question));
    for (const char c : answer) {
      lines += c;
      if (c == '\n') lines += "   ";
    }
    write_stdout(lines + "\n\n");
  }

  void say(std::string_view text) { write_stdout(fmt::format("{}\n", text)); }

 private:
  Style style_ = Style::of_stdout();
  int number_ = 0;
};

std::string describe(const Der& der) {
  Output digits;
  render::append_hex(digits, Bytes(der).first(std::min<std::size_t>(der.size(), 16)));
  digits.append("...\nSHA-256 ");
  render::append_hex(digits, crypto::sha256(der));
  return fmt::format("{} octets: {}", der.size(), digits.view());
}

}  // namespace

ExitCode run_demo() {
  const Cast cast;
  SSLContext server = make_context(ssl::Purpose::client_auth, cast, cast.server);
  SSLContext client = make_context(ssl::Purpose::server_auth, cast, cast.client);
  server.set_verify_mode(ssl::VerifyMode::required);
  const Conversation mutual = converse(server, client);

  server.set_verify_mode(ssl::VerifyMode::none);
  client.set_check_hostname(false);
  client.set_verify_mode(ssl::VerifyMode::none);
  const Conversation trusting = converse(server, client);

  Stage stage;
  stage.say("The six answers of getpeercert(), from a private authority, a server and a client");
  stage.say(fmt::format("that talk to each other in this process ({}).\n", mutual.description));
  stage.show("Before the handshake", mutual.client_before);
  stage.show("On a server that asked for no certificate", trusting.server);
  stage.show("On a client that verifies nothing: one came, but it proves nothing", trusting.client);
  stage.show("On a client that verifies: who the server is", spread(mutual.client));
  stage.show("On a server that verifies: who the client is", spread(mutual.server));
  stage.show("As DER, getpeercert(binary_form)", describe(mutual.der));
  stage.say(kNextSteps);
  return ExitCode::ok;
}

}  // namespace peercert::tool
