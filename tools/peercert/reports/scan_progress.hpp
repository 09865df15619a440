// SPDX-License-Identifier: Apache-2.0
// How a scan goes: a line on a terminal while it runs, and a summary at its end.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "scan/job/writer.hpp"

namespace peercert::tool {

/// What is known at one moment.
struct ScanFigures {
  scan::RecordCounts records;
  std::size_t in_flight = 0;
  std::uint64_t bad_lines = 0;
  std::uint64_t read = 0, size = 0;  // octets of the input; its size is 0 where it is not known
  std::chrono::duration<double> elapsed{};
};

/// "12,345 done, 870/s, 1,000 in flight, 9,000 verified, 2,100 timeout, 3 min left".
std::string progress_line(const ScanFigures& figures);

/// Some lines: how many of what, and how long it took.
std::string summary(const ScanFigures& figures);

/// The same for Prometheus, in the text format 0.0.4. docs/scan.md lists the metrics.
std::string prometheus_text(const ScanFigures& figures);

}  // namespace peercert::tool
