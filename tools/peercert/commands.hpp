// SPDX-License-Identifier: Apache-2.0
// One function for each subcommand. They throw OutputError, and std::bad_alloc.
#pragma once

#include "cli/exit_code.hpp"
#include "cli/options.hpp"

namespace peercert::tool {

/// Connects to each target and shows whom it met.
ExitCode run_get(const GetOptions& options);

/// Decodes files of certificates, without a connection and without verification.
ExitCode run_decode(const DecodeOptions& options);

/// Says whether a certificate in a file is valid, without a connection.
ExitCode run_verify(const VerifyOptions& given);

#ifdef PEERCERT_HAS_SCAN
/// Looks at very many endpoints at once, and writes a record of each.
ExitCode run_scan(const ScanOptions& options);
#endif

/// Holds a mutual TLS conversation with itself and shows what getpeercert() gives on the way.
ExitCode run_demo();

}  // namespace peercert::tool
