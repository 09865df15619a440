// SPDX-License-Identifier: Apache-2.0
// Very many connections at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include <peercert/scan/networks.hpp>
#include <peercert/scan/options.hpp>
#include <peercert/scan/record.hpp>

namespace peercert::scan {

/// Gives the next target, nullopt behind the last. Called by the thread that called run(), and may
/// wait as long as it likes: connections go on meanwhile.
using NextTarget = std::function<std::optional<Target>()>;

/// Takes all records of one target: there is at least one. Called by the scan's own threads
/// (ScanOptions::threads), by several of them at once, so that what it shares needs a lock; and the
/// connections of its thread stand still until it returns, so that it must not wait.
using Deliver = std::function<void(std::vector<Record>)>;

/// Looks at targets, many at a time, and at those of their addresses that the networks permit: a
/// name may lead anywhere. What goes wrong with a target is its record, and the others go on.
/// Leaves the process as it is: signals, which its threads do not handle, limits of descriptors,
/// OpenSSL's default library context.
class Scanner {
 public:
  /// Throws ssl::ValueError for options that contradict each other, std::runtime_error for name
  /// servers that are none and if RLIMIT_NOFILE leaves no descriptor for a connection, and what
  /// SSLContext's functions throw for files that cannot be used.
  explicit Scanner(ScanOptions options, Networks networks = {});
  Scanner(const Scanner&) = delete;
  Scanner& operator=(const Scanner&) = delete;
  /// Not while run() runs.
  ~Scanner();

  /// Looks at every target; returns once all their records are delivered, or after abandon(), with
  /// no thread left. To be called once. Throws what `next` and `deliver` throw, with what is then
  /// in flight abandoned, and std::system_error if no thread can be started.
  void run(const NextTarget& next, const Deliver& deliver);

  /// Has run() begin no more targets, and end once those in flight are done, within
  /// ScanOptions::limits.total. Those that wait for a place (ScanOptions::per_address, per_network)
  /// are given up, and get no record. From any thread, and from `deliver`; a `next` that waits is
  /// waited for.
  void stop() noexcept;
  /// Has run() end at once: targets in flight get no record. Otherwise as stop().
  void abandon() noexcept;

  /// How many targets are in flight at most: ScanOptions::concurrency, or as many as there were
  /// descriptors for when the scanner was made.
  std::size_t concurrency() const noexcept;

  /// Targets that are being looked at now. From any thread.
  std::size_t in_flight() const noexcept;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace peercert::scan
