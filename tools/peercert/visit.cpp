// SPDX-License-Identifier: Apache-2.0
#include "visit.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <peercert/decode/read_files.hpp>
#include <peercert/ssl/error.hpp>
#include <peercert/ssl/socket.hpp>

namespace peercert::tool {
namespace {

using Clock = std::chrono::steady_clock;

std::chrono::milliseconds time_left(Clock::time_point deadline) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
  return std::max(left, std::chrono::milliseconds(1));  // zero would mean non-blocking
}

void connect_and_shake_hands(Visit& visit, const ssl::SSLContext& context,
                             std::chrono::milliseconds timeout) {
  const Clock::time_point deadline = Clock::now() + timeout;
  ssl::Socket tcp = ssl::create_connection(visit.target.host, visit.target.port, timeout);
  visit.address = tcp.getpeername();
  tcp.set_timeout(time_left(deadline));
  // The handshake is a step of its own, so that the socket outlives its failure: the chain as sent
  // can then still be read.
  visit.socket = context.wrap_socket(
      std::move(tcp), {.do_handshake_on_connect = false, .server_hostname = visit.server_hostname});
  visit.socket->do_handshake();
}

// Runs the connection and turns its exceptions, those of Python's ssl, into a Failure.
std::optional<Failure> try_visit(Visit& visit, const ssl::SSLContext& context,
                                 std::chrono::milliseconds timeout) try {
  connect_and_shake_hands(visit, context, timeout);
  return std::nullopt;
} catch (const ssl::SSLCertVerificationError& error) {
  visit.verify_message = error.verify_message();
  return Failure{Failure::Kind::not_verified,
                 "certificate verify failed: " + error.verify_message(), error.reason()};
} catch (const ssl::SSLError& error) {
  return Failure{Failure::Kind::tls, error.what(), error.reason()};
} catch (const ssl::TimeoutError& error) {
  return Failure{Failure::Kind::timeout, error.what(), {}};
} catch (const ssl::gaierror& error) {
  return Failure{Failure::Kind::resolve, error.code().message(), {}};
} catch (const ssl::ValueError& error) {
  return Failure{Failure::Kind::usage, error.what(), {}};
} catch (const std::system_error& error) {
  return Failure{visit.socket ? Failure::Kind::tls : Failure::Kind::connect, error.what(), {}};
}

}  // namespace

std::string_view to_string(Failure::Kind kind) {
  switch (kind) {
    case Failure::Kind::usage: return "usage";
    case Failure::Kind::resolve: return "resolve";
    case Failure::Kind::connect: return "connect";
    case Failure::Kind::timeout: return "timeout";
    case Failure::Kind::tls: return "tls";
    case Failure::Kind::not_verified: return "not_verified";
    case Failure::Kind::undecodable: return "undecodable";
  }
  return {};
}

ExitCode exit_code(Failure::Kind kind) {
  switch (kind) {
    case Failure::Kind::usage: return ExitCode::usage;
    case Failure::Kind::resolve:
    case Failure::Kind::connect:
    case Failure::Kind::timeout: return ExitCode::no_connection;
    case Failure::Kind::tls: return ExitCode::tls_failed;
    case Failure::Kind::not_verified: return ExitCode::not_verified;
    case Failure::Kind::undecodable: return ExitCode::undecodable;
  }
  return ExitCode::internal;
}

ssl::Verdict Visit::verdict() const {
  return identity ? identity->verdict() : ssl::Verdict::absent;
}

ssl::VerifyError Visit::objection() const {
  if (chain.empty()) return {};
  const std::vector<ssl::VerifyError>& errors = identity->errors();
  ssl::VerifyError first = errors.empty() ? ssl::VerifyError{.message = "ok"} : errors.front();
  if (!verify_message.empty()) first.message = verify_message;
  return first;
}

std::vector<Der> Visit::chain_of(ChainKind kind) const {
  if (kind == ChainKind::sent) return chain;
  const auto peer = identity ? identity->verified() : std::nullopt;
  return peer ? peer->chain().value_or(std::vector<Der>()) : std::vector<Der>();
}

ssl::Password read_password(const std::filesystem::path& file) {
  if (file.empty()) return {};
  const std::string text = decode::read_file(file.string());
  return text.substr(0, text.find_first_of("\r\n"));
}

ssl::SSLContext make_context(const GetOptions& options) {
  ssl::SSLContext context = ssl::create_default_context(
      ssl::Purpose::server_auth, {.cafile = options.cafile, .capath = options.capath});
  // A context that verifies nothing may not check host names either, in this order.
  context.set_check_hostname(options.check_hostname && options.verify != ssl::VerifyMode::none);
  context.set_verify_mode(options.verify);
  if (options.min_version) context.set_minimum_version(*options.min_version);
  if (options.max_version) context.set_maximum_version(*options.max_version);
  if (!options.alpn.empty()) context.set_alpn_protocols(options.alpn);
  if (!options.cert.empty()) {
    context.load_cert_chain(options.cert, options.key, read_password(options.password_file));
  }
  return context;
}

Visit visit(const ssl::SSLContext& context, const Target& target, const GetOptions& options) {
  Visit visit;
  visit.target = target;
  visit.server_hostname =
      options.servername.empty() ? target.server_hostname() : options.servername;
  visit.failure = try_visit(visit, context, options.timeout);
  if (!visit.socket) return visit;
  visit.identity = visit.socket->peer_identity();
  visit.chain = visit.identity->chain_sent().value_or(std::vector<Der>());
  return visit;
}

}  // namespace peercert::tool
