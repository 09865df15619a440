// SPDX-License-Identifier: Apache-2.0
// Whether files hold what they held when a scan began.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "scan/outputs/descriptor.hpp"

namespace peercert::scan {

/// What digests of contents begin with.
inline constexpr std::string_view kContentDigest = "sha256:";

/// "sha256:" and, in hexadecimal, the SHA-256 of the SHA-256 of each MiB of the text.
std::string content_digest(std::string_view text);

/// The same of a regular file from where it is read next, which stays there; nullopt for all else,
/// which could be read but once. The path is for errors. Throws std::system_error.
std::optional<std::string> file_digest(const Descriptor& file, const std::string& path);
/// The same of the file with the path.
std::optional<std::string> file_digest(const std::filesystem::path& path);

/// The same of what OpenSSL finds in directories of hashed names (openssl-rehash(1)), with colons
/// between them: names and contents. Throws std::system_error.
std::string directory_digest(const std::string& directories);

}  // namespace peercert::scan
