// SPDX-License-Identifier: Apache-2.0
// One connection to one target, and what came of it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <peercert/peer/peer_cert.hpp>
#include <peercert/ssl/context.hpp>
#include <peercert/ssl/peer_identity.hpp>
#include <peercert/ssl/ssl_socket.hpp>

#include "cli/exit_code.hpp"
#include "cli/options.hpp"

namespace peercert::tool {

/// Why a visit did not end well.
struct Failure {
  enum class Kind : std::uint8_t {
    usage,
    resolve,
    connect,
    timeout,
    tls,
    not_verified,
    undecodable
  };
  Kind kind = Kind::tls;
  std::string message;
  std::string reason;  // OpenSSL's reason ("WRONG_VERSION_NUMBER"); empty if it is not one of TLS
};

std::string_view to_string(Failure::Kind kind);
ExitCode exit_code(Failure::Kind kind);

struct Visit {
  Target target;
  std::string server_hostname;
  std::optional<ssl::SocketAddress> address;  // once connected
  std::optional<ssl::SSLSocket> socket;       // once connected; also after a failed handshake
  std::optional<ssl::PeerIdentity> identity;  // once connected
  std::vector<Der> chain;                     // as the server sent it, leaf first
  std::string verify_message;  // Python's, if it was refused: names the host that it is not for
  std::optional<Failure> failure;

  ssl::Verdict verdict() const;
  /// What verification objects to first, whether it was asked for or not; its code is 0 if to
  /// nothing.
  ssl::VerifyError objection() const;

  /// The chain that was asked for. That of verification is empty unless it succeeded: what OpenSSL
  /// has built until a failure proves nothing.
  std::vector<Der> chain_of(ChainKind kind) const;
};

/// The first line of a file; none if there is no file. Throws std::system_error whose text is its
/// name.
ssl::Password read_password(const std::filesystem::path& file);

/// The context that the options describe. Throws std::system_error and its children for files that
/// cannot be used.
ssl::SSLContext make_context(const GetOptions& options);

/// Connects and runs the handshake within the options' timeout. Failures are part of the answer.
Visit visit(const ssl::SSLContext& context, const Target& target, const GetOptions& options);

}  // namespace peercert::tool
