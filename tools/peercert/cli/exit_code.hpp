// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace peercert::tool {

/// The exit statuses of the program; docs/formats.md says the same to its users.
enum class ExitCode : std::uint8_t {
  ok = 0,
  not_verified = 1,   // a certificate was not verified
  usage = 2,          // the command line, or a file that an option names
  no_connection = 3,  // name, network, timeout
  tls_failed = 4,     // TLS failed for another reason
  undecodable = 5,    // not a certificate, or one that cannot be presented
  internal = 6,       // an output cannot be written, or memory ran out
  interrupted = 7,    // a signal ended it first
};

/// How far a status outranks others: a verdict on a peer tells more than a failure to reach one.
constexpr int rank(ExitCode code) noexcept {
  switch (code) {
    case ExitCode::ok: return 0;
    case ExitCode::no_connection: return 1;
    case ExitCode::tls_failed: return 2;
    case ExitCode::undecodable: return 3;
    case ExitCode::not_verified: return 4;
    case ExitCode::usage: return 5;
    case ExitCode::internal: return 6;
    case ExitCode::interrupted: return 7;
  }
  return 7;
}

/// The status of a run of which the parts ended with `a` and `b`.
constexpr ExitCode worse(ExitCode a, ExitCode b) noexcept { return rank(a) < rank(b) ? b : a; }

}  // namespace peercert::tool
