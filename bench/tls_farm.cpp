// SPDX-License-Identifier: Apache-2.0
// Servers of many kinds on the loopback device, for scans to meet:
//
//     tls_farm ROOT_FILE KIND...
//
// writes the trust anchor's PEM to ROOT_FILE, one line "KIND PORT" for each to standard output, and
// serves until standard input ends. Every certificate is for 127.0.0.1 and localhost.
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <exception>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <peercert/ssl/ssl.hpp>

#include "testing/private_ca.hpp"

using namespace peercert;
using namespace std::chrono_literals;
using Behaviour = std::function<void(ssl::Socket)>;

namespace {

constexpr int kBacklog = 4096;
// Servers are at all of its addresses, 127.0.0.0/8.
constexpr const char* kLoopbackDevice = "lo";
// Of each kind, each with one connection at a time: few would have the others wait for a busy
// client until it gives up.
constexpr int kThreads = 32;
// Of the kinds many-*: a scan of so many targets finds no certificate twice.
constexpr int kManyLeaves = 10'000;

void send_text(const ssl::Socket& socket, std::string_view text) {
  ::send(socket.fileno(), text.data(), text.size(), MSG_NOSIGNAL);
}
/// Reads until the client leaves.
void wait_for_end(int fd) {
  std::array<char, 4096> octets{};
  while (::recv(fd, octets.data(), octets.size(), 0) > 0) continue;
}

/// A root, what it has issued, and contexts that present that.
class Pki {
 public:
  std::string root_pem() const { return rsa_root_.certificate_pem() + ec_root_.certificate_pem(); }

  /// As servers that have so many certificates in all, of the same key.
  static Behaviour tls(const ssl::Credential& leaf, ssl::TLSVersion version, int num_leaves = 1) {
    const auto contexts = std::make_shared<std::vector<ssl::SSLContext>>();
    contexts->push_back(context_of(leaf, version));
    const ssl::CertificateOptions options = Pki::leaf({});
    while (std::ssize(*contexts) < num_leaves) {
      contexts->push_back(context_of(leaf.renew(options), version));
    }
    return [contexts, next = std::make_shared<std::atomic<std::size_t>>()](ssl::Socket socket) {
      const ssl::SSLContext& context = contexts->at((*next)++ % contexts->size());
      const ssl::SSLSocket tls = context.wrap_socket(std::move(socket), {.server_side = true});
      wait_for_end(tls.fileno());
    };
  }

  /// RSA-2048 under RSA-2048.
  ssl::Credential rsa() const { return rsa_ca_.issue(leaf(ssl::KeyType::rsa2048)); }
  /// P-256 under P-384.
  ssl::Credential ec() const { return ec_ca_.issue(leaf(ssl::KeyType::p256)); }
  ssl::Credential expired() const {
    ssl::CertificateOptions options = leaf(ssl::KeyType::p256);
    options.not_after = ssl::CertificateOptions::today() - std::chrono::days(1);
    options.not_before = options.not_after - std::chrono::days(90);
    return ec_ca_.issue(options);
  }
  static ssl::Credential self_signed() {
    return ssl::Credential::self_signed(leaf(ssl::KeyType::p256));
  }

 private:
  static ssl::CertificateOptions leaf(ssl::KeyType type) {
    return {.key_type = type,
            .subject = {{"CN", "localhost"}},
            .subject_alt_name = {"DNS:localhost", "IP:127.0.0.1"}};
  }
  static ssl::SSLContext context_of(const ssl::Credential& leaf, ssl::TLSVersion version) {
    ssl::SSLContext context(ssl::Protocol::tls_server);
    context.load_cert_chain_data(leaf.chain_pem(), leaf.private_key_pem());
    context.set_minimum_version(version);
    context.set_maximum_version(version);
    context.set_num_tickets(0);
    return context;
  }

  ssl::Credential rsa_root_ = ssl::Credential::root_ca("Farm RSA Root", ssl::KeyType::rsa2048);
  ssl::Credential rsa_ca_ = rsa_root_.issue({.key_type = ssl::KeyType::rsa2048,
                                             .subject = {{"CN", "Farm RSA Intermediate"}},
                                             .ca = true});
  ssl::Credential ec_root_ = ssl::Credential::root_ca("Farm EC Root", ssl::KeyType::p384);
  ssl::Credential ec_ca_ = ec_root_.issue(
      {.key_type = ssl::KeyType::p384, .subject = {{"CN", "Farm EC Intermediate"}}, .ca = true});
};

void drip(const ssl::Socket& socket) {
  // The beginning of a record that would be valid, as far as it goes.
  for (const char c : std::string("\x16\x03\x03\x20\x00\x02\x00\x20\x00", 9)) {
    send_text(socket, {&c, 1});
    std::this_thread::sleep_for(100ms);
  }
  wait_for_end(socket.fileno());
}

Behaviour says(std::string text) {
  return [text = std::move(text)](const ssl::Socket& socket) {
    send_text(socket, text);
    wait_for_end(socket.fileno());
  };
}

void reset(ssl::Socket socket) {
  constexpr linger kAtOnce{1, 0};
  ::setsockopt(socket.fileno(), SOL_SOCKET, SO_LINGER, &kAtOnce, sizeof kAtOnce);
  socket.close();
}

/// The kinds that take a connection, and answer it.
Behaviour behaviour(const std::string& kind, const Pki& pki) {
  using ssl::TLSVersion;
  const std::map<std::string, std::function<Behaviour()>> known = {
      {"rsa-1.3", [&] { return Pki::tls(pki.rsa(), TLSVersion::tls1_3); }},
      {"rsa-1.2", [&] { return Pki::tls(pki.rsa(), TLSVersion::tls1_2); }},
      {"ec-1.3", [&] { return Pki::tls(pki.ec(), TLSVersion::tls1_3); }},
      {"ec-1.2", [&] { return Pki::tls(pki.ec(), TLSVersion::tls1_2); }},
      {"many-rsa-1.3", [&] { return Pki::tls(pki.rsa(), TLSVersion::tls1_3, kManyLeaves); }},
      {"many-rsa-1.2", [&] { return Pki::tls(pki.rsa(), TLSVersion::tls1_2, kManyLeaves); }},
      {"many-ec-1.3", [&] { return Pki::tls(pki.ec(), TLSVersion::tls1_3, kManyLeaves); }},
      {"expired", [&] { return Pki::tls(pki.expired(), TLSVersion::tls1_3); }},
      {"self-signed", [] { return Pki::tls(Pki::self_signed(), TLSVersion::tls1_3); }},
      {"reset", [] { return reset; }},
      {"plain-text", [] { return says("220 mail.example ESMTP\r\n"); }},
      {"garbage", [] { return says(std::string(512, '\x8f')); }},
  };
  return known.at(kind)();
}

/// Serves one connection after the other.
void serve(const ssl::Socket& listener, const Behaviour& treat) {
  for (;;) {
    try {
      treat(listener.accept());
    } catch (const std::exception&) {
      continue;  // the client has seen enough
    }
  }
}
/// Each connection in a thread of its own, as they take long. Those for which there is no
/// descriptor wait in the backlog.
void serve_at_once(const ssl::Socket& listener, const Behaviour& treat) {
  for (;;) {
    try {
      std::thread(treat, listener.accept()).detach();
    } catch (const std::exception&) {
      std::this_thread::sleep_for(100ms);
    }
  }
}

/// A socket at a port that the system chooses.
ssl::Socket bind_to(in_addr_t host, const char* device = nullptr) {
  ssl::Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  // Linux leaves it to everybody since 5.7. All of 127.0.0.0/8 is on one device.
  if (device != nullptr && ::setsockopt(socket.fileno(), SOL_SOCKET, SO_BINDTODEVICE, device,
                                        static_cast<socklen_t>(std::strlen(device))) != 0) {
    host = INADDR_LOOPBACK;
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(host);
  if (::bind(socket.fileno(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::system_error(errno, std::generic_category(), "bind");
  }
  return socket;
}

std::uint16_t start(const std::string& kind, const Pki& pki) {
  // Sockets and behaviours live as long as the process. Where nobody listens nobody else may, not
  // even a client of ours, whose connection to its own port would succeed (RFC 9293, 3.5).
  auto* const listener = new ssl::Socket(kind == "refused" ? bind_to(INADDR_LOOPBACK)
                                                           : bind_to(INADDR_ANY, kLoopbackDevice));
  const std::uint16_t port = listener->getsockname().port;
  if (kind == "refused") return port;
  if (::listen(listener->fileno(), kBacklog) != 0) {
    throw std::system_error(errno, std::generic_category(), "listen");
  }
  if (kind == "silent" || kind == "slow") {
    static const Behaviour silent = [](const ssl::Socket& socket) {
      wait_for_end(socket.fileno());
    };
    static const Behaviour slow = drip;
    const Behaviour& treat = kind == "silent" ? silent : slow;
    std::thread(serve_at_once, std::cref(*listener), std::cref(treat)).detach();
  } else {
    auto* const treat = new Behaviour(behaviour(kind, pki));
    for (int i = 0; i < kThreads; ++i) {
      std::thread(serve, std::cref(*listener), std::cref(*treat)).detach();
    }
  }
  return port;
}

void raise_descriptor_limit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc < 3) throw std::invalid_argument("usage: tls_farm ROOT_FILE KIND...");
  raise_descriptor_limit();
  static const Pki pki;
  std::ofstream(argv[1]) << pki.root_pem();
  for (int i = 2; i < argc; ++i) std::printf("%s %d\n", argv[i], start(argv[i], pki));
  std::fflush(stdout);
  while (std::getchar() != EOF) continue;
  std::fflush(stdout);
  std::_Exit(0);  // threads still serve
} catch (const std::exception& error) {
  std::fprintf(stderr, "tls_farm: %s\n", error.what());
  return 2;
}
