// SPDX-License-Identifier: Apache-2.0
#include <peercert/base/version.hpp>

namespace peercert {

std::string_view version() noexcept { return PEERCERT_VERSION; }

}  // namespace peercert
