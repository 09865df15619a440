// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <peercert/scan/outputs.hpp>

namespace peercert::scan {

/// Whether open_sink() makes a database of these. Throws nothing for a path that tells no format.
bool is_database(const std::string& path, const OutputOptions& options);

/// What the names of the files end in that are next to a database while a scan writes to it.
inline constexpr const char* kDatabaseEndings[] = {"-wal", "-shm", "-journal", ".lock"};

}  // namespace peercert::scan
