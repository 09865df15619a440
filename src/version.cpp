// SPDX-License-Identifier: Apache-2.0
#include <peercert/version.hpp>

namespace peercert {

std::string_view version() noexcept { return PEERCERT_VERSION; }

}  // namespace peercert
