// SPDX-License-Identifier: Apache-2.0
// One end of a TLS connection, a SSLObject between standard input and standard output, which tells
// on standard error how it went:
//
//   tls_end client|server FOLDER 1.2|1.3 [WORD...]
//
// FOLDER has ca.pem, server.pem, server.key, other.pem, other.key, client.pem and client.key.
// Words: resume (a client connects twice, the second time with the first one's session), sni (a
// server presents other.pem to who asks for other.example.test), pha (asks for the client's
// certificate after the handshake, or offers it), host=NAME.
#include <array>
#include <cstdio>
#include <exception>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <unistd.h>

#include <peercert/peercert.hpp>
#include <peercert/ssl/ssl.hpp>

namespace {

namespace ssl = peercert::ssl;

struct Task {
  bool server = false;
  std::string folder;
  ssl::TLSVersion version{};
  std::string host = "server.example.test";
  std::set<std::string> words{};
};

Task parse(int argc, char** argv) {
  Task task{
      .server = argv[1] == std::string("server"),
      .folder = argv[2],
      .version = argv[3] == std::string("1.2") ? ssl::TLSVersion::tls1_2 : ssl::TLSVersion::tls1_3};
  for (const std::string& word : std::vector<std::string>(argv + 4, argv + argc)) {
    if (word.starts_with("host=")) {
      task.host = word.substr(5);
    } else {
      task.words.insert(word);
    }
  }
  return task;
}

void tell(const char* what, const std::string& value) {
  std::fprintf(stderr, "%s %s\n", what, value.c_str());
}

/// Carries what the connection has written to the peer, and what the peer sent to the connection.
class Carrier {
 public:
  ssl::SSLObject connect(const ssl::SSLContext& context, const ssl::BioOptions& options) const {
    return context.wrap_bio(incoming_, outgoing_, options);
  }

  /// Runs the call to its end.
  template <class Call>
  auto finish(Call call) {
    for (;;) {
      try {
        auto result = call();
        flush();
        return result;
      } catch (const ssl::SSLWantReadError&) {
        flush();
        receive();
      } catch (...) {
        flush();
        throw;
      }
    }
  }

 private:
  void flush() {
    const std::vector<std::uint8_t> octets = outgoing_.read();
    for (std::size_t at = 0; at < octets.size();) {
      const ssize_t written = ::write(STDOUT_FILENO, octets.data() + at, octets.size() - at);
      if (written <= 0) throw std::runtime_error("the peer does not read");
      at += static_cast<std::size_t>(written);
    }
  }

  void receive() {
    std::array<std::uint8_t, 1000> octets{};  // less than a record
    const ssize_t len = ::read(STDIN_FILENO, octets.data(), octets.size());
    if (len <= 0) return incoming_.write_eof();
    incoming_.write(std::span(octets).first(static_cast<std::size_t>(len)));
  }

  ssl::MemoryBIO incoming_{}, outgoing_{};
};

ssl::SSLContext make_context(const Task& task, const std::string& name) {
  ssl::SSLContext context = ssl::create_default_context(
      task.server ? ssl::Purpose::client_auth : ssl::Purpose::server_auth,
      {.cafile = task.folder + "/ca.pem"});
  context.set_minimum_version(task.version);
  context.set_maximum_version(task.version);
  const std::string stem = task.folder + "/" + name;
  context.load_cert_chain(stem + ".pem", stem + ".key");
  context.set_post_handshake_auth(task.words.contains("pha"));
  if (task.server && task.words.contains("pha")) {
    context.set_verify_mode(ssl::VerifyMode::required);
  }
  return context;
}

std::string read_line(Carrier& carrier, ssl::SSLObject& end) {
  std::array<std::uint8_t, 256> buffer{};
  const std::size_t len = carrier.finish([&] { return end.read(buffer); });
  return {buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(len)};
}

void write_line(Carrier& carrier, ssl::SSLObject& end, std::string_view line) {
  carrier.finish([&] {
    return end.write({reinterpret_cast<const std::uint8_t*>(line.data()), line.size()});
  });
}

std::string peer_of(const ssl::SSLObject& end) {
  const auto cert = end.getpeercert();
  return cert ? peercert::to_python_repr(*cert) : "None";
}

/// Hexadecimal; why there is none.
std::string binding_of(const ssl::SSLObject& end) try {
  const auto binding = end.get_channel_binding();
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t octet : binding.value()) {
    text += {kDigits[octet >> 4], kDigits[octet & 15]};
  }
  return text;
} catch (const ssl::ValueError&) {
  return "ValueError";
}

/// The server says "world" and then the client "hello".
void converse(Carrier& carrier, ssl::SSLObject& end, const Task& task) {
  const bool asks_later = task.server && task.words.contains("pha");
  tell("peer", peer_of(end));
  if (asks_later) end.verify_client_post_handshake();
  if (task.server) write_line(carrier, end, "world");
  tell("read", read_line(carrier, end));
  if (!task.server) write_line(carrier, end, "hello");
  if (asks_later) tell("peer", peer_of(end));
}

std::optional<ssl::SSLSession> run_once(Carrier& carrier, const Task& task,
                                        const ssl::SSLContext& context,
                                        const std::optional<ssl::SSLSession>& session) {
  ssl::BioOptions options{.server_side = task.server, .session = session};
  if (!task.server) options.server_hostname = task.host;
  ssl::SSLObject end = carrier.connect(context, options);
  carrier.finish([&] { return end.do_handshake(), true; });
  tell("version", *end.version());
  tell("cipher", end.cipher()->name);
  tell("reused", end.session_reused() ? "True" : "False");
  if (task.words.contains("binding")) tell("binding", binding_of(end));
  converse(carrier, end, task);
  const std::optional<ssl::SSLSession> next = end.session();
  carrier.finish([&] { return end.unwrap(), true; });
  return next;
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc < 4) {
    std::fputs("usage: tls_end client|server FOLDER 1.2|1.3 [WORD...]\n", stderr);
    return 2;
  }
  const Task task = parse(argc, argv);
  ssl::SSLContext context = make_context(task, task.server ? "server" : "client");
  if (task.server && task.words.contains("sni")) {
    const auto other = std::make_shared<const ssl::SSLContext>(make_context(task, "other"));
    context.set_sni_callback(
        [other](ssl::SSLConnection& connection, std::optional<std::string_view> name) {
          tell("name", std::string(name.value_or("None")));
          if (name == "other.example.test") connection.set_context(*other);
          return std::nullopt;
        });
  }
  Carrier carrier;  // of both connections: it may hold the start of the second already
  const auto session = run_once(carrier, task, context, std::nullopt);
  if (task.words.contains("resume")) {
    run_once(carrier, task, context, task.server ? std::nullopt : session);
  }
  return 0;
} catch (const ssl::SSLError& error) {
  tell("error", error.reason());
  return 1;
} catch (const std::exception& error) {
  tell("error", error.what());
  return 1;
}
