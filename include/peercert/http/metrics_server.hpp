// SPDX-License-Identifier: Apache-2.0
// Figures of a running scan, for Prometheus.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace peercert::http {

/// Makes the page: text in Prometheus' exposition format 0.0.4. Called by the server's thread; if
/// it throws, the connection is closed without an answer.
using MetricsPage = std::function<std::string()>;

/// What the clients of a MetricsServer can take of it.
struct MetricsLimits {
  /// Connections at once. One more ends the oldest of those that are not being answered; if all
  /// are, the oldest.
  std::size_t clients = 64;
  std::chrono::milliseconds time{5'000};  // for a connection, from its first moment to its last
};

/// Answers GET and HEAD of /metrics over HTTP/1.1 (RFC 9112) with what a function gives at that
/// moment, from a thread of its own, until it is destroyed. A connection carries one request of at
/// most 8 KiB, and nobody waits for what another does or does not. There is no authentication:
/// listen on an address that only those reach who may read it.
class MetricsServer {
 public:
  /// `endpoint` is ADDRESS:PORT or [IPV6]:PORT; port 0 lets the system choose one. Throws
  /// ssl::ValueError if it is none, and std::system_error whose text begins with it if nothing can
  /// listen there.
  MetricsServer(const std::string& endpoint, MetricsPage page, const MetricsLimits& limits = {});
  MetricsServer(const MetricsServer&) = delete;
  MetricsServer& operator=(const MetricsServer&) = delete;
  ~MetricsServer();

  /// The one that it listens on.
  std::uint16_t port() const noexcept;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace peercert::http
