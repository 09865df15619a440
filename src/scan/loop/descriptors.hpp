// SPDX-License-Identifier: Apache-2.0
// How many descriptors a scan may open.
#pragma once

#include <cstddef>

namespace peercert::scan {

/// How many descriptors the process may still open: RLIMIT_NOFILE less those that are open.
std::size_t num_free_descriptors();

}  // namespace peercert::scan
