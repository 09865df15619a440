// SPDX-License-Identifier: Apache-2.0
// One target: from its name to its records.
#pragma once

#include <memory>
#include <vector>

#include <asio/awaitable.hpp>

#include <peercert/scan/networks.hpp>
#include <peercert/scan/options.hpp>
#include <peercert/scan/record.hpp>

#include "scan/capture/observer.hpp"
#include "scan/loop/flight_limits.hpp"
#include "scan/loop/resolver.hpp"
#include "scan/loop/slot.hpp"

namespace peercert::scan {

/// What the probes of an event loop share, and all but the resolver with those of other loops. All
/// of it outlives them.
struct ProbeEnvironment {
  const ScanOptions& options;
  const ssl::ObserverContext& tls;
  const Networks& networks;
  FlightLimits& limits;
  Resolver& resolver;
};

/// Looks at a target, in the slot's memory. Gives one record, or where the options ask for all
/// addresses or mail hosts one for each. None only if the limits were closed while the target
/// waited for a place. Throws std::bad_alloc.
asio::awaitable<std::vector<Record>> probe(const ProbeEnvironment& environment, Slot& slot,
                                           const Target& target);

/// The context of the connections that the options describe. Throws what SSLContext's functions
/// throw for files and settings that cannot be used.
ssl::ObserverContext make_observer_context(const ScanOptions& options);

}  // namespace peercert::scan
