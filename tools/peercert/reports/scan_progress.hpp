// SPDX-License-Identifier: Apache-2.0
// How a scan goes: a line on a terminal while it runs, and a summary at its end.
#pragma once

#include <string>

#include <peercert/scan/figures.hpp>

namespace peercert::tool {

/// "12,345 done, 870/s, 1,000 in flight, 9,000 verified, 2,100 timeout, 3 min left".
std::string progress_line(const scan::ScanFigures& figures);

/// Some lines: how many of what, and how long it took.
std::string summary(const scan::ScanFigures& figures);

}  // namespace peercert::tool
