// SPDX-License-Identifier: Apache-2.0
// What a scan that was ended at any moment needs to go on: docs/scan.md, "Resuming".
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scan/job/finished_targets.hpp"

namespace peercert::scan {

/// Names and values, in an order that matters.
using NamedTexts = std::vector<std::pair<std::string, std::string>>;

struct Checkpoint {
  NamedTexts command{};  // the input and the options on which the records depend
  FinishedTargets finished{};
  NamedTexts outputs{};  // each sink's name and what its commit() gave when these were finished
};

/// Bytes of a state at most: some ten million targets that were finished before one that was not.
inline constexpr std::size_t kMaxCheckpointLen = std::size_t{1} << 28;

/// A file of lines, whose last one has the SHA-256 of those before it: what was cut off or changed
/// by mistake shows. Who changes it on purpose can make the digest, too.
std::string to_text(const Checkpoint& checkpoint);
/// What to_text() was made from. Throws std::invalid_argument, whose text begins with the name, for
/// any text that to_text() does not give, and where what it says cannot be.
Checkpoint parse_checkpoint(std::string_view text, const std::string& name);

/// The checkpoint in the file; nullopt if there is no file. A symbolic link is not followed. Throws
/// std::system_error, and as parse_checkpoint().
std::optional<Checkpoint> load_checkpoint(const std::string& path);
/// Replaces the file in one step: whoever reads it, and whenever this process or the power ends, it
/// is the old one or the new one. Only its owner can read it. Throws std::system_error whose text
/// begins with the name.
void save_checkpoint(const std::string& path, const Checkpoint& checkpoint);
/// Removes the file: there is nothing to go on with. Throws as save_checkpoint().
void remove_checkpoint(const std::string& path);

/// What differs between the command of a checkpoint and that of now, in a sentence; empty if
/// nothing does.
std::string difference(const NamedTexts& saved, const NamedTexts& now);

}  // namespace peercert::scan
