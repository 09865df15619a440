// SPDX-License-Identifier: Apache-2.0
// One use for each file of a job.
#pragma once

#include <peercert/scan/scan_job.hpp>

namespace peercert::scan {

/// What a job reads, and all that it writes, are different files: it would destroy one of two, or
/// write one record into the midst of another. A file is a device and an inode, whatever its names.
/// Throws std::invalid_argument whose text begins with the name of a file that has two uses. Opens
/// and makes none.
void refuse_second_uses(const ScanJobOptions& options);

}  // namespace peercert::scan
