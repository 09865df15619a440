// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

// The version of the headers; CMakeLists.txt reads it from here. Semantic versioning 2.0.0.
#define PEERCERT_VERSION "0.1.0"

namespace peercert {

/// The version of the library that is linked, which may differ from PEERCERT_VERSION.
std::string_view version() noexcept;

}  // namespace peercert
