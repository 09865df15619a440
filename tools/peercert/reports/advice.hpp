// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "visit.hpp"

namespace peercert::tool {

/// What a person may type or do next after a visit that failed; empty if there is nothing to say.
std::string advice(const Visit& visit);

}  // namespace peercert::tool
