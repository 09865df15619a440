// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace peercert::ssl {

/// All octets of a file, pipes included. Throws std::system_error whose text begins with the path.
std::string read_file(const std::filesystem::path& path);

}  // namespace peercert::ssl
