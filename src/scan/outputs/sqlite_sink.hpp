// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include <peercert/scan/outputs.hpp>

namespace peercert::scan {

/// A database with the tables runs, observations, a row for each record, and certificates, a row
/// for each distinct one. Each scan adds a run to it. Its commits are those of transactions: a scan
/// that was killed leaves it whole.
std::unique_ptr<Sink> make_sqlite_sink(const std::string& path, const OutputOptions& options);

}  // namespace peercert::scan
