// SPDX-License-Identifier: Apache-2.0
// What a scan has to find as it was to go on where it ended.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <peercert/scan/networks.hpp>

#include "cli/scan_options.hpp"
#include "scan/job/writer.hpp"

namespace peercert::tool {

/// What the files of --allow and --deny hold. They may be pipes, and are read once.
struct NetworkTexts {
  std::vector<std::string> allowed, denied;
};

/// Throws std::system_error whose text begins with the file's name.
NetworkTexts read_network_files(const ScanOptions& options);
/// Throws std::invalid_argument whose text begins with the file's name.
scan::Networks parse_networks(const ScanOptions& options, const NetworkTexts& texts);

/// Where the scan of the same command ended, or its beginning; nullopt if the options want no
/// state. It is the same command if the options on which records depend are, and the contents of
/// the files that they name. Throws std::invalid_argument if it is not, and where contents cannot
/// be compared; and as load_checkpoint().
std::optional<scan::CheckpointFile> load_state(const ScanOptions& options,
                                               const NetworkTexts& texts);

/// Whether targets are finished that an input of so many does not have.
bool reaches_beyond(const scan::FinishedTargets& finished, std::uint64_t num_targets);

}  // namespace peercert::tool
