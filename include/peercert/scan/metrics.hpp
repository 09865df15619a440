// SPDX-License-Identifier: Apache-2.0
// The figures of a scan for Prometheus.
#pragma once

#include <string>

#include <peercert/scan/figures.hpp>

namespace peercert::scan {

/// The figures in Prometheus' text format 0.0.4. docs/scan.md, "Metrics", lists them. A
/// http::MetricsServer can serve them.
std::string prometheus_text(const ScanFigures& figures);

}  // namespace peercert::scan
