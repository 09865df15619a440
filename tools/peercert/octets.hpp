// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include <peercert/base/result.hpp>

namespace peercert::tool {

/// Octets for an interface that takes characters.
inline std::string_view as_text(Bytes octets) {
  return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}

}  // namespace peercert::tool
