// SPDX-License-Identifier: Apache-2.0
#include "hostile/trial.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <sstream>
#include <thread>

#include <openssl/err.h>

#include "hostile/heap_use.hpp"
#include "support/tls_pair.hpp"

namespace peercert::hostile {

namespace {

using namespace std::chrono_literals;
using ssl::SSLSocket;

constexpr std::size_t kNumAtOnce = 8;
/// For the calls that are to meet their deadline. The others have more than enough of time.
constexpr std::chrono::milliseconds kShortTimeout = 300ms;

std::string name_of(const std::system_error& error) {
  const char* name = ::strerrorname_np(error.code().value());
  return std::string("OSError ") + (name != nullptr ? name : "?");
}

/// The exception that is being handled: its class and its reason.
std::string describe_exception(std::string& text) {
  try {
    throw;
  } catch (const ssl::SSLCertVerificationError& error) {
    text = error.what();
    return "SSLCertVerificationError " + error.verify_message();
  } catch (const ssl::SSLEOFError& error) {
    text = error.what();
    return "SSLEOFError";
  } catch (const ssl::SSLZeroReturnError& error) {
    text = error.what();
    return "SSLZeroReturnError";
  } catch (const ssl::SSLError& error) {
    text = error.what();
    return "SSLError " + error.reason();
  } catch (const ssl::TimeoutError& error) {
    text = error.what();
    return "TimeoutError";
  } catch (const std::system_error& error) {
    text = error.what();
    return name_of(error);
  }
}

void read_to_the_end(SSLSocket& socket) {
  std::array<std::uint8_t, 4096> into{};
  while (socket.read(into) > 0) continue;
}

/// Far more than the buffers between the two sides hold.
void write_much(SSLSocket& socket) {
  const std::vector<std::uint8_t> megabyte(1 << 20);
  for (int i = 0; i < 100; ++i) socket.write(megabyte);
}

/// After a failed handshake there is no peer to speak of, and nothing to mislead with.
std::string misleading(const SSLSocket& socket, const char* call) {
  if (ERR_peek_error() != 0) return ", and left an error in the queue";
  if (std::string_view(call) != "handshake") return "";
  try {
    static_cast<void>(socket.getpeercert());
    return ", and getpeercert() answered";
  } catch (const std::system_error& error) {
    return error.code() == std::errc::not_connected ? "" : ", and getpeercert() failed otherwise";
  } catch (const ssl::ValueError&) {
    return socket.version() ? ", and version() answered" : "";
  }
}

bool meets_deadline(const Case& tried, std::string_view call) {
  return tried.expected == std::string(call) + " TimeoutError";
}

void use(SSLSocket& socket, const Case& tried, const char*& call) {
  const auto begin = [&](const char* name) {
    call = name;
    socket.set_timeout(meets_deadline(tried, name) ? kShortTimeout : kPatience);
  };
  begin("handshake");
  socket.do_handshake();
  static_cast<void>(socket.getpeercert());
  switch (tried.then) {
    case Then::read: begin("read"); return read_to_the_end(socket);
    case Then::write: begin("write"); return write_much(socket);
    case Then::unwrap: begin("unwrap"); return static_cast<void>(socket.unwrap());
  }
}

Verdict converse(const Case& tried, ssl::Socket tcp) {
  Verdict verdict;
  const HeapPeak peak;
  {
    const bool server = tried.ours == Side::server;
    SSLSocket socket =
        our_context(tried.ours)
            .wrap_socket(std::move(tcp), {.server_side = server,
                                          .do_handshake_on_connect = false,
                                          .suppress_ragged_eofs = false,
                                          .server_hostname = server ? "" : "localhost"});
    const char* call = "";
    try {
      use(socket, tried, call);
      verdict.ending = std::string(call) + " end";
    } catch (const std::system_error&) {
      verdict.ending = std::string(call) + " " + describe_exception(verdict.text);
      verdict.ending += misleading(socket, call);
    }
  }
  verdict.heap_peak = peak.octets();
  return verdict;
}

void play(const Case& tried, ssl::Socket socket) {
  Wire wire(std::move(socket));
  try {
    tried.peer(wire);
  } catch (const PeerGone&) {
    // As it should be: our side gave up.
  }
}

bool is_expected(const Case& tried, const std::string& ending) {
  std::istringstream alternatives(tried.expected);
  for (std::string one; std::getline(alternatives, one, '|');) {
    if (one == ending) return true;
  }
  return false;
}

void expect_ending(const Case& tried, const Verdict& verdict) {
  SCOPED_TRACE((tried.ours == Side::client ? "our client, " : "our server, ") + tried.name);
  EXPECT_TRUE(is_expected(tried, verdict.ending))
      << verdict.text << "\n  expected: " << tried.expected << "\n  ended:    " << verdict.ending;
  EXPECT_LT(verdict.heap_peak, kMaxHeap);
  for (const char* useless :
       {"[SSL] unknown error", "[SSL] ASN1 lib", "A failure in the SSL library occurred"}) {
    EXPECT_FALSE(verdict.text.ends_with(useless)) << verdict.text;
  }
}

}  // namespace

const ssl::SSLContext& our_context(Side side) {
  static const ssl::SSLContext client = ssl::TestPki::shared().client_context();
  static const ssl::SSLContext server = [] {
    ssl::SSLContext context = ssl::TestPki::shared().server_context();
    context.set_verify_mode(ssl::VerifyMode::required);
    return context;
  }();
  return side == Side::client ? client : server;
}

Verdict run_case(const Case& tried) {
  ssl::SocketPair sockets = ssl::connect_sockets();
  std::jthread peer([&] { play(tried, std::move(sockets.server)); });
  return converse(tried, std::move(sockets.client));
}

void expect_endings(const std::vector<Case>& cases) {
  std::vector<Verdict> verdicts(cases.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < cases.size(); i = next++) verdicts[i] = run_case(cases[i]);
  };
  std::vector<std::jthread> workers;
  for (std::size_t i = 0; i < kNumAtOnce; ++i) workers.emplace_back(work);
  workers.clear();  // joins
  for (std::size_t i = 0; i < cases.size(); ++i) expect_ending(cases[i], verdicts[i]);
}

std::function<void(Wire&)> says(Side ours, Octets octets) {
  return [=](Wire& wire) {
    if (ours == Side::client) static_cast<void>(wire.receive_record());
    wire.send(octets);
    wire.drain();
  };
}

std::function<void(Wire&)> says_and_closes(Side ours, Octets octets) {
  return [=](Wire& wire) {
    if (ours == Side::client) static_cast<void>(wire.receive_record());
    wire.send(octets);
    wire.half_close();
    wire.drain();
  };
}

std::function<void(Wire&)> tampers(Side ours, std::uint16_t version, TlsPeer::Tamper tamper,
                                   Script afterwards) {
  return [=](Wire& wire) {
    TlsPeer peer(wire, peer_context(ours, version), tamper);
    peer.handshake();
    if (afterwards) afterwards(peer);
    wire.drain();
  };
}

std::function<void(Wire&)> afterwards(Side ours, std::uint16_t version, Script script) {
  return tampers(ours, version, pass, std::move(script));
}

void pass(TlsPeer& peer, const Plain& plain) { peer.send(plain); }

}  // namespace peercert::hostile
