// SPDX-License-Identifier: Apache-2.0
// Files that no symbolic link of somebody else redirects. What holds for the last name of a path
// cannot hold for its folders: whoever may write to a folder decides what its names are.
#pragma once

#include <optional>
#include <string>

#include "scan/outputs/descriptor.hpp"

namespace peercert::scan {

/// The path with its folder as realpath(3) has it: one text for all spellings. The last name stays
/// as it is, also if it is a symbolic link.
std::string canonical_place(const std::string& path);

/// The number of an open descriptor of this process, where a path names one: /dev/fd/63,
/// /dev/stdout, or a symbolic link to it that follow_own_links() has followed.
std::optional<int> own_descriptor(const std::string& path);

/// Where the symbolic links at the end of a path lead; the path itself if it is none, and also if
/// there is nothing. Throws std::invalid_argument whose text begins with the path for a link that
/// belongs to neither this user nor root, and std::system_error.
std::string follow_own_links(const std::string& path);

/// Opens the regular file of this name (open(2)'s flags), or makes it if the flags say so, for its
/// owner alone. Throws std::invalid_argument for a symbolic link and for what is no regular file,
/// and std::system_error; their texts begin with the path.
Descriptor open_regular(const std::string& path, int flags);

/// Makes a file for its owner alone, to be written; what had the name is removed. Throws
/// std::system_error whose text begins with the path.
Descriptor make_new_file(const std::string& path);

}  // namespace peercert::scan
