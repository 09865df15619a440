// SPDX-License-Identifier: Apache-2.0
// What a job has to find as it was to go on where it ended.
#pragma once

#include <cstdint>
#include <optional>

#include <peercert/scan/scan_job.hpp>

#include "scan/job/writer.hpp"

namespace peercert::scan {

/// What the records of a job depend on, by the names of the options' members: values, and digests
/// of what files hold. The key to present and its password are not among it: the key has to fit the
/// certificate, and nothing of either is written down. Nor is a value that is empty. Throws
/// std::invalid_argument for a file whose contents cannot be compared, and std::system_error.
NamedTexts identity_of(const ScanJobOptions& options);

/// Where the same job ended, or its beginning; nullopt if the options want no state. Throws
/// StateError if the state is of another one, and as identity_of() and load_checkpoint().
std::optional<CheckpointFile> load_state(const ScanJobOptions& options);

/// Whether targets are finished that an input of so many does not have.
bool reaches_beyond(const FinishedTargets& finished, std::uint64_t num_targets);

}  // namespace peercert::scan
