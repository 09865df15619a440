// SPDX-License-Identifier: Apache-2.0
// How a scan looks at its targets.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <peercert/ssl/constants.hpp>
#include <peercert/ssl/context.hpp>

namespace peercert::scan {

/// Which addresses of a name are tried.
enum class AddressFamily : std::uint8_t { any, ipv4, ipv6 };

struct ResolverOptions {
  /// Addresses of name servers, with ":port" or "[v6]:port" where it is not 53. Empty: those of the
  /// system, and its hosts file.
  std::vector<std::string> servers{};
  AddressFamily family = AddressFamily::any;
};

/// How much of a connection is run, and what is made of it.
enum class ScanMode : std::uint8_t {
  verify,        // the whole handshake; the chain is validated, which decides nothing but a verdict
  no_verify,     // the whole handshake; the verdict is "unverified"
  present_only,  // until the server's Certificate: that it has the key is not proven
};

/// What each phase may take. The last bounds all of them, all attempts and the pauses between them
/// together. A limit over a year is a year, so that milliseconds::max() is none.
struct PhaseLimits {
  using Duration = std::chrono::milliseconds;
  Duration dns{5'000}, connect{5'000}, start_tls{10'000}, handshake{10'000}, total{30'000};
};

struct TlsOptions {
  ssl::VerifyLocations trust{};  // empty: the system's trust anchors
  std::optional<ssl::TLSVersion> minimum_version{}, maximum_version{};  // not set: all there are
  std::vector<std::string> alpn{};  // what to offer, the most wanted first; empty: no ALPN
  /// PEM files, to present to servers that ask for a certificate. Empty: none; a key that is in the
  /// certificate's file.
  std::filesystem::path certificate{}, key{};
  ssl::Password password{};  // of the key; asked by Scanner's constructor
  bool ocsp_staple = false;  // ask for one, and verify it
};

struct ScanOptions {
  ScanMode mode = ScanMode::verify;
  TlsOptions tls{};
  ResolverOptions resolver{};
  PhaseLimits limits{};

  /// Targets in flight, at least 1. Each takes a descriptor: they are fewer if RLIMIT_NOFILE does
  /// not allow as many, which Scanner::concurrency() tells.
  std::size_t concurrency = 1'000;
  /// Descriptors of RLIMIT_NOFILE that the scan leaves to the rest of the process.
  std::size_t reserved_descriptors = 16;
  unsigned threads = 0;  // event loops; 0: one for each processor
  double rate = 0;       // targets begun in a second; 0: as many as there can be
  /// Connections in flight to one address, and to one network (/24, /48), attempts to connect
  /// included. 0: not bounded. Who waits for others counts for `concurrency`; the wait is not part
  /// of limits.total, unless another attempt for the same target goes on meanwhile.
  unsigned per_address = 0, per_network = 0;

  unsigned retries = 0;  // how often a target is tried again after a failure that may pass
  std::chrono::milliseconds backoff{1'000};  // before the first of them; doubled for each other

  /// Of the addresses of a host that the networks permit so many are tried, from both families in
  /// turn: RFC 8305, 4. At least 1, at most 256.
  std::size_t max_addresses = 16;
  bool all_addresses = false;  // a record for each address of a host, and not for the first alone
  bool mail_hosts = false;     // targets are mail domains: a record for each of their MX hosts
};

}  // namespace peercert::scan
